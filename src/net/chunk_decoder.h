#pragma once

#include <memory>

#include "base/body.h"

namespace dth::net {

// Takes a chunked body apart, fed piece by piece (RFC 9112, 7.1); does no I/O. Trailer lines are read over: nothing we ask
// for comes in them. Whoever feeds it bounds what it may leave over: a line of any length is waited for.
class ChunkDecoder {
 public:
  ChunkDecoder();
  ~ChunkDecoder();

  // Decodes `bytes` into `*target`, of which it cuts off what it filled. Returns how many bytes it took; the rest must be
  // given again with more behind it. data_corrupted for what is no chunked body.
  Result<std::size_t> feed(Bytes bytes, std::span<std::byte>* target);

  // Was the end of the body taken?
  bool is_done() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::net
