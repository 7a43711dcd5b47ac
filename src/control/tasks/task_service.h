#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/tasks/task_rules.h"
#include "state/control/task_store.h"

namespace dth::control {

// What was done to a task, or what is wrong: then nothing was changed.
struct TaskAnswer {
  std::optional<state::StoredTask> task = {};  // as it is now
  std::string run = {};                        // the run that was started; empty: none
  std::vector<std::string> warnings = {};
  TaskProblems problems = {};
};

// A field that differs: "name", "options".
struct TaskChange {
  std::string field;
  std::string before;
  std::string after;
};
std::vector<TaskChange> changes_between(const state::TaskDefinition& before,
                                        const state::TaskDefinition& after);

// The use cases of tasks. Each validates everything, then changes state in one transaction, which
// also writes the audit entry. Methods block; thread-safe. Errors are those of state: what the
// caller can put right is among the problems.
class TaskService {
 public:
  // All outlive it.
  TaskService(state::TaskStore& store, TaskEndpoints& endpoints,
              std::span<engine::Plugin* const> plugins, Clock& clock)
      : store_(store), rules_(endpoints, plugins), clock_(clock) {}

  Result<TaskAnswer> create(const TaskInput& input, TaskCaller caller);
  // `revision`: the one that the caller saw.
  Result<TaskAnswer> update(const std::string& id, std::int64_t revision, const TaskInput& input,
                            TaskCaller caller);
  // Nothing is kept. `id`: what it would be a change of; empty: it would be new.
  Result<TaskAnswer> validate(const std::string& id, const TaskInput& input, TaskCaller caller);

  // Starts a run now.
  Result<TaskAnswer> run(const std::string& id, const GivenOptions& options,
                         std::optional<options::Action> action, TaskCaller caller);
  // No more runs; the one under way is paused as well. Idempotent.
  Result<TaskAnswer> pause(const std::string& id, TaskCaller caller);
  // A paused or archived task is ready again, and the run under way goes on. What was due while it
  // was paused counts as missed; while it was archived nothing was. Idempotent.
  Result<TaskAnswer> resume(const std::string& id, TaskCaller caller);
  // Not while a run is under way. Idempotent.
  Result<TaskAnswer> archive(const std::string& id, TaskCaller caller);
  // The same; runs and ledgers stay. The task as it was.
  Result<TaskAnswer> remove(const std::string& id, TaskCaller caller);

  // Where no other task has the name. What is wrong with it otherwise.
  Result<std::optional<TaskProblem>> check_name(const std::string& name, const std::string& id);

  state::TaskStore& store() { return store_; }
  const TaskRules& rules() const { return rules_; }
  Clock& clock() { return clock_; }

 private:
  struct Verb;
  Result<TaskAnswer> change_state(const std::string& id, const Verb& verb, TaskCaller caller);
  Result<TaskAnswer> answer(const std::string& id, std::string run = {});

  state::TaskStore& store_;
  const TaskRules rules_;
  Clock& clock_;
};

}  // namespace dth::control
