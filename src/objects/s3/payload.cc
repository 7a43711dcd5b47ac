#include "objects/s3/payload.h"

#include <algorithm>

namespace dth::objects::s3 {

std::optional<Result<Bytes>> OutgoingBody::try_pull() {
  auto piece = source_.try_next();
  if (piece && piece->has_error()) failure_ = piece->error();
  return piece;
}

Async<Result<Bytes>> OutgoingBody::pull() {
  auto piece = co_await source_.next();
  if (!piece) failure_ = piece.error();
  co_return piece;
}

std::optional<Result<void>> OutgoingBody::try_look_ahead() {
  if (has_first_ || source_.size() > ahead_size_max) return Result<void>();
  const auto piece = try_pull();
  return piece ? std::optional(set_first(*piece)) : std::nullopt;
}

Async<Result<void>> OutgoingBody::look_ahead() {
  if (auto at_hand = try_look_ahead()) co_return std::move(*at_hand);
  co_return set_first(co_await pull());
}

Result<void> OutgoingBody::set_first(const Result<Bytes>& piece) {
  if (!piece) return piece.error();
  first_ = *piece;
  has_first_ = true;
  return {};
}

std::optional<Result<void>> OutgoingBody::try_finish() {
  if (first_.empty()) return Result<void>();  // the empty piece was the end already
  const auto piece = try_pull();
  return piece ? std::optional(check_end(*piece)) : std::nullopt;
}

Async<Result<void>> OutgoingBody::finish() {
  if (auto at_hand = try_finish()) co_return std::move(*at_hand);
  co_return check_end(co_await pull());
}

Result<void> OutgoingBody::check_end(const Result<Bytes>& piece) const {
  if (!piece) return piece.error();
  if (piece->empty()) return {};
  return Error{ErrorCode::data_corrupted,
               "the source has more bytes than the " + std::to_string(size()) + " it announced",
               ""};
}

std::optional<Result<Bytes>> OutgoingBody::try_next() {
  if (has_first_ && !first_given_) {
    first_given_ = true;
    return first_;
  }
  auto piece = try_pull();
  if (piece) pulled_past_first_ = true;
  return piece;
}

Async<Result<Bytes>> OutgoingBody::next() {
  if (auto at_hand = try_next()) co_return std::move(*at_hand);
  pulled_past_first_ = true;
  co_return co_await pull();
}

bool OutgoingBody::rewind() {
  if (failure_) return false;
  if (!pulled_past_first_) {
    first_given_ = false;  // the first piece still stands in the source's buffer
    return true;
  }
  if (!source_.rewind()) return false;
  has_first_ = first_given_ = pulled_past_first_ = false;
  first_ = {};
  return true;
}

// The next chunk_size bytes, fewer at the end, none after it.
Async<Result<Bytes>> ChunkSignedBody::next_chunk() {
  assembled_.clear();
  for (;;) {
    if (piece_.empty()) {
      auto piece = co_await source_.next();
      if (!piece) co_return piece.error();
      piece_ = *piece;
      read_ += piece_.size();
      if (read_ > source_.size() || (piece_.empty() && read_ != source_.size())) {
        co_return Error{
            ErrorCode::data_corrupted,
            "the source has not the " + std::to_string(source_.size()) + " bytes it announced", ""};
      }
      if (piece_.empty()) break;
    }
    // Whole where it lies: a full chunk, or the very last bytes.
    if (assembled_.empty() && (piece_.size() >= chunk_size || read_ == source_.size())) {
      const Bytes chunk = piece_.first(std::min(piece_.size(), chunk_size));
      piece_ = piece_.subspan(chunk.size());
      co_return chunk;
    }
    const std::size_t length = std::min(piece_.size(), chunk_size - assembled_.size());
    assembled_.insert(assembled_.end(), piece_.begin(),
                      piece_.begin() + static_cast<std::ptrdiff_t>(length));
    piece_ = piece_.subspan(length);
    if (assembled_.size() == chunk_size) break;
  }
  co_return Bytes(assembled_);
}

Async<Result<Bytes>> ChunkSignedBody::next() {
  if (step_ == Step::end) co_return Bytes();
  if (step_ == Step::data) {
    step_ = Step::header;
    co_return chunk_;
  }
  auto chunk = co_await next_chunk();
  if (!chunk) co_return chunk.error();
  chunk_ = *chunk;
  frame_ = first_chunk_ ? "" : "\r\n";
  first_chunk_ = false;
  frame_ += signer_.header(chunk_);
  if (chunk_.empty()) frame_ += "\r\n";
  step_ = chunk_.empty() ? Step::end : Step::data;
  co_return as_bytes(frame_);
}

bool ChunkSignedBody::rewind() {
  if (!source_.rewind()) return false;
  signer_ = first_signer_;
  step_ = Step::header;
  piece_ = chunk_ = {};
  first_chunk_ = true;
  read_ = 0;
  return true;
}

Async<Result<Bytes>> ExactBody::next() {
  auto piece = co_await source_->next();
  if (!piece) co_return piece;
  read_ += piece->size();
  if (read_ > size_) {
    co_return Error{ErrorCode::data_corrupted, "the server sent more bytes than the object has",
                    ""};
  }
  if (piece->empty() && read_ != size_) {
    co_return Error{
        ErrorCode::unavailable,
        "the body ended after " + std::to_string(read_) + " of " + std::to_string(size_) + " bytes",
        ""};
  }
  co_return piece;
}

}  // namespace dth::objects::s3
