#include "plugins/object_copy/transfer_body.h"

namespace dth::object_copy {

TransferBody::TransferBody(Body& inner, Bytes first, std::optional<HashAlgorithm> algorithm)
    : inner_(inner), first_(first) {
  if (!algorithm) return;
  if (is_whole()) {
    digest_ = hash(*algorithm, first_);
  } else {
    hasher_.emplace(*algorithm);
    hasher_->update(first_);
  }
}

Async<Result<Bytes>> TransferBody::next() {
  if (!first_given_ && !first_.empty()) {
    first_given_ = true;
    co_return first_;
  }
  // The inner stream may take its span back at its end, and a whole body must bear being sent again.
  if (is_whole()) co_return Bytes();
  beyond_first_ = true;
  auto piece = co_await inner_.next();
  if (piece.has_value() && hasher_) hasher_->update(*piece);
  co_return piece;
}

bool TransferBody::rewind() {
  if (beyond_first_) return false;
  first_given_ = false;
  return true;
}

std::optional<Digest> TransferBody::digest() {
  if (!digest_ && hasher_) {
    digest_ = hasher_->finish();
    hasher_.reset();
  }
  return digest_;
}

Async<Result<Digest>> digest_to_end(TransferBody& body) {
  for (;;) {
    auto piece = co_await body.next();
    if (piece.has_error()) co_return piece.error();
    if (piece->empty()) co_return *body.digest();
  }
}

}  // namespace dth::object_copy
