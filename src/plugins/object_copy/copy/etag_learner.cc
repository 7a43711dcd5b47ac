#include "plugins/object_copy/copy/etag_learner.h"

#include "base/hash.h"
#include "objects/etag.h"

namespace dth::object_copy {
namespace {

// An object larger than this is not read only to learn what its store's ETags are.
constexpr std::uint64_t read_for_md5_bytes_max = 64 << 20;

}  // namespace

// Are both ETags MD5s of the objects' bytes? What the stores' profiles do not say is found out by
// reading one object of such a store. What cannot be found out does not keep a difference from
// being one.
Async<Result<bool>> EtagLearner::do_tell(const Item* item) {
  for (const EtagFacts::Side side : {EtagFacts::destination, EtagFacts::source}) {
    if (facts_.md5(side) != EtagFacts::Md5::unknown || item->size > read_for_md5_bytes_max)
      continue;
    auto turn = co_await md5_gate_.acquire(1);
    if (turn.has_error()) co_return turn.error();
    Result<void> learnt;
    if (facts_.md5(side) == EtagFacts::Md5::unknown) learnt = co_await learn_md5(item, side);
    md5_gate_.release(1);
    if (learnt.has_error()) co_return learnt.error();
  }
  co_return facts_.comparable();
}

// Is the ETag of this object the MD5 of its bytes?
Async<Result<void>> EtagLearner::learn_md5(const Item* item, EtagFacts::Side side) {
  const bool at_source = side == EtagFacts::source;
  objects::GetRequest request;
  request.key = at_source ? item->key : options_.destination_key_of(item->key);
  request.if_match = at_source ? item->etag : item->destination_etag;
  if (at_source) request.version_id = item->version;
  const std::string expected = request.if_match;
  objects::ObjectStore* store = at_source ? &source_ : &destination_;
  auto got = co_await store->get(std::move(request));
  if (got.has_error()) {
    const ErrorCode code = got.error().code;
    const bool passes =
        is_retryable(code) || code == ErrorCode::cancelled || code == ErrorCode::unauthenticated;
    if (passes) co_return got.error();
    const bool stays = code == ErrorCode::permission_denied || code == ErrorCode::unsupported;
    if (stays) facts_.learn(side, EtagFacts::Md5::unknowable);  // it is not asked again in this run
    co_return Result<void>();
  }
  Hasher hasher(HashAlgorithm::md5);
  for (;;) {
    auto piece = co_await got->body->next();
    if (piece.has_error()) co_return piece.error();
    if (piece->empty()) break;
    hasher.update(*piece);
  }
  facts_.learn(side, are_equal_etags(hasher.finish().hex(), expected) ? EtagFacts::Md5::yes
                                                                      : EtagFacts::Md5::no);
  co_return Result<void>();
}

}  // namespace dth::object_copy
