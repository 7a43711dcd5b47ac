#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/hash.h"

namespace dth {

// A stream of bytes that is pulled: from a GET on its way into a PUT, from memory, from a file.
// One reader; not thread-safe.
class Body {
 public:
  virtual ~Body() = default;

  // size() of a stream whose length only its end will tell (a chunked response).
  static constexpr std::uint64_t size_unknown = UINT64_MAX;

  // Bytes from the start to the end, whatever has been read; or size_unknown.
  virtual std::uint64_t size() const = 0;

  // The next bytes, at most about 1 MiB; an empty span is the end, and comes only after exactly
  // size() bytes: a stream that ends early fails with `unavailable`. The span is valid until the
  // next call.
  virtual Async<Result<Bytes>> next() = 0;

  // What next() would give, where that is at hand: then it is taken, and no coroutine is spent on
  // it. Nothing where it has to be waited for, or where a body does not say.
  virtual std::optional<Result<Bytes>> try_next() { return std::nullopt; }

  // Is it known that nothing follows what was handed out? Then that stays where it is until the
  // body goes, or is asked again.
  virtual bool is_at_end() const { return false; }

  // Starts again from the first byte where that is possible: false where it is not (a socket).
  virtual bool rewind() { return false; }
};

// Bytes that somebody else owns and keeps until the body is gone.
class BytesBody final : public Body {
 public:
  explicit BytesBody(Bytes bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Async<Result<Bytes>> next() override { co_return *try_next(); }
  std::optional<Result<Bytes>> try_next() override {
    const std::size_t length = std::min<std::size_t>(bytes_.size() - position_, 1 << 20);
    const Bytes piece = bytes_.subspan(position_, length);
    position_ += length;
    return piece;
  }
  bool rewind() override {
    position_ = 0;
    return true;
  }
  // All of it at once, for writers that can send head and body together.
  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::size_t position_ = 0;
};

// Reads a body to its end into memory, behind what was read of it before; fails with data_corrupted
// where that makes more than `size_max` bytes.
Async<Result<std::string>> read_all(Body& body, std::uint64_t size_max, std::string begun = {});

// Its first bytes, `size_max` at most; the rest is left unread.
Async<Result<std::string>> read_beginning(Body& body, std::uint64_t size_max);

}  // namespace dth
