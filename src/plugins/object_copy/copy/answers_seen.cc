#include "plugins/object_copy/copy/answers_seen.h"

namespace dth::object_copy {

bool AnswersSeen::learns_from(const ProofPlan& plan, const StoredDigests& stored,
                              const objects::StoreLimits& limits) {
  const bool asked = plan.has_declared_checksum() || plan.compute == HashAlgorithm::crc64nvme;
  if (asked) {
    // It takes checksums and says nothing of them, so that they may as well be ignored.
    run_.checksums_unanswered = true;
    return true;
  }
  if (!stored.opaque_etag || !limits.enforces_checksums || run_.checksums_unanswered) return false;
  etags_ = EtagsSeen::opaque;
  return true;
}

}  // namespace dth::object_copy
