#include "net/client/response_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "base/ascii.h"
#include "net/header_text.h"

namespace dth::net {
namespace {
namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

// Beast's grammar without its containers: header lines go straight to where the caller wants them.
class HeadAndChunks final : public http::basic_parser<false> {
 public:
  int status = 0;
  HttpHeaders headers;
  std::span<std::byte>* target = nullptr;
  std::uint64_t chunk_left = 0;  // bytes of the present chunk; 0: a chunk's line comes next

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int code, string_view, int, error_code& failure) override {
    failure = {};
    status = code;
  }
  void on_field_impl(http::field, string_view name, string_view value,
                     error_code& failure) override {
    failure = {};
    // Lines after the last chunk are read over: nothing we ask for comes in them.
    if (!is_header_done()) headers.push_back({name, value});
  }
  void on_header_impl(error_code& failure) override { failure = {}; }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& failure) override {
    failure = {};
  }
  std::size_t on_body_impl(string_view body, error_code& failure) override {
    return take(body, failure);
  }
  void on_chunk_header_impl(std::uint64_t size, string_view, error_code& failure) override {
    failure = {};
    chunk_left = size;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& failure) override {
    const std::size_t taken = take(body, failure);
    chunk_left -= taken;
    return taken;
  }
  void on_finish_impl(error_code& failure) override { failure = {}; }

  std::size_t take(string_view body, error_code& failure) {
    failure = {};
    const std::size_t length = std::min(body.size(), target->size());
    std::memcpy(target->data(), body.data(), length);
    *target = target->subspan(length);
    return length;
  }
};

Error not_http(const error_code& failure) {
  if (failure == http::error::bad_field) {
    return Error{ErrorCode::data_corrupted, ErrorReason::header_name,
                 "the answer is not valid HTTP; check that the endpoint speaks HTTP at this port",
                 failure.message()};
  }
  if (failure == http::error::header_limit) {
    return Error{ErrorCode::data_corrupted,
                 "the header lines of the answer are longer than is accepted", failure.message()};
  }
  return Error{ErrorCode::data_corrupted,
               "the answer is not valid HTTP; check that the endpoint speaks HTTP at this port",
               failure.message()};
}

constexpr std::size_t status_line_bytes = 12;  // "HTTP/1.1 200"

// Some servers leave out the reason phrase and the space before it, which RFC 9112 (4) asks for and
// Beast insists on.
bool lacks_space(Bytes head) {
  if (head.size() <= status_line_bytes || head[status_line_bytes] != std::byte{'\r'}) return false;
  return std::memcmp(head.data(), "HTTP/1.", 7) == 0 && head[8] == std::byte{' '};
}

// Metadata of an object, under a name that its store should not have taken: the rest of the head is
// good.
bool is_odd_metadata(std::string_view line) {
  constexpr std::string_view prefix = "x-amz-meta-";
  const std::size_t colon = line.find(':');
  return line.size() > prefix.size() &&
         equals_ignoring_case(line.substr(0, prefix.size()), prefix) && colon != line.npos &&
         !is_token(line.substr(0, colon)) && is_header_value(line);
}

// Takes such lines out of a head, which ends with its empty line.
HttpHeaders take_odd_metadata(std::string* head) {
  HttpHeaders taken;
  for (std::size_t at = head->find("\r\n"); at != head->npos;) {
    const std::size_t begin = at + 2, end = head->find("\r\n", begin);
    if (end == head->npos || end == begin) break;
    const std::string_view line = std::string_view(*head).substr(begin, end - begin);
    if (!is_odd_metadata(line)) {
      at = end;
      continue;
    }
    const std::size_t colon = line.find(':');
    taken.push_back({line.substr(0, colon), trimmed(line.substr(colon + 1))});
    head->erase(begin, line.size() + 2);
  }
  return taken;
}

}  // namespace

struct ResponseParser::Impl {
  std::optional<HeadAndChunks> parser;
  bool is_head = false;
  std::uint32_t header_size_max = 0;
  // Beast applies its limit to what it has not taken yet; this is for all lines together.
  std::size_t header_size_left = 0;
};

// No chunk's line, with what must follow it, is shorter. Of a last chunk Beast 1.81 takes a shorter
// beginning once, and asserts when it comes again.
constexpr std::size_t chunk_line_bytes_min = 5;

ResponseParser::ResponseParser() : impl_(std::make_unique<Impl>()) {}
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;

void ResponseParser::reset(bool is_head, std::uint32_t header_size_max) {
  HeadAndChunks& parser = impl_->parser.emplace();
  parser.header_limit(header_size_max);
  impl_->is_head = is_head;
  impl_->header_size_max = impl_->header_size_left = header_size_max;
  parser.body_limit(boost::none);
  parser.skip(is_head);
}

Result<std::size_t> ResponseParser::feed_head(Bytes bytes) {
  const bool without_space = lacks_space(bytes) && !head_done();
  if (!without_space) {
    auto taken = feed_lines(bytes);
    if (taken.has_value() || taken.error().reason != ErrorReason::header_name) return taken;
  }
  return feed_mended(bytes, without_space);
}

// What some servers do to heads, undone. Heads are taken whole or not at all, so that this one
// stands at its beginning each time.
Result<std::size_t> ResponseParser::feed_mended(Bytes bytes, bool without_space) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t end = text.find("\r\n\r\n");
  if (end == text.npos) {
    if (text.size() > impl_->header_size_max)
      return not_http(http::make_error_code(http::error::header_limit));
    return std::size_t{0};
  }
  std::string head(text.substr(0, end + 4));
  const std::size_t size = head.size();
  if (without_space) head.insert(status_line_bytes, 1, ' ');
  const HttpHeaders odd = take_odd_metadata(&head);
  reset(impl_->is_head, impl_->header_size_max);
  auto taken = feed_lines(as_bytes(head));
  if (taken.has_error()) return taken;
  for (const HttpHeader header : odd) impl_->parser->headers.push_back({header.name, header.value});
  return size;
}

Result<std::size_t> ResponseParser::feed_lines(Bytes bytes) {
  HeadAndChunks& parser = *impl_->parser;
  std::size_t taken = 0;
  while (!parser.is_header_done() && taken < bytes.size()) {
    error_code failure;
    const std::size_t used =
        parser.put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), failure);
    taken += used;
    if (used > impl_->header_size_left)
      return not_http(http::make_error_code(http::error::header_limit));
    impl_->header_size_left -= used;
    if (failure == http::error::need_more) break;
    if (failure) return not_http(failure);
  }
  // Which means a body of unknown size elsewhere.
  if (parser.is_header_done() && parser.content_length() == UINT64_MAX) {
    return not_http(http::make_error_code(http::error::bad_content_length));
  }
  return taken;
}

bool ResponseParser::head_begun() const { return impl_->parser->got_some(); }

bool ResponseParser::head_done() const { return impl_->parser->is_header_done(); }

int ResponseParser::status() const { return impl_->parser->status; }

HttpHeaders ResponseParser::take_headers() { return std::move(impl_->parser->headers); }

bool ResponseParser::keep_alive() const { return impl_->parser->keep_alive(); }

ResponseParser::Framing ResponseParser::framing() const {
  const HeadAndChunks& parser = *impl_->parser;
  if (parser.is_done()) return Framing::none;
  if (parser.chunked()) return Framing::chunked;
  return parser.content_length() ? Framing::length : Framing::until_close;
}

std::uint64_t ResponseParser::content_length() const {
  return impl_->parser->content_length().value_or(0);
}

Result<std::size_t> ResponseParser::feed_chunks(Bytes bytes, std::span<std::byte>* target) {
  HeadAndChunks& parser = *impl_->parser;
  parser.target = target;
  std::size_t taken = 0;
  while (!parser.is_done() && taken < bytes.size() && !target->empty()) {
    if (parser.chunk_left == 0 && bytes.size() - taken < chunk_line_bytes_min) break;
    error_code failure;
    const std::size_t used =
        parser.put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), failure);
    taken += used;
    if (failure == http::error::need_more) break;
    if (failure) return not_http(failure);
  }
  return taken;
}

bool ResponseParser::body_done() const { return impl_->parser->is_done(); }

}  // namespace dth::net
