#pragma once

#include <string>
#include <vector>

#include "plugins/object_copy/copy/kept_checks.h"
#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// After the last part of a large object: completes the upload, proves and records the object; or
// aborts it, and plans the object afresh or records why it failed.
class FinishJob {
 public:
  explicit FinishJob(LaneContext& lane) : lane_(lane), kept_checks_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  Async<Result<void>> plan_after_refusal(engine::JobContext* context, FinishPayload* payload,
                                         PartOutcome* outcome, Error error, std::string etag);
  Async<Result<bool>> check_object(engine::JobContext* context, const UploadPlan* plan,
                                   std::string etag, std::vector<std::string>* warnings);
  void end_otherwise(Item item, const std::string& etag, const Result<bool>& kept,
                     engine::Finished* finished);
  Async<Result<engine::Finished>> drop_upload(engine::JobContext& context, FinishPayload payload,
                                              PartOutcome outcome);

  LaneContext& lane_;
  KeptChecks kept_checks_;
};

}  // namespace dth::object_copy
