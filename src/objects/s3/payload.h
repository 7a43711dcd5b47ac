#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/body.h"
#include "cloud/aws/sigv4.h"

namespace dth::objects::s3 {

// A caller's body on its way out. Looks at the first piece ahead of time, so that a small body can
// be hashed, sent together with its head, and sent again; remembers why the source failed.
class OutgoingBody final : public Body {
 public:
  // A body up to this size is asked for ahead of its request.
  static constexpr std::uint64_t ahead_size_max = 1 << 20;

  explicit OutgoingBody(Body& source) : source_(source) {}

  // Asks for the first piece where the body is small. Afterwards whole() tells whether that was all
  // of it. try_: without a coroutine; nothing where that takes waiting.
  Async<Result<void>> look_ahead();
  std::optional<Result<void>> try_look_ahead();
  bool whole() const { return has_first_ && first_.size() == source_.size(); }
  Bytes first() const { return first_; }

  // After a whole body was sent from first(): the source must be at its end.
  Async<Result<void>> finish();
  std::optional<Result<void>> try_finish();

  std::uint64_t size() const override { return source_.size(); }
  Async<Result<Bytes>> next() override;
  std::optional<Result<Bytes>> try_next() override;
  bool rewind() override;

  // What the source failed with, if it did.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  std::optional<Result<Bytes>> try_pull();
  Async<Result<Bytes>> pull();
  Result<void> set_first(const Result<Bytes>& piece);
  Result<void> check_end(const Result<Bytes>& piece) const;
  Body& source_;
  Bytes first_;
  bool has_first_ = false;
  bool first_given_ = false;
  bool pulled_past_first_ = false;
  std::optional<Error> failure_;
};

// A body in the frames of STREAMING-AWS4-HMAC-SHA256-PAYLOAD. Chunks are chunk_size long but for
// the last, whatever the pieces of `source` are: the length on the wire has to be known ahead.
// Pieces of that size pass uncopied.
class ChunkSignedBody final : public Body {
 public:
  static constexpr std::size_t chunk_size = 1 << 20;

  ChunkSignedBody(Body& source, aws::ChunkSigner signer)
      : source_(source), first_signer_(signer), signer_(signer) {}

  std::uint64_t size() const override {
    return aws::ChunkSigner::encoded_size(source_.size(), chunk_size);
  }
  Async<Result<Bytes>> next() override;
  bool rewind() override;

 private:
  enum class Step { header, data, end };
  Async<Result<Bytes>> next_chunk();

  Body& source_;
  aws::ChunkSigner first_signer_, signer_;
  Step step_ = Step::header;
  Bytes piece_;  // what is left of the source's last piece
  Bytes chunk_;
  std::vector<std::byte> assembled_;  // a chunk put together from smaller pieces
  std::string frame_;
  bool first_chunk_ = true;
  std::uint64_t read_ = 0;
};

// Checks the length of a stream that does not know its own.
class ExactBody final : public Body {
 public:
  ExactBody(std::unique_ptr<Body> source, std::uint64_t size)
      : source_(std::move(source)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Async<Result<Bytes>> next() override;

 private:
  std::unique_ptr<Body> source_;
  std::uint64_t size_;
  std::uint64_t read_ = 0;
};

}  // namespace dth::objects::s3
