#include "plugins/object_copy/copy/transfer_body.h"

namespace dth::object_copy {

TransferBody::TransferBody(Body& inner, Bytes first, std::optional<HashAlgorithm> algorithm,
                           std::optional<HashAlgorithm> also)
    : inner_(inner),
      first_(first),
      main_(algorithm, first, is_whole()),
      also_(also, first, is_whole()) {}

TransferBody::Digesting::Digesting(std::optional<HashAlgorithm> algorithm, Bytes first,
                                   bool is_whole) {
  if (!algorithm) return;
  if (is_whole) {
    digest_ = hash(*algorithm, first);
  } else {
    hasher_.emplace(*algorithm);
    hasher_->update(first);
  }
}

std::optional<Result<Bytes>> TransferBody::try_next() {
  if (!first_given_ && !first_.empty()) {
    first_given_ = true;
    return first_;
  }
  // The inner stream may take its span back at its end, and a whole body must bear being sent
  // again.
  if (is_whole()) return Bytes();
  return std::nullopt;
}

Async<Result<Bytes>> TransferBody::next() {
  if (auto at_hand = try_next()) co_return std::move(*at_hand);
  beyond_first_ = true;
  auto piece = co_await inner_.next();
  if (piece.has_value() && main_.hasher_) main_.hasher_->update(*piece);
  if (piece.has_value() && also_.hasher_) also_.hasher_->update(*piece);
  co_return piece;
}

bool TransferBody::rewind() {
  if (beyond_first_) return false;
  first_given_ = false;
  return true;
}

std::optional<Digest> TransferBody::Digesting::digest() {
  if (!digest_ && hasher_) {
    digest_ = hasher_->finish();
    hasher_.reset();
  }
  return digest_;
}

Async<Result<void>> read_to_end(TransferBody& body) {
  for (;;) {
    auto piece = co_await body.next();
    if (piece.has_error()) co_return piece.error();
    if (piece->empty()) co_return Result<void>();
  }
}

}  // namespace dth::object_copy
