#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "control/tasks/compose.h"
#include "control/tasks/task_problem.h"
#include "control/tasks/task_schedule.h"
#include "engine/plugin.h"
#include "state/control/task_store.h"

namespace dth::control {

// As they are given: a list's name comes once for each member.
using GivenOptions = std::vector<std::pair<std::string, std::string>>;

// What somebody says of a task.
struct TaskInput {
  std::string name = {};
  std::string description = {};
  state::Labels labels = {};
  std::string kind = {};  // the plugin's
  options::Action action = options::Action::copy;
  state::TaskPlace source = {};
  state::TaskPlace destination = {};
  GivenOptions options = {};
  TaskSchedule schedule = {};
};

// What is different in one run.
struct TaskOverrides {
  std::optional<options::Action> action = {};
  options::Values options = {};
};

// Who asks, and the entry of the audit log that says so; the rest of it is filled in.
struct TaskCaller {
  state::AuditEntry entry = {};
  // Others give no option and use no endpoint that stands for the hub's own host.
  bool is_administrator = false;
};

// Text, as state keeps it, and back; data_corrupted for what json_of() cannot have written.
std::string json_of(const std::map<std::string, std::string, std::less<>>& texts);
Result<std::map<std::string, std::string, std::less<>>> parse_texts(const std::string& json,
                                                                    std::string_view what);
// The members of lists apart, as given.
GivenOptions given_options(const options::Values& values, std::span<const options::Option> table);

inline constexpr std::size_t task_name_max = 100;
inline constexpr std::size_t task_description_max = 2'000;
inline constexpr std::size_t task_path_max = 4'200;
inline constexpr std::size_t task_labels_max = 50;
inline constexpr std::size_t task_label_max = 100;
inline constexpr std::size_t task_options_bytes_max = 64 * 1024;

// What a task may say, whether it is valid, and the runs that it makes. Blocks; thread-safe.
class TaskRules {
 public:
  // Both outlive it.
  TaskRules(TaskEndpoints& endpoints, std::span<engine::Plugin* const> plugins)
      : endpoints_(endpoints), plugins_(plugins) {}

  struct Checked {
    state::TaskDefinition definition;
    std::optional<Schedule> schedule;
    std::vector<std::string> warnings;
    TaskProblems problems;  // the rest means nothing where there are any
  };
  // `before`: what it is a change of; null: it is new.
  Result<Checked> check(const TaskInput& input, const TaskCaller& caller,
                        const state::StoredTask* before, TimePoint now) const;

  // Options for one run, as values; `problems` says at "options" what is wrong.
  options::Values read_overrides(const GivenOptions& given, const engine::Plugin& plugin,
                                 options::Action action, const TaskCaller& caller,
                                 TaskProblems* problems) const;

  // A run of the task as it is now. Errors: invalid_argument (the plugin refuses it), not_found (an
  // endpoint), unsupported (the kind), data_corrupted, and those of TaskEndpoints.
  Result<state::TaskStart> prepare(const state::StoredTask& task, const TaskOverrides& overrides,
                                   state::RunOrigin origin, TimePoint now) const;

  // unsupported: there is none.
  Result<engine::Plugin*> plugin_of(const std::string& kind) const;
  TaskEndpoints& endpoints() const { return endpoints_; }

 private:
  Result<void> check_places(const TaskInput& input, const TaskCaller& caller, TaskParts* parts,
                            TaskProblems* problems) const;
  void check_schedule(const TaskInput& input, const state::StoredTask* before, TimePoint now,
                      Checked* checked) const;

  TaskEndpoints& endpoints_;
  const std::span<engine::Plugin* const> plugins_;
};

// The parts of a kept task that a run is composed of. Errors: not_found, data_corrupted.
Result<TaskParts> parts_of(const state::TaskDefinition& definition, TaskEndpoints& endpoints);

}  // namespace dth::control
