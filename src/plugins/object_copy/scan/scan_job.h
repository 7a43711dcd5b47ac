#pragma once

#include <string>

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/seen_keys.h"

namespace dth::object_copy {

class ScanStep;

// Lists both sides, merges them, and emits copy jobs; or reads the run's list (ListJob).
class ScanJob {
 public:
  explicit ScanJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

  // See scan_prefixes().
  Async<Result<bool>> scan_prefix(engine::JobContext& context, ScanStep* step,
                                  ScanPayload* payload);
  Async<Result<bool>> record(engine::JobContext& context, ScanStep* step, ScanPayload payload);

 private:
  struct Walk;

  Async<Result<bool>> scan_sorted(engine::JobContext& context, ScanStep* step, ScanPayload* payload,
                                  std::string prefix);
  Async<Result<bool>> walk_both(engine::JobContext& context, ScanStep* step, ScanPayload* payload,
                                Walk* walk);
  Async<Result<SeenKeys*>> begin_to_see(engine::JobContext* context);
  Async<Result<engine::Finished>> scan_one_object();
  engine::Finished fail_one(const objects::ObjectInfo& source, const Error& error) const;

  LaneContext& lane_;
};

}  // namespace dth::object_copy
