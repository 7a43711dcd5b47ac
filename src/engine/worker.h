#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/wakeable_sleep.h"
#include "engine/job_context.h"
#include "engine/plugin.h"
#include "engine/runner_provider.h"
#include "ledger/sealer.h"

namespace dth::engine {

struct WorkerOptions {
  std::string worker;                // the id that this process is registered with
  int lane = 0;                      // told from others of that process
  state::ClaimScope scope = {};      // whose runs it works on
  std::vector<JobSlots> slots;       // of all plugins
  ledger::Sealer* sealer = nullptr;  // outlives the worker; null: it closes no run
  std::uint32_t jobs_max = 256;      // in hand, besides those that wait for others
  std::chrono::milliseconds lease{60'000};
  // A request is not started within this of the lease's end, so that a worker that was held up
  // stays silent.
  std::chrono::milliseconds lease_margin{15'000};
  // Between two claims when there is nothing to take: who waits is also woken.
  std::chrono::milliseconds poll_interval_max{1'000};
  // How long a run waits before it is tried again that cannot go on as things are.
  std::chrono::milliseconds stopped_run_pause{60'000};
  std::chrono::milliseconds retry_pause{5'000};  // between two tries of a job
  int errors_max = 3;  // tries of a job that fails with a retryable error, by this worker
  int attempts_max =
      1000;  // claims of a job, of which most died with their worker; then the run fails
  // All called on the worker's executor. When nothing is in hand any more and there is nothing to
  // claim:
  std::function<void()> on_out_of_work = [] {};
  // A run cannot go on as things are, and why: its state is WAITING from now on, and its jobs here
  // hand back what is left of them. Other lanes of this process have to be told.
  std::function<void(const std::string& run, const Error& why)> on_run_stopped = [](const auto&,
                                                                                    const auto&) {};
  std::function<void(const std::string& run)> on_run_ended = [](const auto&) {};
};

// One lane's share of the engine: claims jobs of many runs, executes them side by side, renews
// their leases, records their ends, and closes runs that are done. Lives on one executor; several
// workers share a State, in one process or many.
class Worker {
 public:
  // `services` and `runners` outlive it.
  Worker(EngineServices services, Executor executor, RunnerProvider& runners,
         WorkerOptions options);
  ~Worker();

  // Works until request_stop() or a broken state. `unavailable` and others: what State said when it
  // could not be reached any more; jobs in hand are given up, their leases run out.
  Async<Result<void>> run();

  // Claims nothing more, lets jobs finish or hand back what is left of them; run() then returns.
  // Idempotent. To be called on the worker's executor, as all that follow.
  void request_stop();

  // request_stop() for those who will not wait: what is in flight is cut off and handed back.
  // Idempotent.
  void cancel();

  // The same for the jobs of one run. Whether more of them are claimed is the state's to say.
  void request_stop_of(const std::string& run);
  void cancel_run(const std::string& run);

  // Looks for work now.
  void wake() { idle_.wake(); }
  // Has it asked for work since it was last woken, so that it is to be woken? From any thread.
  bool take_wish() {
    return wants_wake_.load(std::memory_order_relaxed) && wants_wake_.exchange(false);
  }

  std::size_t jobs_in_hand() const { return held_.size(); }

 private:
  struct Held;
  using HeldList = std::list<std::unique_ptr<Held>>;

  Async<Result<std::size_t>> claim_more();
  std::uint32_t room() const;
  Async<void> hold(Held* held);
  Async<void> execute(Held* held);
  Async<Result<Finished>> perform(Held* held);
  Async<Result<void>> close(Held* held);
  Async<Result<void>> wait_with_close(Held* held, Error why);
  Async<Result<void>> record(Held* held, Result<Finished> outcome);
  Async<Result<void>> record_finished(Held* held, Finished finished);
  Async<Result<void>> stop_unrecorded(Held* held, Error why);
  Async<Result<void>> give_back(Held* held, std::chrono::milliseconds delay, bool in_good_order);
  Async<Result<void>> record_requests(Held* held);
  Async<Result<void>> give_back_to_wait(Held* held);
  Async<Result<void>> stop_run(Held* held, Error why);
  Async<void> renew_leases();
  Async<Result<void>> renew_once();
  void remove(Held* held);
  bool is_last_try(const Held& held) const;
  int note_error(state::JobId job);
  void fail(Error error);
  MonotonicTime lease_end(MonotonicTime claimed_at) const {
    return claimed_at + options_.lease - options_.lease_margin;
  }

  EngineServices services_;
  Executor executor_;
  RunnerProvider& runners_;
  WorkerOptions options_;
  std::vector<state::KindRoom> kinds_;  // what is claimed
  HeldList held_;
  std::map<state::JobId, int>
      errors_;  // of jobs given back for an error; forgotten when they end here
  std::unique_ptr<AsyncScope> jobs_;
  std::unique_ptr<AsyncScope> upkeep_;
  std::atomic<bool> wants_wake_ = false;
  WakeableSleep idle_;       // ends when a job does: it may have left others, and room
  bool owes_notice_ = true;  // that it is out of work
  std::optional<Error> failure_;
  bool stopping_ = false;
};

}  // namespace dth::engine
