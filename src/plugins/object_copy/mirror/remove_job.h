#pragma once

#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// A batch of objects that only the destination has: each is removed as it was listed or not at all.
class RemoveJob {
 public:
  explicit RemoveJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  LaneContext& lane_;
};

}  // namespace dth::object_copy
