// An HTTP response's head and chunked body. However the bytes are cut into pieces, the outcome is
// the same.
#include <algorithm>

#include "fuzz/fuzz.h"
#include "net/client/response_parser.h"

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
  ResponseParser::Framing framing = ResponseParser::Framing::none;
  std::string decoded;
  bool body_done = false;

  // A head or a body that does not end may be refused sooner or later, as the pieces come.
  bool means(const Outcome& other) const {
    if (!head_done && !other.head_done) return true;
    if (head_done != other.head_done || status != other.status || headers != other.headers ||
        framing != other.framing)
      return false;
    return body_done == other.body_done && (!body_done || decoded == other.decoded);
  }
};

// Feeds `text` in pieces of `piece` bytes, as a connection's buffer does: what was not taken comes
// again, with more.
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
  for (const HttpHeader& header : parser.take_headers()) {
    fuzz::require(header.value.find('\n') == header.value.npos, "a header's value is one line");
    outcome.headers.append(header.name).append("=").append(header.value).append("\n");
  }
  if (outcome.framing != ResponseParser::Framing::chunked) return outcome;
  std::string space(decoded_size_max, '\0');
  std::span<std::byte> target = std::as_writable_bytes(std::span(space));
  for (;;) {
    auto taken = parser.feed_chunks(as_bytes(text.substr(at, end - at)), &target);
    if (taken.has_error()) {
      outcome.failed = true;
      return outcome;
    }
    at += *taken;
    if (parser.body_done() || target.empty() || end == text.size()) break;
    end = std::min(text.size(), end + piece);
  }
  outcome.decoded = space.substr(0, decoded_size_max - target.size());
  outcome.body_done = parser.body_done();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = fuzz::as_text(data + 1, size - 1);
  const Outcome whole = parse(text, text.size() + 1);
  const Outcome pieces = parse(text, data[0] + std::size_t{1});
  fuzz::require(whole.means(pieces), "pieces mean what the whole means");
  return 0;
}
