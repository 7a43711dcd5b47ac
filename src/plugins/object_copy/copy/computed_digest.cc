#include "plugins/object_copy/copy/computed_digest.h"

#include <algorithm>
#include <functional>

#include "base/hash.h"
#include "plugins/object_copy/rules/comparison.h"
#include "plugins/object_copy/rules/part_plan.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {
namespace {

using objects::Checksums;
using objects::ObjectHead;
using objects::StoreLimits;

struct Kind {
  HashAlgorithm algorithm;
  std::string Checksums::*value;
};
// The strongest first, then the quickest.
constexpr Kind kinds[] = {{HashAlgorithm::sha256, &Checksums::sha256},
                          {HashAlgorithm::crc64nvme, &Checksums::crc64nvme},
                          {HashAlgorithm::crc32c, &Checksums::crc32c},
                          {HashAlgorithm::crc32, &Checksums::crc32}};

// "<MD5 of MD5s>-<number of parts>": the number, or 0.
std::uint32_t part_count_of(const std::string& etag) {
  if (!objects::is_parts_etag(etag)) return 0;
  const std::string digits(objects::without_coding(etag).substr(etag.find('-') + 1));
  return digits.size() <= 5 ? static_cast<std::uint32_t>(std::stoul(digits)) : 0;
}

// Sizes of parts that make so many of an object: ours, and the least of whole MiB, which most
// programs' sizes are.
std::vector<std::uint64_t> part_sizes(std::uint64_t size, std::uint32_t count,
                                      std::uint64_t part_size, const StoreLimits& limits) {
  constexpr std::uint64_t mebibyte = 1 << 20;
  std::vector<std::uint64_t> sizes;
  const auto add = [&](std::uint64_t one) {
    const bool fits = one > 0 && (size + one - 1) / one == count;
    if (fits && std::find(sizes.begin(), sizes.end(), one) == sizes.end()) sizes.push_back(one);
  };
  auto planned = plan_parts(size, part_size, limits);
  if (planned.has_value()) add(planned->part_size_bytes);
  for (std::uint64_t usual : {8, 16, 5, 64}) add(usual * mebibyte);
  if (count > 0) add(((size + count - 1) / count + mebibyte - 1) / mebibyte * mebibyte);
  return sizes;
}

// The MD5s of an object's parts as it is read.
class PartHasher {
 public:
  explicit PartHasher(std::uint64_t part_size) : part_size_(part_size) {}

  void update(Bytes bytes) {
    while (!bytes.empty()) {
      const std::size_t taken = std::min<std::uint64_t>(bytes.size(), part_size_ - filled_);
      hasher_.update(bytes.first(taken));
      bytes = bytes.subspan(taken);
      filled_ += taken;
      if (filled_ == part_size_) close();
    }
  }

  std::string etag() {
    if (filled_ > 0) close();
    return multipart_etag(md5s_);
  }

 private:
  void close() {
    md5s_.push_back(hasher_.finish().hex());
    hasher_.reset();
    filled_ = 0;
  }

  const std::uint64_t part_size_;
  std::uint64_t filled_ = 0;
  Hasher hasher_{HashAlgorithm::md5};
  std::vector<std::string> md5s_;
};

// Reads an object as its head shows it.
Async<Result<void>> read_all(const StatedSide* side, std::function<void(Bytes)> take) {
  objects::GetRequest request;
  request.key = side->key;
  request.if_match = side->head->info.etag;
  auto got = co_await side->store.get(std::move(request));
  if (got.has_error()) co_return got.error();
  for (;;) {
    auto piece = co_await got->body->next();
    if (piece.has_error()) co_return piece.error();
    if (piece->empty()) co_return Result<void>();
    take(*piece);
  }
}

Async<Result<Digest>> digest_of(const StatedSide* side, HashAlgorithm algorithm) {
  Hasher hasher(algorithm);
  auto read = co_await read_all(side, [&hasher](Bytes bytes) { hasher.update(bytes); });
  if (read.has_error()) co_return read.error();
  co_return hasher.finish();
}

void keep(const Kind& kind, const Digest& digest, ObjectHead* head) {
  head->checksums = {};
  head->checksums.*kind.value = digest.base64();
}

// The ETag of an object in parts, if one of these sizes makes the other side's.
Async<Result<bool>> find_parts(const StatedSide* side, const std::string* etag,
                               std::vector<std::uint64_t> sizes) {
  std::vector<PartHasher> hashers(sizes.begin(), sizes.end());
  auto read = co_await read_all(side, [&hashers](Bytes bytes) {
    for (PartHasher& hasher : hashers) hasher.update(bytes);
  });
  if (read.has_error()) co_return read.error();
  co_return std::any_of(hashers.begin(), hashers.end(),
                        [etag](PartHasher& hasher) { return hasher.etag() == *etag; });
}

// Puts into `side` what `other` states. `limits`: of both; changed where an ETag was computed.
Async<Result<bool>> compute_like(const StatedSide* side, const ObjectHead* other,
                                 StoreLimits* limits, StoreLimits* other_limits,
                                 std::uint64_t part_size) {
  for (const Kind& kind : kinds) {
    if (other->checksums.composite || (other->checksums.*kind.value).empty()) continue;
    auto digest = co_await digest_of(side, kind.algorithm);
    if (digest.has_error()) co_return digest.error();
    keep(kind, *digest, side->head);
    co_return true;
  }
  const std::string& etag = other->info.etag;
  if (hides_md5(*other) || other_limits->etag_is_never_md5) co_return false;
  if (is_md5_etag(etag)) {
    auto digest = co_await digest_of(side, HashAlgorithm::md5);
    if (digest.has_error()) co_return digest.error();
    std::string ours = digest->hex();
    // An ETag that is equal is an MD5, whatever is known of its store; another one may be anything.
    if (is_same_etag(ours, etag)) other_limits->etag_is_md5 = true;
    limits->etag_is_md5 = true;
    limits->etag_is_never_md5 = false;
    side->head->info.etag = is_same_etag(ours, etag) ? etag : std::move(ours);
    side->head->checksums = {};
    co_return true;
  }
  const std::uint32_t count = part_count_of(etag);
  std::vector<std::uint64_t> sizes =
      count == 0 ? std::vector<std::uint64_t>()
                 : part_sizes(side->head->info.size.value(), count, part_size, *other_limits);
  if (sizes.empty()) co_return false;
  auto found = co_await find_parts(side, &etag, std::move(sizes));
  if (found.has_error()) co_return found.error();
  if (!*found) co_return false;
  limits->multipart_etag_is_md5_of_md5s = other_limits->multipart_etag_is_md5_of_md5s = true;
  side->head->info.etag = etag;
  side->head->checksums = {};
  co_return true;
}

}  // namespace

Async<Result<StatedBy>> compute_digests(StatedSide source, StatedSide destination,
                                        std::uint64_t part_size) {
  StatedBy by{source.store.limits(), destination.store.limits()};
  if (source.head->info.size != destination.head->info.size) co_return by;
  const bool reads_source = by.source.hashed_by_reading,
             reads_destination = by.destination.hashed_by_reading;
  if (reads_source && reads_destination) {
    auto ours = co_await digest_of(&source, HashAlgorithm::sha256);
    if (ours.has_error()) co_return ours.error();
    auto theirs = co_await digest_of(&destination, HashAlgorithm::sha256);
    if (theirs.has_error()) co_return theirs.error();
    keep(kinds[0], *ours, source.head);
    keep(kinds[0], *theirs, destination.head);
    by.computed = 2;
    co_return by;
  }
  Result<bool> computed = false;
  if (reads_source)
    computed =
        co_await compute_like(&source, destination.head, &by.source, &by.destination, part_size);
  if (reads_destination)
    computed =
        co_await compute_like(&destination, source.head, &by.destination, &by.source, part_size);
  if (computed.has_error()) co_return computed.error();
  by.computed = *computed ? 1 : 0;
  co_return by;
}

}  // namespace dth::object_copy
