#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/server/http_server.h"

namespace dth::net {

// Why a request is not served. The connection it came on is closed afterwards: where it ends is not
// certain.
struct RequestRefusal {
  unsigned status = 400;
  std::string_view why;  // of static storage
};

struct RequestHead {
  std::string method;
  std::string target;
  bool http_1_0 = false;
  HttpHeaders headers;
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool keep_alive = false;
  bool expects_continue = false;

  bool has_body() const { return chunked || content_length > 0; }
};

// Understands a request's head and its chunked body (RFC 9112), fed piece by piece; does no I/O.
// Beast's grammar is behind it, and before it a scan of the raw bytes that refuses what two parsers
// might understand differently: bare CR or LF, control characters, folded lines, two lengths, a
// length beside a transfer coding, codings other than `chunked`.
class RequestParser {
 public:
  explicit RequestParser(std::size_t head_bytes_max);
  ~RequestParser();

  // Makes ready for the next request.
  void reset();

  struct Scan {
    std::size_t head_size = 0;  // 0: not yet complete
    std::optional<RequestRefusal> refusal;
  };
  // Looks for the end of the head, at the beginning of `bytes`; comes again with more behind the
  // same bytes where there is none. What cannot become a head is refused as soon as that is seen.
  Scan scan_head(std::string_view bytes);

  // `head` is as long as scan_head() said. Fills `*result`.
  std::optional<RequestRefusal> parse_head(std::string_view head, RequestHead* result);

  // Of a chunked body: decodes what it can of `bytes` onto `*body`, of at most `body_bytes_max`,
  // and tells how many it took; the rest comes again with more behind it. 413 for a longer body.
  std::optional<RequestRefusal> feed_chunks(std::string_view bytes, std::size_t* taken,
                                            std::string* body, std::size_t body_bytes_max);
  bool body_done() const;

  // More lines than this are refused.
  static constexpr std::size_t header_count_max = 100;
  // The extensions of all chunks of a body, in bytes; the empty chunk's lines, too, are within the
  // buffer's bound.
  static constexpr std::size_t extension_bytes_max = 1024;

 private:
  struct Impl;
  std::optional<RequestRefusal> scan_line_end(std::size_t at);
  std::optional<RequestRefusal> scan_byte(unsigned char c, std::size_t at);

  std::size_t head_bytes_max_;
  std::size_t scanned_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t lines_ = 0;  // that are not empty
  std::size_t head_size_ = 0;
  bool after_cr_ = false;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::net
