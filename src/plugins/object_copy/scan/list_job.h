#pragma once

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// A scan that reads the run's list instead of a listing: emits copy jobs of the objects that it
// names, or scans of its prefixes.
class ListJob {
 public:
  explicit ListJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context, ScanPayload payload);

 private:
  Async<Result<engine::Finished>> read_objects(engine::JobContext& context, ScanPayload payload);
  Async<Result<engine::Finished>> read_prefixes(engine::JobContext& context, ScanPayload payload);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
