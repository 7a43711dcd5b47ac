#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/wakeable_sleep.h"
#include "engine/job_context.h"
#include "engine/job_runner.h"

namespace dth::engine {

// How many jobs of a kind one worker holds at once.
struct JobSlots {
  std::string kind;
  std::uint32_t count_max = 1;
};

// Finds who executes a job. The answer lives as long as the worker.
class RunnerProvider {
 public:
  virtual ~RunnerProvider() = default;
  virtual Async<Result<JobRunner*>> runner_for(const state::Job& job) = 0;
};

struct WorkerOptions {
  std::string name;      // unique among the live workers of a state
  std::string run = {};  // only this run's jobs; empty: any
  std::vector<JobSlots> slots;
  std::chrono::milliseconds lease{60'000};
  // A request is not started within this of the lease's end, so that a worker that was held up
  // stays silent.
  std::chrono::milliseconds lease_margin{15'000};
  std::chrono::milliseconds poll_interval_max{50};  // when there is nothing to claim
  // Called, on the worker's executor, when nothing is in hand any more and there is nothing to
  // claim.
  std::function<void()> on_out_of_work = [] {};
  int errors_max = 3;  // tries of a job that fails with a retryable error, by this worker
  int attempts_max =
      1000;  // claims of a job, of which most died with their worker; then the run fails
};

// One lane's share of the engine: claims jobs, executes them side by side, renews their leases,
// records their ends. Lives on one executor; several workers share a State, in one process or many.
class Worker {
 public:
  Worker(EngineServices services, Executor executor, RunnerProvider& runners,
         WorkerOptions options);
  ~Worker();

  // Works until stop() or a broken state. `unavailable` and others: what State said when it could
  // not be reached any more; jobs in hand are given up, their leases run out. What stops_run(): a
  // job's; others in hand ended in good order.
  Async<Result<void>> run();

  // Claims nothing more, lets jobs finish or hand back what is left of them; run() then returns.
  // Idempotent. To be called on the worker's executor.
  void request_stop();

  // request_stop() for those who will not wait: what is in flight is cut off and handed back.
  // Idempotent.
  void cancel();

  std::size_t jobs_in_hand() const { return held_.size(); }

 private:
  struct Held;
  using HeldList = std::list<std::unique_ptr<Held>>;

  Async<Result<std::size_t>> claim_more();
  Async<void> execute(Held* held);
  Async<Result<void>> record(Held* held, Result<Finished> outcome);
  Async<Result<void>> give_back(Held* held, std::chrono::milliseconds delay, bool in_good_order);
  Async<void> renew_leases();
  Async<Result<void>> renew_once();
  void remove(Held* held);
  void halt(Error error);
  void fail(Error error);
  MonotonicTime lease_end(MonotonicTime claimed_at) const {
    return claimed_at + options_.lease - options_.lease_margin;
  }

  EngineServices services_;
  Executor executor_;
  RunnerProvider& runners_;
  WorkerOptions options_;
  HeldList held_;
  std::map<state::JobId, int>
      errors_;  // of jobs given back for an error; forgotten when they end here
  std::unique_ptr<AsyncScope> jobs_;
  std::unique_ptr<AsyncScope> upkeep_;
  WakeableSleep idle_;       // ends when a job does: it may have left others, and room
  bool owes_notice_ = true;  // that it is out of work
  std::optional<Error> failure_;
  bool state_lost_ = false;
  bool stopping_ = false;
};

}  // namespace dth::engine
