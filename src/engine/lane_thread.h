#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "base/async_scope.h"
#include "engine/housekeeper.h"
#include "engine/lane_runners.h"
#include "engine/worker.h"

namespace dth::engine {

struct LaneThreadOptions {
  unsigned index = 0;
  unsigned lanes = 1;  // of the process
  WorkerOptions worker;
  std::optional<HousekeeperOptions> housekeeper = {};  // of one lane
  bool has_thread = true;                              // false: poll_one() drives it
  std::function<void()> on_end = [] {};                // called on the thread
  // The same: this process was taken for dead, so that none of its lanes holds anything any more.
  std::function<void()> on_lost = [] {};
};

// A lane: a thread, a worker, the runners that it uses. Begins to work at once.
class LaneThread {
 public:
  // `services` and `runs` outlive it.
  LaneThread(EngineServices services, SharedRuns& runs, LaneThreadOptions options);
  ~LaneThread();
  // Waits for its end, which must have been asked for. Without a thread it has ended.
  void join();

  // Without a thread: does one thing that can be done now. False where there is none.
  bool poll_one() { return context_.poll_one() > 0; }

  // All from any thread.
  void request_stop();
  void cancel();
  void request_stop_of(std::string run);
  void cancel_run(std::string run);
  // There may be something to claim: a lane that waits looks now.
  void wake();
  bool ended() const { return ended_.load(); }

  // After the end.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  Async<void> serve();
  Async<void> close_idle_runners();
  Async<void> keep_house();

  const EngineServices services_;
  const LaneThreadOptions options_;
  boost::asio::io_context context_{1};
  AsyncScope scope_;
  AsyncScope upkeep_;
  LaneRunners runners_;
  Worker worker_;
  std::optional<Housekeeper> housekeeper_;
  std::optional<Error> failure_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace dth::engine
