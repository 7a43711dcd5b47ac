#pragma once

#include <string>

#include "objects/object_store.h"

namespace dth::object_copy {

// Some stores state no digest of the bytes that an object has now, and reading it costs no transfer
// (StoreLimits::hashed_by_reading: a directory). There the digest is computed.

// One side of an object that is compared.
struct StatedSide {
  objects::ObjectStore& store;
  std::string key;
  objects::ObjectHead* head;
};

// By what the two may be compared afterwards: their stores' limits, changed where an ETag was
// computed. `computed`: by reading how many sides.
struct StatedBy {
  objects::StoreLimits source, destination;
  int computed = 0;
};

// Puts into the heads of such stores the digest of a kind that the other side states, in place of
// what was written beside the object once: a checksum, or the ETag where that is an MD5 (of parts:
// those of `part_size`, or of sizes that are usual). Two such stores get a SHA-256 each. Objects of
// unlike sizes are not read. precondition_failed: an object is not the one of its head any more.
Async<Result<StatedBy>> compute_digests(StatedSide source, StatedSide destination,
                                        std::uint64_t part_size);

}  // namespace dth::object_copy
