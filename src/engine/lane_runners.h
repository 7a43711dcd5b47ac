#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/async_semaphore.h"
#include "engine/job_context.h"
#include "engine/plugin.h"
#include "engine/runner_provider.h"
#include "engine/shared_run.h"

namespace dth::engine {

// The runners of one lane: one for each run that it works on, opened when the first job of the run
// comes, and closed when it has had none for a minute or the run was stopped. One thread.
class LaneRunners final : public RunnerProvider {
 public:
  // All outlive it.
  LaneRunners(EngineServices services, Lane lane, SharedRuns& runs)
      : services_(services), lane_(lane), runs_(runs) {}

  Async<Result<std::shared_ptr<JobRunner>>> runner_for(const state::Job& job) override;

  // Closes what is idle. To be called now and then.
  void close_idle();
  // Closes all; nobody may hold a runner any more.
  void close_all();
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    explicit Entry(Executor executor) : opening(executor, 1) {}
    AsyncSemaphore opening;  // held by who opens it
    std::shared_ptr<SharedRun> run;
    std::unique_ptr<JobRunner> runner;  // after what it uses
    MonotonicTime used_at{};
  };

  Async<Result<std::shared_ptr<SharedRun>>> find_run(const state::Job* job);
  Async<Result<void>> open(Entry* entry);
  PluginLane& lane_of(Plugin& plugin);

  const EngineServices services_;
  const Lane lane_;
  SharedRuns& runs_;
  std::map<const Plugin*, std::unique_ptr<PluginLane>> plugin_lanes_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;  // by run; after what they use
};

}  // namespace dth::engine
