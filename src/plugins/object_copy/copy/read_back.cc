#include "plugins/object_copy/copy/read_back.h"

namespace dth::object_copy {
namespace {

Error other_than_sent(const std::string& what, const std::string& found, const std::string& sent) {
  return Error{ErrorCode::data_corrupted,
               "the destination's object was read back and is not what was sent: its " + what +
                   " is " + found + ", sent was " + sent,
               ""};
}

}  // namespace

Async<Result<Proof>> read_back(objects::ObjectStore* store, ReadBack expected) {
  objects::GetRequest request;
  request.key = expected.key;
  request.if_match = expected.etag;
  request.size_expected = expected.object_size;
  // A range of nothing cannot be asked for.
  if (expected.range && expected.range->length > 0) request.range = expected.range;
  auto got = co_await store->get(std::move(request));
  if (got.has_error())
    co_return std::move(got.error()).with_context("the copy could not be read back");
  if (got->head.info.size != expected.object_size) {
    co_return other_than_sent("size", std::to_string(got->head.info.size.value()),
                              std::to_string(expected.object_size));
  }
  Hasher hasher(expected.sent.algorithm);
  for (;;) {
    auto piece = co_await got->body->next();
    if (piece.has_error())
      co_return std::move(piece.error()).with_context("the copy could not be read back");
    if (piece->empty()) break;
    hasher.update(*piece);
  }
  const Digest digest = hasher.finish();
  const std::string algorithm(to_string(expected.sent.algorithm));
  if (!(digest == expected.sent.digest))
    co_return other_than_sent(algorithm, digest.hex(), expected.sent.digest.hex());
  co_return Proof{ledger::ProofKind::read_back, algorithm, digest.hex()};
}

}  // namespace dth::object_copy
