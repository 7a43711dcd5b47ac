#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/async.h"
#include "base/clock.h"
#include "engine/services.h"
#include "ledger/ledger.h"
#include "state/state.h"

namespace dth::engine {

// A job in the hands of a runner: its payload, its lease, its ways to record. One coroutine's.
class JobContext {
 public:
  JobContext(EngineServices services, state::Job job, MonotonicTime lease_until);

  const state::Job& job() const { return job_; }
  Clock& clock() const { return services_.clock; }
  const EngineServices& services() const { return services_; }

  // The worker is to stop soon: finish what is begun, record it, and hand on the rest as new jobs.
  bool stop_requested() const { return stop_requested_; }

  // May a request to the outside be started now? Not when the lease may have run out: the job may
  // be another's.
  bool may_start() const { return !lost_ && services_.clock.monotonic_now() < lease_until_; }

  // May the job have been executed before, wholly or in part, by an attempt whose end is not known?
  bool attempted_before() const { return job_.attempts > 1; }

  // Would a retryable error now end the run? Where it is one item's, it should be recorded as that
  // item's failure.
  bool last_try() const { return last_try_; }

  // Records what was done so far with the job's new payload; the job goes on. `lines` is written
  // first.
  Async<Result<void>> advance(std::string payload, state::Effects effects,
                              ledger::LineBuffer lines);

  // Waits while the run has `items_max` or more items in jobs of `kind`: the bound on the backlog.
  // Fails with cancelled also when a stop is requested.
  Async<Result<void>> wait_for_room(std::string kind, std::int64_t items_max);
  // The same for the number of jobs of `kind`.
  Async<Result<void>> wait_for_fewer_jobs(std::string kind, std::int64_t jobs_max);

  // While one of these lives the job waits for others, and holds no place that those need. It may
  // outlive the context: a coroutine that is destroyed with its io_context ends after its worker.
  class Wait {
   public:
    explicit Wait(JobContext& context) : waits_(context.waits_) { ++*waits_; }
    ~Wait() { --*waits_; }
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

   private:
    std::shared_ptr<int> waits_;
  };

  // Returns `function(state)`, a Result; see ask_state().
  template <class Function>
  auto with_state(Function function) -> Async<std::invoke_result_t<Function&, state::State&>> {
    return ask_state(services_, std::move(function));
  }

  // --- for the worker
  void request_stop() { stop_requested_ = true; }
  void announce_last_try() { last_try_ = true; }
  void extend_lease(MonotonicTime until) { lease_until_ = until; }
  void lose_lease() { lost_ = true; }
  bool is_waiting() const { return *waits_ > 0; }
  bool lost() const { return lost_; }
  // Why the state could not be written, if so: no fault of the job.
  const std::optional<Error>& record_failure() const { return record_failure_; }
  // The same of the ledger: every job of the run meets it, and those of others may not.
  const std::optional<Error>& ledger_failure() const { return ledger_failure_; }

 private:
  Async<Result<void>> wait_for_backlog(std::string kind, state::Backlog below);

  EngineServices services_;
  state::Job job_;
  MonotonicTime lease_until_;
  bool stop_requested_ = false;
  bool lost_ = false;
  bool last_try_ = false;
  std::shared_ptr<int> waits_ = std::make_shared<int>(0);
  std::optional<Error> record_failure_;
  std::optional<Error> ledger_failure_;
};

// Writes the lines, if there are any, and puts their segment into the effects. Errors: those of the
// ledger; cancelled (a stop ended the wait for its place).
Async<Result<void>> write_lines(EngineServices services, std::string run, ledger::LineBuffer lines,
                                state::Effects* effects);

}  // namespace dth::engine
