#include "net/server/request_parser.h"

#include <algorithm>
#include <charconv>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "net/header_text.h"

namespace dth::net {
namespace {
namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

// Beast's grammar without its containers.
class HeadAndChunks final : public http::basic_parser<true> {
 public:
  RequestHead* head = nullptr;
  std::string* body = nullptr;
  std::size_t body_bytes_max = 0;
  std::size_t extension_bytes = 0;
  std::uint64_t chunk_left = 0;  // bytes of the present chunk; 0: a chunk's line comes next
  std::optional<RequestRefusal> refusal;

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code& failure) override {
    failure = {};
    head->method = std::string(method);
    head->target = std::string(target);
    head->http_1_0 = version == 10;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(http::field, string_view name, string_view value,
                     error_code& failure) override {
    failure = {};
    // Lines after the last chunk are read over: nothing that we serve needs them.
    if (!is_header_done()) head->headers.add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code& failure) override { failure = {}; }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& failure) override {
    failure = {};
  }
  std::size_t on_body_impl(string_view, error_code& failure) override {
    failure = http::error::unexpected_body;  // bodies with a length are not given to Beast
    return 0;
  }
  void on_chunk_header_impl(std::uint64_t size, string_view extension,
                            error_code& failure) override {
    failure = {};
    chunk_left = size;
    extension_bytes += extension.size();
    if (!extension.empty() && extension.front() != ';') {
      refuse({400, "space after a chunk's size"}, failure);
    } else if (extension_bytes > RequestParser::extension_bytes_max) {
      refuse({400, "too many chunk extensions"}, failure);
    } else if (size > body_bytes_max - body->size()) {
      refuse({413, "the body is longer than is taken here"}, failure);
    }
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code& failure) override {
    failure = {};
    body->append(piece.data(), piece.size());
    chunk_left -= piece.size();
    return piece.size();
  }
  void on_finish_impl(error_code& failure) override { failure = {}; }

  void refuse(RequestRefusal why, error_code& failure) {
    refusal = why;
    failure = http::error::bad_chunk;
  }
};

std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return length;
}

// How long the body is (RFC 9112, 6). Stricter than the standard where it leaves a choice.
std::optional<RequestRefusal> read_framing(RequestHead* head) {
  std::size_t lengths = 0, codings = 0, hosts = 0;
  std::string_view length, coding, host;
  for (const auto& [name, value] : head->headers) {
    if (equals_ignoring_case(name, "Content-Length")) ++lengths, length = value;
    if (equals_ignoring_case(name, "Transfer-Encoding")) ++codings, coding = value;
    if (equals_ignoring_case(name, "Host")) ++hosts, host = value;
  }
  if (hosts > 1 || (hosts == 0 && !head->http_1_0))
    return RequestRefusal{400, "one Host header is needed"};
  if (lengths > 0 && codings > 0) return RequestRefusal{400, "both a length and a transfer coding"};
  if (lengths > 1) return RequestRefusal{400, "more than one Content-Length"};
  if (lengths == 1) {
    const auto parsed = parse_length(length);
    if (!parsed) return RequestRefusal{400, "Content-Length is no number"};
    head->content_length = *parsed;
  }
  if (codings == 0) return std::nullopt;
  if (head->http_1_0) return RequestRefusal{400, "HTTP/1.0 has no transfer codings"};
  if (codings > 1) return RequestRefusal{400, "more than one Transfer-Encoding"};
  if (!equals_ignoring_case(coding, "chunked"))
    return RequestRefusal{501, "only the transfer coding chunked is known"};
  head->chunked = true;
  return std::nullopt;
}

// The version that the request line ends in; Beast knows 1.0 and 1.1 only, and does not tell others
// from nonsense.
std::optional<RequestRefusal> check_version(std::string_view head) {
  const std::string_view line = head.substr(0, head.find('\r'));
  const std::string_view version = line.substr(std::min(line.rfind(' '), line.size() - 1) + 1);
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_other = version.size() == 8 && version.starts_with("HTTP/") &&
                        is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
  if (is_other) return RequestRefusal{505, "HTTP/1.1 is spoken here"};
  return RequestRefusal{400, "no HTTP request"};
}

}  // namespace

struct RequestParser::Impl {
  std::optional<HeadAndChunks> parser;
};

// No chunk's line, with what must follow it, is shorter. Of a last chunk Beast 1.81 takes a shorter
// beginning once, and asserts when it comes again.
constexpr std::size_t chunk_line_bytes_min = 5;
constexpr std::size_t method_bytes_max = 32;

RequestParser::RequestParser(std::size_t head_bytes_max)
    : head_bytes_max_(head_bytes_max), impl_(std::make_unique<Impl>()) {}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  scanned_ = line_begin_ = lines_ = head_size_ = 0;
  after_cr_ = false;
  impl_->parser.reset();
}

RequestParser::Scan RequestParser::scan_head(std::string_view bytes) {
  const std::size_t end = std::min(bytes.size(), head_bytes_max_);
  while (scanned_ < end && head_size_ == 0) {
    if (const auto refusal = scan_byte(static_cast<unsigned char>(bytes[scanned_]), scanned_))
      return {0, refusal};
    ++scanned_;
  }
  if (head_size_ == 0 && bytes.size() >= head_bytes_max_) {
    if (lines_ == 0) return {0, RequestRefusal{414, "the request line is longer than is taken"}};
    return {0, RequestRefusal{431, "the header lines are longer than is taken"}};
  }
  return {head_size_, std::nullopt};
}

std::optional<RequestRefusal> RequestParser::scan_byte(unsigned char c, std::size_t at) {
  if (after_cr_) {
    if (c != '\n') return RequestRefusal{400, "a CR without LF"};
    return scan_line_end(at);
  }
  if (c == '\r') {
    after_cr_ = true;
    return std::nullopt;
  }
  if (c == '\n') return RequestRefusal{400, "an LF without CR"};
  if ((c < ' ' && c != '\t') || c == 0x7f)
    return RequestRefusal{400, "a control character in the head"};
  const bool begins = at == line_begin_;
  if (lines_ == 0) {
    if (c >= 0x80 || c == '\t') return RequestRefusal{400, "no HTTP request"};
    if (begins && !is_token({reinterpret_cast<const char*>(&c), 1}))
      return RequestRefusal{400, "no HTTP request"};
  } else if (begins && (c == ' ' || c == '\t')) {
    return RequestRefusal{400, "a folded header line"};
  }
  return std::nullopt;
}

std::optional<RequestRefusal> RequestParser::scan_line_end(std::size_t at) {
  after_cr_ = false;
  const bool is_empty = at == line_begin_ + 1;
  line_begin_ = at + 1;
  if (!is_empty) {
    if (++lines_ > header_count_max + 1)
      return RequestRefusal{431, "more header lines than are taken"};
  } else if (lines_ > 0) {
    head_size_ = at + 1;
  }
  // Else an empty line before the request: RFC 9112, 2.2.
  return std::nullopt;
}

std::optional<RequestRefusal> RequestParser::parse_head(std::string_view head,
                                                        RequestHead* result) {
  while (head.starts_with("\r\n")) head.remove_prefix(2);
  if (const auto refusal = check_version(head)) return refusal;
  HeadAndChunks& parser = impl_->parser.emplace();
  parser.header_limit(static_cast<std::uint32_t>(head_bytes_max_ + 1));
  parser.body_limit(boost::none);
  parser.head = result;
  // No method that anybody has registered is half as long, and it goes into logs.
  if (head.substr(0, method_bytes_max + 1).find(' ') == head.npos)
    return RequestRefusal{501, "the method is longer than any that is known"};
  while (!parser.is_header_done()) {
    error_code failure;
    head.remove_prefix(parser.put(boost::asio::const_buffer(head.data(), head.size()), failure));
    if (failure) return RequestRefusal{400, "no HTTP request"};
  }
  parser.head = nullptr;
  if (const auto refusal = read_framing(result)) return refusal;
  result->keep_alive = parser.keep_alive();
  const auto expected = result->headers.find("Expect");
  // A client of HTTP/1.0 does not know of 100: RFC 9110, 10.1.1.
  if (!expected || result->http_1_0) return std::nullopt;
  if (!equals_ignoring_case(*expected, "100-continue"))
    return RequestRefusal{417, "only 100-continue can be expected"};
  result->expects_continue = result->has_body();
  return std::nullopt;
}

std::optional<RequestRefusal> RequestParser::feed_chunks(std::string_view bytes, std::size_t* taken,
                                                         std::string* body,
                                                         std::size_t body_bytes_max) {
  HeadAndChunks& parser = *impl_->parser;
  parser.body = body;
  parser.body_bytes_max = body_bytes_max;
  *taken = 0;
  while (!parser.is_done() && *taken < bytes.size()) {
    if (parser.chunk_left == 0 && bytes.size() - *taken < chunk_line_bytes_min) break;
    error_code failure;
    const std::size_t used = parser.put(
        boost::asio::const_buffer(bytes.data() + *taken, bytes.size() - *taken), failure);
    *taken += used;
    if (failure == http::error::need_more) break;
    if (failure)
      return parser.refusal.value_or(RequestRefusal{400, "the chunked body is malformed"});
  }
  return std::nullopt;
}

bool RequestParser::body_done() const { return impl_->parser->is_done(); }

}  // namespace dth::net
