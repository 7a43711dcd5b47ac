#include "plugins/object_copy/rules/verify_result.h"

#include <algorithm>
#include <cctype>

#include "base/encoding.h"
#include "plugins/object_copy/rules/comparison.h"

namespace dth::object_copy {
namespace {

using objects::Checksums;
using objects::Encryption;

Proof declared(std::string algorithm, std::string checksum) {
  return Proof{ledger::ProofKind::source_checksum, std::move(algorithm), std::move(checksum)};
}

VerifyResult sizes_differ(std::uint64_t source, std::uint64_t destination) {
  return VerifyResult::differs("the destination's object has " + std::to_string(destination) +
                               " bytes, the source's " + std::to_string(source));
}

VerifyResult digests_differ(const std::string& algorithm, const std::string& source,
                            const std::string& destination) {
  return VerifyResult::differs("the " + algorithm + " of the destination's object is " +
                               destination + ", that of the source's " + source);
}

bool same_digits(std::string_view one, std::string_view other) {
  return std::equal(
      one.begin(), one.end(), other.begin(), other.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// Do both look like MD5s, of stores that are not known to make them of anything else?
bool may_be_md5s(const std::string& source, const std::string& destination,
                 const objects::StoreLimits& source_limits,
                 const objects::StoreLimits& destination_limits) {
  return is_md5_etag(source) && is_md5_etag(destination) && !source_limits.etag_is_never_md5 &&
         !destination_limits.etag_is_never_md5;
}

// Are the ETags equal, and digests of the bytes?
bool etags_prove(const std::string& source, const std::string& destination,
                 const objects::StoreLimits& source_limits,
                 const objects::StoreLimits& destination_limits) {
  if (source.empty() || !is_same_etag(source, destination)) return false;
  if (is_md5_etag(source)) return source_limits.etag_is_md5 && destination_limits.etag_is_md5;
  return objects::is_parts_etag(source) && source_limits.multipart_etag_is_md5_of_md5s &&
         destination_limits.multipart_etag_is_md5_of_md5s;
}

// Two stores of which nobody knows what their ETags are state the same 32 digits: no accident,
// though nobody said MD5.
bool etags_agree(const std::string& source, const std::string& destination,
                 const objects::StoreLimits& source_limits,
                 const objects::StoreLimits& destination_limits) {
  return may_be_md5s(source, destination, source_limits, destination_limits) &&
         same_digits(source, destination);
}

Proof proof_of_etags(const std::string& etag) {
  return declared("MD5", is_md5_etag(etag) ? etag : std::string());
}

struct NamedChecksum {
  const char* name;
  std::string Checksums::*value;
};
constexpr NamedChecksum named_checksums[] = {{"SHA256", &Checksums::sha256},
                                             {"CRC64NVME", &Checksums::crc64nvme},
                                             {"CRC32C", &Checksums::crc32c},
                                             {"SHA1", &Checksums::sha1},
                                             {"CRC32", &Checksums::crc32}};

bool is_plain(const objects::ObjectHead& head) {
  return head.encryption == Encryption::none || head.encryption == Encryption::sse_s3;
}

}  // namespace

VerifyResult compare_listed(const objects::ObjectInfo& source,
                            const objects::ObjectInfo& destination,
                            const objects::StoreLimits& source_limits,
                            const objects::StoreLimits& destination_limits) {
  if (!source.size.known() || !destination.size.known())
    return VerifyResult::undetermined(
        "the listings do not report both sizes; --method checksum looks closer");
  if (source.size != destination.size)
    return sizes_differ(source.size.value(), destination.size.value());
  if (etags_prove(source.etag, destination.etag, source_limits, destination_limits)) {
    return VerifyResult::same(proof_of_etags(source.etag));
  }
  if (etags_agree(source.etag, destination.etag, source_limits, destination_limits)) {
    return VerifyResult::same(Proof{ledger::ProofKind::equal_etags, "", ""});
  }
  return VerifyResult::undetermined(
      "the sizes are equal, and the listings' ETags prove nothing; --method checksum looks closer");
}

VerifyResult compare_stated(const objects::ObjectHead& source,
                            const objects::ObjectHead& destination,
                            const objects::StoreLimits& source_limits,
                            const objects::StoreLimits& destination_limits) {
  if (source.info.size != destination.info.size)
    return sizes_differ(source.info.size.value(), destination.info.size.value());
  for (const NamedChecksum& named : named_checksums) {
    const std::string& from = source.checksums.*named.value;
    const std::string& to = destination.checksums.*named.value;
    if (from.empty() || to.empty()) continue;
    if (!source.checksums.composite && !destination.checksums.composite) {
      if (from != to) return digests_differ(named.name, hex_of_base64(from), hex_of_base64(to));
      return VerifyResult::same(declared(named.name, hex_of_base64(from)));
    }
    // Of the parts' digests: equal ones prove, others may only mean other parts.
    if (source.checksums.composite && destination.checksums.composite && from == to) {
      return VerifyResult::same(declared(named.name, ""));
    }
  }
  const std::string& from = source.info.etag;
  const std::string& to = destination.info.etag;
  if (is_plain(source) && is_plain(destination)) {
    if (etags_prove(from, to, source_limits, destination_limits))
      return VerifyResult::same(proof_of_etags(from));
    if (etags_agree(from, to, source_limits, destination_limits))
      return VerifyResult::same(Proof{ledger::ProofKind::equal_etags, "", ""});
    if (may_be_md5s(from, to, source_limits, destination_limits)) {
      const bool known = source_limits.etag_is_md5 && destination_limits.etag_is_md5;
      return digests_differ(known ? "MD5" : "ETag, which looks like an MD5,", from, to);
    }
  }
  return VerifyResult::undetermined(
      "the sizes are equal, and the two stores state no digest of one kind (ETags are " +
      (from.empty() ? "none" : from) + " and " + (to.empty() ? "none" : to) +
      "); --method read-back reads both");
}

VerifyResult compare_read(std::uint64_t source_size, const Digest& source_sha256,
                          std::uint64_t destination_size, const Digest& destination_sha256) {
  if (source_size != destination_size) return sizes_differ(source_size, destination_size);
  if (!(source_sha256 == destination_sha256))
    return digests_differ("SHA256", source_sha256.hex(), destination_sha256.hex());
  return VerifyResult::same(Proof{ledger::ProofKind::read_back, "SHA256", source_sha256.hex()});
}

bool is_sampled(std::string_view key, std::uint64_t percent) {
  const Digest digest = hash(HashAlgorithm::sha256, as_bytes(key));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i)
    number = number << 8 | std::to_integer<std::uint64_t>(digest.bytes()[i]);
  return number % 100 < percent;
}

}  // namespace dth::object_copy
