#pragma once

#include <string>

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/mirror/find_extra_step.h"

namespace dth::object_copy {

// Mode sync, after all that is copied: finds what only the destination has, and emits jobs that
// remove it.
class FindExtraJob {
 public:
  explicit FindExtraJob(LaneContext& lane) : lane_(lane) {}
  Async<Result<engine::Finished>> run(engine::JobContext& context);

 private:
  Async<Result<bool>> find_in_prefix(engine::JobContext& context, FindExtraStep* step);
  Async<Result<void>> read_approval(engine::JobContext& context, FindExtraStep* step);
  Async<Result<void>> look_for_renamed(engine::JobContext& context, FindExtraStep* step);
  Async<Result<void>> look_closer(engine::JobContext& context, FindExtraStep* step,
                                  const state::Run& run);
  Async<Result<void>> look_for_unlisted(FindExtraStep* step);
  Async<Result<void>> look_for_lost(engine::JobContext& context, FindExtraStep* step);
  Async<Result<void>> look_for_ghosts(engine::JobContext& context, FindExtraStep* step);
  Async<Result<std::string>> why_failures_forbid_deletions(engine::JobContext& context,
                                                           std::int64_t failed);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
