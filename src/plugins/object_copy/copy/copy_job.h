#pragma once

#include <vector>

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// A batch of objects, or one large object, whose upload is opened.
class CopyJob {
 public:
  explicit CopyJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  Async<Result<void>> put_off_awkward_names(engine::JobContext* context, std::vector<Item>* items);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
