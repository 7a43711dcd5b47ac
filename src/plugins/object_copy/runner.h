#pragma once

#include <string>
#include <vector>

#include "engine/job_runner.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// Executes the jobs of one object_copy run on one lane, each by the class of its kind (the table is
// in runner.cc). Every job may be repeated; SEMANTICS.md says what that can and cannot do.
class ObjectCopyRunner final : public engine::JobRunner {
 public:
  ObjectCopyRunner(CopyOptions options, CopyTuning tuning, LaneStores stores, Executor executor,
                   Clock& clock)
      : lane_(std::move(options), tuning, std::move(stores), executor, clock) {}

  Async<Result<engine::Finished>> execute(engine::JobContext& context) override;
  state::Counts take_request_counts() override { return lane_.take_request_counts(); }
  std::vector<std::string> take_warnings() override { return lane_.take_warnings(); }
  Async<Result<void>> settle(engine::EngineServices services, std::string run) override;

 private:
  LaneContext lane_;
};

}  // namespace dth::object_copy
