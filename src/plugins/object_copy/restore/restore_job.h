#pragma once

#include "engine/job_context.h"
#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// A batch of archived objects: asks for them, looks whether they can be read, emits copy jobs.
class RestoreJob {
 public:
  explicit RestoreJob(LaneContext& lane) : lane_(lane) {}

  // One look at each. What has to wait goes into a job that nobody claims before it is time for the
  // next look, so that nothing but the state remembers it meanwhile.
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  struct Batch;

  Async<void> make_readable_from(Batch* batch);
  Async<Result<bool>> make_readable(engine::JobContext* context, Item item);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
