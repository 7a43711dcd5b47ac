#pragma once

#include <string>

#include "objects/requests.h"
#include "objects/store_limits.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {

// What a comparison of an object's two sides came to.
struct VerifyResult {
  enum class Kind {
    same,          // proved
    differs,       // refuted
    missing,       // the destination has none
    undetermined,  // nothing that is known proves or refutes it
  };
  Kind kind = Kind::undetermined;
  Proof proof = {};         // where same
  std::string reason = {};  // where not: a sentence for a person

  static VerifyResult same(Proof proof) { return {Kind::same, std::move(proof), {}}; }
  static VerifyResult differs(std::string reason) { return {Kind::differs, {}, std::move(reason)}; }
  static VerifyResult missing() {
    return {Kind::missing, {}, "the destination has no such object"};
  }
  static VerifyResult undetermined(std::string reason) {
    return {Kind::undetermined, {}, std::move(reason)};
  }
};

// By what listings tell. Sizes that differ refute. ETags prove only where they are equal, and both
// stores are known to make digests of them (a declared digest) or neither is known not to and they
// look like MD5s (equal_etags); unlike ones refute nothing, since a listing does not show which
// objects are encrypted.
VerifyResult compare_listed(const objects::ObjectInfo& source,
                            const objects::ObjectInfo& destination,
                            const objects::StoreLimits& source_limits,
                            const objects::StoreLimits& destination_limits);

// By what both stores state of the object: a checksum of one kind over all of it, or ETags that are
// MD5s, or look like them and are equal. ETags that look like MD5s and are unlike refute, unless an
// answer shows that encryption made one of them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
VerifyResult compare_stated(const objects::ObjectHead& source,
                            const objects::ObjectHead& destination,
                            const objects::StoreLimits& source_limits,
                            const objects::StoreLimits& destination_limits);

// By what both stores gave.
VerifyResult compare_read(std::uint64_t source_size, const Digest& source_sha256,
                          std::uint64_t destination_size, const Digest& destination_sha256);

// Is the key in a sample of so many percent? Always the same keys.
bool is_sampled(std::string_view key, std::uint64_t percent);

}  // namespace dth::object_copy
