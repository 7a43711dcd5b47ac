#include "control/tasks/scheduler.h"

namespace dth::control {
namespace {

using state::StoredTask;
using state::TaskOutcome;
using state::TaskStep;
using What = SlotReport::What;

constexpr std::chrono::seconds lease_time{15};
constexpr std::chrono::seconds lease_renewed_after{5};
constexpr std::chrono::seconds between_looks{1};
constexpr std::size_t tasks_max = 100;  // of one look
constexpr std::chrono::minutes late_max{1};

const char* action_of(What what) {
  switch (what) {
    case What::started:
      return "startScheduledRun";
    case What::queued:
      return "queueScheduledRun";
    case What::replaced:
      return "replaceScheduledRun";
    case What::skipped:
      return "skipScheduledRun";
    case What::failed:
      break;
  }
  return "startScheduledRun";
}

state::AuditEntry entry_of(const SlotReport& report, TimePoint now) {
  state::AuditEntry entry;
  entry.at = now;
  entry.actor_kind = state::ActorKind::scheduler;
  entry.actor_name = "scheduler";
  entry.action = action_of(report.what);
  entry.target_kind = "task";
  entry.target_id = report.task;
  entry.target_name = report.name;
  if (report.what == What::failed) entry.outcome = state::AuditOutcome::refused;
  state::AuditChanges changes;
  changes.add("run", "", report.run);
  changes.add("slots", "", std::to_string(report.slots));
  if (report.missed > 0) changes.add("missed", "", std::to_string(report.missed));
  changes.add("reason", "", report.why);
  entry.changes = changes.to_json();
  return entry;
}

What what_of(SlotDecision decision) {
  switch (decision) {
    case SlotDecision::start:
      return What::started;
    case SlotDecision::start_after_current:
      return What::queued;
    case SlotDecision::replace_current:
      return What::replaced;
    case SlotDecision::nothing:
      break;
  }
  return What::skipped;
}

// Will the same fail again until somebody changes something?
bool is_lasting(const Error& error) {
  return !is_retryable(error.code) && error.code != ErrorCode::cancelled;
}

}  // namespace

std::string_view to_string(What what) {
  switch (what) {
    case What::started:
      return "started";
    case What::queued:
      return "queued";
    case What::replaced:
      return "replaced";
    case What::skipped:
      return "skipped";
    case What::failed:
      break;
  }
  return "failed";
}

// What is to be done about a task, and what it is told of.
struct Scheduler::Decision {
  SlotSituation situation;
  TaskStep step;
  SlotReport report;
  bool is_wish = false;  // a start was pending, and nothing keeps it back
};

Result<bool> Scheduler::hold_lease(TimePoint now) {
  const MonotonicTime time = clock_.monotonic_now();
  if (lease_ && time < renew_at_) return true;
  auto lease =
      leases_.acquire(std::string(state::scheduler_lease), options_.holder, now, lease_time);
  if (lease.has_error()) return lease.error();
  lease_ = std::move(*lease);
  renew_at_ = time + lease_renewed_after;
  return lease_.has_value();
}

// The lease is asked for where something is due only: a hub with nothing to do writes nothing.
Result<bool> Scheduler::turn() {
  auto due = tasks_.due(clock_.now(), tasks_max);
  if (due.has_error()) return due.error();
  if (due->tasks.empty()) return false;
  auto held = hold_lease(clock_.now());
  if (held.has_error()) return held.error();
  if (!*held) return false;  // another hub decides
  for (const StoredTask& task : due->tasks) {
    auto decided = decide(task, due->now);
    if (decided.has_value()) continue;
    if (decided.error().code == ErrorCode::precondition_failed) {
      lease_.reset();
      renew_at_ = MonotonicTime::min();
      return decided.error();
    }
    // The others are not kept waiting.
    if (options_.on_problem) options_.on_problem(decided.error());
  }
  return due->tasks.size() >= tasks_max;
}

Result<void> Scheduler::decide(const StoredTask& task, TimePoint now) {
  Decision decision;
  decision.step = {.task = task.id, .turn = task.turn, .clock = task.clock};
  decision.report = {.task = task.id, .name = task.definition.name};
  auto schedule = parse_task_schedule(task.definition.schedule);
  auto rule = schedule.has_value() ? rule_of(*schedule) : Result<Schedule>(schedule.error());
  if (rule.has_error()) {
    decision.step.clock.next_run_at.reset();
    decision.step.clock.start_pending = false;
    decision.step.clock.problem = rule.error().message;
    decision.report.what = What::failed;
    decision.report.why = rule.error().message;
    return carry_out(task, std::move(decision), now);
  }
  SlotSituation& situation = decision.situation;
  situation.due = find_due_slots(*rule, task.clock.looked_at, now);
  situation.now = now;
  situation.is_running = !task.current_run.empty();
  situation.missed = schedule->missed;
  situation.overlap = schedule->overlap;
  const DueSlots& slots = situation.due;
  if (slots.count > 0) decision.step.clock.looked_at = now;
  decision.step.clock.next_run_at = slots.next;
  decision.is_wish = task.clock.start_pending && !situation.is_running;
  decision.report.slots = slots.count;
  if (slots.count > 0) decision.report.missed = slots.count - (now - slots.last > late_max ? 0 : 1);
  return carry_out(task, std::move(decision), now);
}

// The step of a start. Where there can be no run, the task says why.
Result<void> Scheduler::prepare_start(const StoredTask& task, Decision* decision,
                                      TimePoint now) const {
  state::RunOrigin origin{.trigger = state::RunTrigger::schedule, .by = "schedule"};
  auto start = rules_.prepare(task, {}, std::move(origin), now);
  decision->step.clock.start_pending = false;
  if (start.has_value()) {
    decision->step.clock.problem.clear();
    decision->report.run = start->run.id;
    decision->step.start = std::move(*start);
    return {};
  }
  if (!is_lasting(start.error())) return start.error();
  decision->step.clock.problem = start.error().message;
  decision->report.what = What::failed;
  decision->report.why = start.error().message;
  return {};
}

Result<void> Scheduler::carry_out(const StoredTask& task, Decision decision, TimePoint now) {
  const bool has_failed = decision.report.what == What::failed;
  const SlotDecision slot =
      decision.is_wish ? SlotDecision::start : decide_slot(decision.situation);
  if (!has_failed) {
    decision.report.what = what_of(slot);
    switch (slot) {
      case SlotDecision::start:
        if (auto made = prepare_start(task, &decision, now); made.has_error()) return made;
        break;
      case SlotDecision::replace_current:
        decision.step.current_run = TaskStep::CurrentRun::is_cancelled;
        [[fallthrough]];
      case SlotDecision::start_after_current:
        decision.step.clock.start_pending = true;
        break;
      case SlotDecision::nothing:
        decision.report.why =
            decision.situation.is_running ? "the run before it is not over" : "it was missed";
        break;
    }
  }
  // Nothing came after all, as where a zone's rules changed: only the next slot is noted.
  const bool is_told = has_failed || decision.is_wish || decision.report.slots > 0;
  const state::AuditEntry entry = entry_of(decision.report, now);
  auto applied = tasks_.apply(decision.step, &*lease_, clock_.now(), is_told ? &entry : nullptr);
  if (applied.has_error() && applied.error().code == ErrorCode::already_exists) {
    // Another run between the same places is not over: as if it were the task's own.
    if (decision.is_wish && decision.report.slots == 0) return {};  // it stays pending
    decision.situation.is_running = true;
    decision.is_wish = false;
    decision.step.start.reset();
    decision.report.run.clear();
    decision.step.clock.start_pending = task.clock.start_pending;
    return carry_out(task, std::move(decision), now);
  }
  if (applied.has_error()) return applied.error();
  // Otherwise the task was changed since it was read: it is looked at again.
  if (*applied == TaskOutcome::done && is_told && options_.on_decision)
    options_.on_decision(decision.report);
  return {};
}

Async<void> Scheduler::run() {
  for (;;) {
    auto turned = co_await run_blocking(blocking_, [this] { return turn(); });
    if (turned.has_error() && options_.on_problem) options_.on_problem(turned.error());
    // A cancellation that came meanwhile finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) break;
    const bool has_more = turned.has_value() && *turned;
    const Duration pause = has_more ? Duration(std::chrono::milliseconds(1)) : between_looks;
    auto slept = co_await clock_.sleep_for(pause);
    if (slept.has_error()) break;
  }
  co_await release();
}

Async<void> Scheduler::release() {
  if (!lease_) co_return;
  auto released = co_await run_blocking(blocking_, [this] { return leases_.release(*lease_); });
  if (released.has_error() && options_.on_problem) options_.on_problem(released.error());
}

}  // namespace dth::control
