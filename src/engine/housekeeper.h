#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/job_context.h"
#include "engine/shared_run.h"

namespace dth::engine {

struct HousekeeperOptions {
  std::string worker;                                // the id that this process is registered with
  std::chrono::milliseconds look_interval{1'000};    // at what others decided of our runs
  std::chrono::milliseconds upkeep_interval{5'000};  // dead workers, close jobs
  std::chrono::milliseconds heartbeat_interval{10'000};
  std::chrono::milliseconds stop_grace{10'000};  // what is in flight of a stopped run has so long
  // All called on the executor of run(). Somebody asked this process to drain; called more than
  // once.
  std::function<void()> on_drain = [] {};
  // A run of this process was stopped; its grace is over.
  std::function<void(const std::string& run)> on_run_stopped = [](const auto&) {};
  std::function<void(const std::string& run)> on_grace_over = [](const auto&) {};
};

// What a process does beside its jobs: says that it lives, frees the leases of dead ones, has runs
// closed that were left without a job, stops runs that somebody paused, cancelled or took away, and
// learns that the process is to drain. One coroutine.
class Housekeeper {
 public:
  // All outlive it.
  Housekeeper(EngineServices services, SharedRuns& runs, HousekeeperOptions options)
      : services_(services), runs_(runs), options_(std::move(options)) {}

  // Until it is cancelled. Errors: not_found, where others took this process for dead; it is to
  // stop then, and may begin again under another id. A state that cannot be reached for a moment is
  // asked again.
  Async<Result<void>> run();

 private:
  Async<Result<void>> look();
  Async<Result<void>> look_at_itself();
  Async<Result<void>> let_wait(SharedRun* shared, std::string why);
  Async<Result<void>> keep_up();
  Async<Result<void>> heartbeat();
  void follow_stopped_runs();

  const EngineServices services_;
  SharedRuns& runs_;
  const HousekeeperOptions options_;
  // Of those that end here. A run that was begun again is another one.
  std::map<std::weak_ptr<SharedRun>, MonotonicTime, std::owner_less<>> stopped_at_;
};

}  // namespace dth::engine
