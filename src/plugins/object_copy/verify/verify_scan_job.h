#pragma once

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/verify/verify_step.h"

namespace dth::object_copy {

class PairedListings;

// Lists both sides, settles what the listings tell of their objects, and emits check jobs for the
// rest. In a VERIFY this is what jobs of kind scan do.
class VerifyScanJob {
 public:
  explicit VerifyScanJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

  // See scan_prefixes().
  Async<Result<bool>> scan_prefix(engine::JobContext& context, VerifyStep* step,
                                  ScanPayload* payload);
  Async<Result<bool>> record(engine::JobContext& context, VerifyStep* step, ScanPayload payload);

 private:
  Async<Result<bool>> scan_sorted(engine::JobContext& context, VerifyStep* step,
                                  ScanPayload* payload, std::string prefix);
  Async<Result<bool>> walk_both(engine::JobContext& context, VerifyStep* step, ScanPayload* payload,
                                const std::string* prefix, PairedListings* sides);
  Async<Result<engine::Finished>> scan_one_object();

  LaneContext& lane_;
};

}  // namespace dth::object_copy
