// The bytes of one connection to the server: requests, one after the other. However they are cut
// into pieces, the same requests are understood, and the same are refused; what is understood can
// mean one thing only.
#include <algorithm>

#include "base/ascii.h"
#include "base/encoding.h"
#include "fuzz/fuzz.h"
#include "net/header_text.h"
#include "net/server/request_parser.h"
#include "net/server/request_target.h"

using namespace dth;
using namespace dth::net;

namespace {

constexpr std::size_t head_bytes_max = 2048;
constexpr std::size_t body_bytes_max = 4096;
// What a connection's buffer holds beside the head.
constexpr std::size_t chunk_line_bytes_max = 16 * 1024;

struct Outcome {
  std::string understood;  // all of it, as text
  unsigned refused = 0;
  bool operator==(const Outcome&) const = default;
};

void check_head(const RequestHead& head) {
  fuzz::require(is_token(head.method), "a method is a token");
  std::size_t hosts = 0, lengths = 0, codings = 0;
  for (const auto& [name, value] : head.headers) {
    fuzz::require(is_token(name), "a name is a token");
    fuzz::require(is_header_value(value), "a value is one line");
    fuzz::require(trimmed(value) == value, "a value is trimmed");
    hosts += equals_ignoring_case(name, "Host");
    lengths += equals_ignoring_case(name, "Content-Length");
    codings += equals_ignoring_case(name, "Transfer-Encoding");
  }
  fuzz::require(hosts == 1 || (hosts == 0 && head.http_1_0), "one host");
  fuzz::require(lengths + codings <= 1, "one way to tell a body's end");
  fuzz::require(head.chunked == (codings == 1), "a coding is chunked");
  fuzz::require(lengths == 1 || head.content_length == 0, "a length is stated");
}

void check_target(const RequestHead& head) {
  const auto target = parse_request_target(head.target, head.method == "OPTIONS");
  if (!target || target->path == "*") return;
  const std::string& path = target->path;
  fuzz::require(path.starts_with('/'), "a path begins with a slash");
  fuzz::require((path + "/").find("/../") == path.npos, "a path does not climb");
  fuzz::require((path + "/").find("/./") == path.npos, "a path does not stand still");
  fuzz::require(path.find('\\') == path.npos, "a path has no backslash");
  fuzz::require(is_valid_utf8(path), "a path is UTF-8");
  fuzz::require_printable(path, "a path can be printed");
  fuzz::require_printable(target->query, "a query can be printed");
}

// The connection's bytes as they come.
struct Input {
  std::string_view text;
  std::size_t piece;
  std::size_t begin = 0, end = 0;
  std::string_view bytes() const { return text.substr(begin, end - begin); }
  bool more() {
    if (end == text.size()) return false;
    end = std::min(text.size(), end + piece);
    return true;
  }
};

// False: refused, or the bytes end.
bool read_body(RequestParser& parser, const RequestHead& head, Input& input, Outcome& outcome) {
  std::string body;
  for (;;) {
    if (!head.chunked) {
      const std::size_t size =
          std::min<std::uint64_t>(input.bytes().size(), head.content_length - body.size());
      body += input.bytes().substr(0, size);
      input.begin += size;
      if (body.size() == head.content_length) break;
    } else {
      std::size_t taken = 0;
      if (const auto refusal = parser.feed_chunks(input.bytes(), &taken, &body, body_bytes_max)) {
        outcome.refused = refusal->status;
        return false;
      }
      fuzz::require(taken <= input.bytes().size(), "no more is taken than was given");
      fuzz::require(body.size() <= body_bytes_max, "a body has its bound");
      input.begin += taken;
      if (parser.body_done()) break;
      if (input.bytes().size() >= chunk_line_bytes_max) return false;
    }
    if (!input.more()) return false;
  }
  outcome.understood += body + "\n";
  return true;
}

bool read_request(RequestParser& parser, Input& input, Outcome& outcome) {
  parser.reset();
  RequestParser::Scan scan;
  for (;;) {
    scan = parser.scan_head(input.bytes());
    if (scan.refusal || scan.head_size > 0) break;
    if (!input.more()) return false;
  }
  RequestHead head;
  if (!scan.refusal) {
    fuzz::require(scan.head_size <= input.bytes().size() && scan.head_size <= head_bytes_max,
                  "a head is within what came");
    scan.refusal = parser.parse_head(input.bytes().substr(0, scan.head_size), &head);
    input.begin += scan.head_size;
  }
  if (scan.refusal) {
    outcome.refused = scan.refusal->status;
    return false;
  }
  check_head(head);
  check_target(head);
  outcome.understood += head.method + " " + head.target + (head.keep_alive ? " kept" : "") +
                        (head.expects_continue ? " expecting\n" : "\n");
  for (const auto& [name, value] : head.headers)
    outcome.understood.append(name).append("=").append(value).append("\n");
  if (head.content_length > body_bytes_max) {
    outcome.refused = 413;
    return false;
  }
  return read_body(parser, head, input, outcome);
}

Outcome serve(std::string_view text, std::size_t piece) {
  RequestParser parser(head_bytes_max);
  Input input{text, piece};
  Outcome outcome;
  while (read_request(parser, input, outcome)) {
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = fuzz::as_text(data + 1, size - 1);
  const Outcome whole = serve(text, text.size() + 1);
  fuzz::require(serve(text, data[0] + std::size_t{1}) == whole, "pieces mean what the whole means");
  return 0;
}
