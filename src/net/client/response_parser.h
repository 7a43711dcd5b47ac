#pragma once

#include "base/body.h"
#include "net/client/http_client.h"

namespace dth::net {

// Understands a response's head, and a chunked body, fed piece by piece; does no I/O. One per
// connection, reused.
class ResponseParser {
 public:
  ResponseParser();
  ~ResponseParser();
  ResponseParser(ResponseParser&&) noexcept;

  // Makes ready for the next response. To `HEAD` no body follows whatever the headers say.
  // `header_size_max` bounds all lines together.
  void reset(bool is_head, std::uint32_t header_size_max);

  // Takes in what it can of `bytes` and returns how many it took; the rest must be given again with
  // more behind it. Of a head, it stops right behind the empty line. data_corrupted for what is not
  // HTTP or too long.
  Result<std::size_t> feed_head(Bytes bytes);
  bool head_begun() const;
  bool head_done() const;

  int status() const;
  HttpHeaders take_headers();
  bool keep_alive() const;

  enum class Framing { none, length, chunked, until_close };
  Framing framing() const;
  std::uint64_t content_length() const;  // where framing() is length

  // Decodes chunks from `bytes` into `*target`, of which it cuts off what it filled; returns how
  // many bytes it took.
  Result<std::size_t> feed_chunks(Bytes bytes, std::span<std::byte>* target);
  bool body_done() const;

 private:
  Result<std::size_t> feed_lines(Bytes bytes);
  Result<std::size_t> feed_mended(Bytes bytes, bool without_space);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::net
