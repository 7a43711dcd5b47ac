// An HTTP response's head and chunked body. However the bytes are cut into pieces, the outcome is the same; and of a head
// that Beast takes too, both say the same.
#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "fuzz/fuzz.h"
#include "net/chunk_decoder.h"
#include "net/header_text.h"
#include "net/response_parser.h"

using namespace dth;
using namespace dth::net;

namespace {

constexpr std::uint32_t header_size_max = 4096;
constexpr std::size_t decoded_size_max = 1 << 16;

struct Outcome {
  bool failed = false;
  bool head_done = false;
  int status = 0;
  std::string headers;
  bool keep_alive = false;
  std::uint64_t length = 0;
  ResponseParser::Framing framing = ResponseParser::Framing::none;
  std::string decoded;
  bool body_done = false;

  // A head or a body that does not end may be refused sooner or later, as the pieces come.
  bool means(const Outcome& other) const {
    if (!head_done && !other.head_done) return true;
    if (head_done != other.head_done || status != other.status || headers != other.headers || framing != other.framing) return false;
    return body_done == other.body_done && (!body_done || decoded == other.decoded);
  }
};

// Where lines are put together, each side has its own idea of the space between.
std::string without_folds(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank) text += c;
    else if (!text.ends_with(' ')) text += ' ';
  }
  return text;
}

// What Beast makes of a head.
class Oracle final : public boost::beast::http::basic_parser<false> {
  using ErrorCode = boost::beast::error_code;
  using Text = boost::beast::string_view;

 public:
  int status = 0;
  std::string headers;

 private:
  void on_request_impl(boost::beast::http::verb, Text, Text, int, ErrorCode&) override {}
  void on_response_impl(int code, Text, int, ErrorCode& failure) override { failure = {}, status = code; }
  void on_field_impl(boost::beast::http::field, Text name, Text value, ErrorCode& failure) override {
    failure = {};
    headers.append(name).append("=").append(without_folds(value)).append("\n");
  }
  void on_header_impl(ErrorCode& failure) override { failure = {}; }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, ErrorCode& failure) override { failure = {}; }
  std::size_t on_body_impl(Text body, ErrorCode&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, Text, ErrorCode& failure) override { failure = {}; }
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) override { return body.size(); }
  void on_finish_impl(ErrorCode& failure) override { failure = {}; }
};

// Feeds `text` in pieces of `piece` bytes, as a connection's buffer does: what was not taken comes again, with more.
Outcome parse(std::string_view text, std::size_t piece) {
  ResponseParser parser;
  parser.reset(false, header_size_max);
  Outcome outcome;
  std::size_t at = 0, end = 0;
  while (!parser.head_done() && (end < text.size() || at == 0)) {
    end = std::min(text.size(), end + piece);
    auto taken = parser.feed_head(as_bytes(text.substr(at, end - at)));
    if (taken.has_error()) {
      outcome.failed = true;
      return outcome;
    }
    fuzz::require(*taken <= end - at, "no more is taken than was given");
    at += *taken;
    if (end == text.size()) break;
  }
  outcome.head_done = parser.head_done();
  if (!outcome.head_done) return outcome;
  outcome.status = parser.status();
  outcome.framing = parser.framing();
  outcome.keep_alive = parser.keep_alive();
  outcome.length = parser.content_length();
  for (const HttpHeader& header : parser.take_headers()) {
    fuzz::require(header.value.find('\n') == header.value.npos, "a header's value is one line");
    fuzz::require(header.value == trimmed(header.value), "a header's value has no spaces around it");
    outcome.headers.append(header.name).append("=").append(without_folds(header.value)).append("\n");
  }
  if (outcome.framing != ResponseParser::Framing::chunked) return outcome;
  ChunkDecoder decoder;
  std::string space(decoded_size_max, '\0');
  std::span<std::byte> target = std::as_writable_bytes(std::span(space));
  for (;;) {
    auto taken = decoder.feed(as_bytes(text.substr(at, end - at)), &target);
    if (taken.has_error()) {
      outcome.failed = true;
      return outcome;
    }
    at += *taken;
    if (decoder.is_done() || target.empty() || end == text.size()) break;
    end = std::min(text.size(), end + piece);
  }
  outcome.decoded = space.substr(0, decoded_size_max - target.size());
  outcome.body_done = decoder.is_done();
  return outcome;
}

void compare(const Outcome& ours, std::string_view text) {
  Oracle oracle;
  oracle.header_limit(header_size_max);
  oracle.body_limit(boost::none);
  boost::beast::error_code failure;
  oracle.put(boost::asio::const_buffer(text.data(), text.size()), failure);
  if (failure || !oracle.is_header_done() || !ours.head_done) return;
  fuzz::require(ours.status == oracle.status, "Beast read the same status");
  fuzz::require(ours.headers == oracle.headers, "Beast read the same headers");
  const bool has_length = oracle.content_length().has_value();
  if (!oracle.is_done()) {
    using Framing = ResponseParser::Framing;
    const Framing framing = oracle.chunked() ? Framing::chunked : has_length ? Framing::length : Framing::until_close;
    fuzz::require(ours.framing == framing, "Beast sees the body framed alike");
    fuzz::require(framing != Framing::length || ours.length == *oracle.content_length(), "Beast read the same length");
  } else {
    fuzz::require(ours.framing == ResponseParser::Framing::none, "Beast sees no body either");
  }
  fuzz::require(!ours.keep_alive || oracle.keep_alive(), "no connection is kept that Beast would not keep");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = fuzz::as_text(data + 1, size - 1);
  const Outcome whole = parse(text, text.size() + 1);
  const Outcome pieces = parse(text, data[0] + std::size_t{1});
  fuzz::require(whole.means(pieces), "pieces mean what the whole means");
  compare(whole, text);
  return 0;
}
