#pragma once

#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// A batch of objects that both sides have, each compared by what the stores state of it or give of
// it.
class CheckJob {
 public:
  explicit CheckJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  LaneContext& lane_;
};

}  // namespace dth::object_copy
