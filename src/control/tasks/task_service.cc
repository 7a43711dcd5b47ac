#include "control/tasks/task_service.h"

#include <functional>

#include "base/encoding.h"
#include "base/ids.h"

namespace dth::control {
namespace {

using Code = TaskProblem::Code;
using state::StoredTask;
using state::TaskOutcome;
using state::TaskState;
using state::TaskStep;
using CurrentRun = TaskStep::CurrentRun;

// The scheduler may take a step of the same task at the same moment, once a second.
constexpr int attempts_max = 8;

TaskAnswer refused(TaskProblem problem) {
  TaskAnswer answer;
  answer.problems.push_back(std::move(problem));
  return answer;
}

TaskAnswer no_such(const std::string& id) {
  return refused({Code::not_found, {"id"}, "there is no task " + printable(id)});
}

TaskAnswer wrong_state(std::string message) {
  return refused({Code::wrong_state, {"id"}, std::move(message)});
}

TaskAnswer still_runs(const StoredTask& task) {
  return wrong_state("a run of the task \"" + task.definition.name + "\" is not over" +
                     (task.current_run.empty() ? "" : " (" + task.current_run + ")") +
                     ": wait until it ends, or cancel it");
}

Error changed_too_often(const std::string& id) {
  return {ErrorCode::unavailable, "task " + id + " is being changed by others: try again", {}};
}

void name_target(const StoredTask& task, const char* action, state::AuditEntry* entry) {
  entry->action = action;
  entry->target_kind = "task";
  entry->target_id = task.id;
  entry->target_name = task.definition.name;
}

std::string audited(const std::vector<TaskChange>& changes) {
  state::AuditChanges audit;
  for (const TaskChange& change : changes) audit.add(change.field, change.before, change.after);
  return audit.to_json();
}

// What the state says that the caller can put right; nothing for other errors.
std::optional<TaskAnswer> refused_by_state(const Error& error) {
  if (error.code == ErrorCode::already_exists)
    return refused({Code::taken, {"name"}, error.message});
  if (error.code == ErrorCode::not_found) return refused({Code::not_found, {}, error.message});
  return std::nullopt;
}

// Where a task that is ready stands in its schedule from `since` on.
Result<state::TaskClock> clock_since(const StoredTask& task, TimePoint since) {
  auto schedule = parse_task_schedule(task.definition.schedule);
  if (schedule.has_error()) return schedule.error();
  auto rule = rule_of(*schedule);
  if (rule.has_error()) return rule.error();
  state::TaskClock clock = task.clock;
  clock.looked_at = since;
  clock.next_run_at = rule->next_after(since);
  return clock;
}

bool is_invalid(const Error& error) {
  return error.code == ErrorCode::invalid_argument || error.code == ErrorCode::unsupported ||
         error.code == ErrorCode::not_found;
}

}  // namespace

std::vector<TaskChange> changes_between(const state::TaskDefinition& before,
                                        const state::TaskDefinition& after) {
  std::vector<TaskChange> changes;
  const auto add = [&](const char* field, const std::string& from, const std::string& to) {
    if (from != to) changes.push_back({field, from, to});
  };
  const auto place = [](const state::TaskPlace& of) {
    return of.endpoint.empty() ? std::string() : of.endpoint + ": " + of.path;
  };
  add("name", before.name, after.name);
  add("description", before.description, after.description);
  add("labels", json_of(before.labels), json_of(after.labels));
  add("kind", before.kind, after.kind);
  add("action", before.action, after.action);
  add("source", place(before.source), place(after.source));
  add("destination", place(before.destination), place(after.destination));
  add("options", before.options, after.options);
  add("schedule", before.schedule, after.schedule);
  return changes;
}

Result<TaskAnswer> TaskService::answer(const std::string& id, std::string run) {
  auto task = store_.find(id);
  if (task.has_error() && task.error().code == ErrorCode::not_found) return no_such(id);
  if (task.has_error()) return task.error();
  TaskAnswer answer;
  answer.task = std::move(*task);
  answer.run = std::move(run);
  return answer;
}

Result<std::optional<TaskProblem>> TaskService::check_name(const std::string& name,
                                                           const std::string& id) {
  auto other = store_.find_named(name);
  if (other.has_error() && other.error().code == ErrorCode::not_found)
    return std::optional<TaskProblem>();
  if (other.has_error()) return other.error();
  if (other->id == id) return std::optional<TaskProblem>();
  return std::optional(
      TaskProblem{Code::taken, {"name"}, "there is a task \"" + name + "\" already"});
}

Result<TaskAnswer> TaskService::create(const TaskInput& input, TaskCaller caller) {
  const TimePoint now = clock_.now();
  auto checked = rules_.check(input, caller, nullptr, now);
  if (checked.has_error()) return checked.error();
  if (!checked->problems.empty()) return TaskAnswer{.problems = std::move(checked->problems)};
  StoredTask task;
  task.id = new_id("task");
  task.definition = std::move(checked->definition);
  task.clock = {.looked_at = now, .next_run_at = checked->schedule->next_after(now)};
  task.created_at = task.updated_at = now;
  task.created_by = task.updated_by = caller.entry.actor_name;
  name_target(task, "createTask", &caller.entry);
  caller.entry.changes =
      audited(changes_between({.name = "", .options = "", .schedule = ""}, task.definition));
  auto created = store_.create(task, caller.entry);
  if (created.has_error()) {
    if (auto told = refused_by_state(created.error())) return *told;
    return created.error();
  }
  auto kept = answer(task.id);
  if (kept.has_value()) kept->warnings = std::move(checked->warnings);
  return kept;
}

Result<TaskAnswer> TaskService::validate(const std::string& id, const TaskInput& input,
                                         TaskCaller caller) {
  std::optional<StoredTask> before;
  if (!id.empty()) {
    auto found = answer(id);
    if (found.has_error() || !found->task) return found;
    before = std::move(found->task);
  }
  auto checked = rules_.check(input, caller, before ? &*before : nullptr, clock_.now());
  if (checked.has_error()) return checked.error();
  auto name = check_name(input.name, id);
  if (name.has_error()) return name.error();
  if (*name) checked->problems.push_back(std::move(**name));
  TaskAnswer answer;
  answer.warnings = std::move(checked->warnings);
  answer.problems = std::move(checked->problems);
  return answer;
}

Result<TaskAnswer> TaskService::update(const std::string& id, std::int64_t revision,
                                       const TaskInput& input, TaskCaller caller) {
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    auto found = answer(id);
    if (found.has_error() || !found->task) return found;
    const StoredTask& before = *found->task;
    if (before.revision != revision) {
      return refused(
          {Code::stale, {"revision"}, "somebody else changed the task meanwhile: read it again"});
    }
    if (before.state == TaskState::archived)
      return wrong_state("the task is archived: resume it first");
    const TimePoint now = clock_.now();
    auto checked = rules_.check(input, caller, &before, now);
    if (checked.has_error()) return checked.error();
    if (!checked->problems.empty()) return TaskAnswer{.problems = std::move(checked->problems)};
    const auto changes = changes_between(before.definition, checked->definition);
    if (changes.empty()) return found;
    TaskStep step{.task = id, .turn = before.turn, .clock = before.clock};
    step.by = caller.entry.actor_name;
    if (checked->definition.schedule != before.definition.schedule) {
      step.clock.looked_at = now;
      if (before.state == TaskState::ready)
        step.clock.next_run_at = checked->schedule->next_after(now);
    }
    step.clock.problem.clear();
    step.definition = checked->definition;
    name_target(before, "updateTask", &caller.entry);
    caller.entry.changes = audited(changes);
    auto applied = store_.apply(step, nullptr, now, &caller.entry);
    if (applied.has_error()) {
      if (auto told = refused_by_state(applied.error())) return *told;
      return applied.error();
    }
    if (*applied == TaskOutcome::outdated) continue;
    auto kept = answer(id);
    if (kept.has_value()) kept->warnings = std::move(checked->warnings);
    return kept;
  }
  return changed_too_often(id);
}

Result<TaskAnswer> TaskService::run(const std::string& id, const GivenOptions& options,
                                    std::optional<options::Action> action, TaskCaller caller) {
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    auto found = answer(id);
    if (found.has_error() || !found->task) return found;
    const StoredTask& task = *found->task;
    if (task.state != TaskState::ready)
      return wrong_state("the task \"" + task.definition.name + "\" is " +
                         std::string(to_string(task.state)) + ": resume it first");
    if (!task.current_run.empty()) return still_runs(task);
    auto plugin = rules_.plugin_of(task.definition.kind);
    if (plugin.has_error()) return refused({Code::invalid, {}, plugin.error().message});
    TaskProblems problems;
    TaskOverrides overrides{.action = action};
    const auto own = options::parse_action(task.definition.action);
    overrides.options = rules_.read_overrides(
        options, **plugin, action.value_or(own.value_or(options::Action::copy)), caller, &problems);
    if (!problems.empty()) return TaskAnswer{.problems = std::move(problems)};
    const TimePoint now = clock_.now();
    state::RunOrigin origin{.trigger = state::RunTrigger::manual, .by = caller.entry.actor_name};
    auto start = rules_.prepare(task, overrides, std::move(origin), now);
    if (start.has_error()) {
      if (!is_invalid(start.error())) return start.error();
      return refused({Code::invalid, {}, start.error().message});
    }
    TaskStep step{.task = id, .turn = task.turn, .clock = task.clock};
    step.clock.problem.clear();
    name_target(task, "runTask", &caller.entry);
    state::AuditChanges changes;
    changes.add("run", "", start->run.id);
    if (action) changes.add("action", task.definition.action, to_string(*action));
    for (const auto& [name, value] : overrides.options) changes.add("options." + name, "", value);
    caller.entry.changes = changes.to_json();
    const std::string run = start->run.id;
    step.start = std::move(*start);
    auto applied = store_.apply(step, nullptr, now, &caller.entry);
    if (applied.has_error() && applied.error().code == ErrorCode::already_exists)
      return wrong_state(applied.error().message);
    if (applied.has_error()) {
      if (auto told = refused_by_state(applied.error())) return *told;
      return applied.error();
    }
    if (*applied == TaskOutcome::running) return still_runs(task);
    if (*applied == TaskOutcome::done) return answer(id, run);
  }
  return changed_too_often(id);
}

// A step from one state to another.
struct TaskService::Verb {
  const char* action;  // of the audit log
  TaskState to;
  CurrentRun current_run;
};

Result<TaskAnswer> TaskService::change_state(const std::string& id, const Verb& verb,
                                             TaskCaller caller) {
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    auto found = answer(id);
    if (found.has_error() || !found->task) return found;
    const StoredTask& task = *found->task;
    if (task.state == verb.to) return found;
    if (verb.to == TaskState::paused && task.state == TaskState::archived)
      return wrong_state("the task is archived: it starts no runs");
    const TimePoint now = clock_.now();
    TaskStep step{.task = id, .turn = task.turn, .clock = task.clock};
    step.state = verb.to;
    step.current_run = verb.current_run;
    step.by = caller.entry.actor_name;
    step.clock.next_run_at.reset();
    if (verb.to == TaskState::archived) step.clock.start_pending = false;
    if (verb.to == TaskState::ready) {
      const bool was_paused = task.state == TaskState::paused;
      auto clock = clock_since(task, was_paused ? task.clock.looked_at : now);
      if (clock.has_error()) return clock.error();
      step.clock = std::move(*clock);
    }
    name_target(task, verb.action, &caller.entry);
    state::AuditChanges changes;
    changes.add("state", to_string(task.state), to_string(verb.to));
    caller.entry.changes = changes.to_json();
    auto applied = store_.apply(step, nullptr, now, &caller.entry);
    if (applied.has_error()) {
      if (auto told = refused_by_state(applied.error())) return *told;
      return applied.error();
    }
    if (*applied == TaskOutcome::running) return still_runs(task);
    if (*applied == TaskOutcome::done) return answer(id);
  }
  return changed_too_often(id);
}

Result<TaskAnswer> TaskService::pause(const std::string& id, TaskCaller caller) {
  return change_state(id, {"pauseTask", TaskState::paused, CurrentRun::is_paused},
                      std::move(caller));
}

Result<TaskAnswer> TaskService::resume(const std::string& id, TaskCaller caller) {
  return change_state(id, {"resumeTask", TaskState::ready, CurrentRun::is_resumed},
                      std::move(caller));
}

Result<TaskAnswer> TaskService::archive(const std::string& id, TaskCaller caller) {
  return change_state(id, {"archiveTask", TaskState::archived, CurrentRun::must_be_over},
                      std::move(caller));
}

Result<TaskAnswer> TaskService::remove(const std::string& id, TaskCaller caller) {
  auto found = answer(id);
  if (found.has_error() || !found->task) return found;
  name_target(*found->task, "deleteTask", &caller.entry);
  caller.entry.at = clock_.now();
  caller.entry.changes = audited(
      changes_between(found->task->definition, {.name = "", .options = "", .schedule = ""}));
  auto removed = store_.remove(id, caller.entry);
  if (removed.has_error() && removed.error().code == ErrorCode::not_found) return no_such(id);
  if (removed.has_error()) return removed.error();
  if (*removed == TaskOutcome::running) return still_runs(*found->task);
  return found;
}

}  // namespace dth::control
