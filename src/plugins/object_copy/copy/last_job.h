#pragma once

#include <vector>

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// A batch of objects whose names the destination may change: they are copied when all others of the
// run are written, one at a time in all lanes.
class LastJob {
 public:
  explicit LastJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  Async<Result<engine::Finished>> copy_in_turn(engine::JobContext* context,
                                               std::vector<Item> items);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
