#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/async.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "control/tasks/task_rules.h"
#include "state/control/hub_leases.h"
#include "state/control/task_store.h"

namespace dth::control {

// What was decided about slots of a task that came.
struct SlotReport {
  std::string task;  // its id
  std::string name;
  enum class What { started, queued, replaced, skipped, failed } what = What::skipped;
  std::uint64_t slots = 0;   // that came since the look before
  std::uint64_t missed = 0;  // of these, those that nobody was there for
  std::string run = {};      // what was started
  std::string why = {};      // of skipped and failed: for people
};
std::string_view to_string(SlotReport::What what);

struct SchedulerOptions {
  std::string holder;  // of the lease: never used before
  std::function<void(const SlotReport&)> on_decision = {};
  std::function<void(const Error&)> on_problem = {};
};

// Starts the runs of schedules. Every hub of a state looks once a second whether a task is due,
// which only reads; the one that holds the lease decides. A decision is one transaction, which
// holds only while the lease does and the task is as it was read: so no slot is lost or used twice
// where the holder changes, dies or stands still. What is due is judged by the database's clock
// where it has one.
class Scheduler {
 public:
  // These outlive it.
  Scheduler(state::TaskStore& tasks, state::HubLeases& leases, const TaskRules& rules, Clock& clock,
            BlockingExecutor& blocking, SchedulerOptions options)
      : tasks_(tasks),
        leases_(leases),
        rules_(rules),
        clock_(clock),
        blocking_(blocking),
        options_(std::move(options)) {}

  // Until it is cancelled; the lease is free afterwards.
  Async<void> run();
  // One look: true where more may be due at once. Blocks. Errors: those of state; what could not be
  // decided is due at the next look.
  Result<bool> turn();

 private:
  struct Decision;
  Result<bool> hold_lease(TimePoint now);
  Result<void> decide(const state::StoredTask& task, TimePoint now);
  Result<void> carry_out(const state::StoredTask& task, Decision decision, TimePoint now);
  Result<void> prepare_start(const state::StoredTask& task, Decision* decision,
                             TimePoint now) const;
  Async<void> release();

  state::TaskStore& tasks_;
  state::HubLeases& leases_;
  const TaskRules& rules_;
  Clock& clock_;
  BlockingExecutor& blocking_;
  const SchedulerOptions options_;
  std::optional<state::HubLease> lease_;
  MonotonicTime renew_at_ = MonotonicTime::min();
};

}  // namespace dth::control
