#pragma once

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// The copy of a large object begins: its upload is opened, bound to the version that is there now,
// and jobs for its parts are emitted.
class BeginUpload {
 public:
  explicit BeginUpload(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context, Item item);

 private:
  struct Opening;

  Async<Result<bool>> inspect_source(engine::JobContext* context, Opening* opening);
  Async<Result<bool>> plan_upload(engine::JobContext* context, Opening* opening);
  Async<Result<bool>> find_other_uploads(engine::JobContext* context, Opening* opening);
  Async<Result<void>> open_upload(engine::JobContext* context, Opening* opening);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
