#pragma once

#include <optional>

#include "base/error.h"
#include "base/hash.h"
#include "net/http_headers.h"

namespace dth::net {

// Understands a response's head (RFC 9112, 4 and 5), fed piece by piece; does no I/O. Lines are looked at where they lie.
// One per connection, reused.
class ResponseParser {
 public:
  // Makes ready for the next response. To `HEAD` no body follows whatever the headers say. `header_size_max` bounds
  // all lines together.
  void reset(bool is_head, std::uint32_t header_size_max);

  // Takes in what it can of `bytes` and returns how many it took; the rest must be given again with more behind it. It
  // stops right behind the empty line. data_corrupted for what is not HTTP/1, or too long.
  Result<std::size_t> feed_head(Bytes bytes);
  bool head_begun() const { return step_ != Step::status_line; }
  bool head_done() const { return step_ == Step::done; }

  // Of a head that is done.
  int status() const { return status_; }
  HttpHeaders take_headers() { return std::move(headers_); }
  bool keep_alive() const;  // as it says; that it ends with the connection says otherwise

  enum class Framing { none, length, chunked, until_close };
  Framing framing() const;
  std::uint64_t content_length() const { return content_length_.value_or(0); }  // where framing() is length

 private:
  enum class Step { status_line, fields, done };
  std::optional<Error> take_line(std::string_view line);
  std::optional<Error> take_status_line(std::string_view line);
  std::optional<Error> take_field(std::string_view line);
  std::optional<Error> heed(HttpHeader field);
  std::optional<Error> heed_length(std::string_view value);

  Step step_ = Step::status_line;
  bool is_head_ = false;
  std::size_t size_left_ = 0;  // of all lines
  std::size_t looked_at_ = 0;  // bytes of a line that has not ended, among which there is no end
  int status_ = 0;
  bool is_http_1_0_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool is_chunked_ = false;
  std::optional<std::uint64_t> content_length_;
  HttpHeaders headers_;
};

}  // namespace dth::net
