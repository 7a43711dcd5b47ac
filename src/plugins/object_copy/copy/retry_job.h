#pragma once

#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// The failed items of another run: emits copy jobs of them.
class RetryJob {
 public:
  explicit RetryJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  LaneContext& lane_;
};

}  // namespace dth::object_copy
