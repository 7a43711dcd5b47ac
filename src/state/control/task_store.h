#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "state/control/audit_log.h"
#include "state/control/hub_leases.h"
#include "state/control/labels.h"
#include "state/job.h"
#include "state/run.h"

namespace dth::state {

// What a task may do.
enum class TaskState {
  ready,
  paused,    // it starts no runs until somebody resumes it
  archived,  // it is kept for its history only
};
std::string_view to_string(TaskState state);
std::optional<TaskState> parse_task_state(std::string_view text);

struct TaskPlace {
  std::string endpoint;  // its id
  std::string path;      // "bucket/prefix/"
  bool operator==(const TaskPlace&) const = default;
};

// What its user says of a task. control/tasks writes and reads what is JSON.
struct TaskDefinition {
  std::string name;
  std::string description = {};
  Labels labels = {};
  std::string kind = {};    // the plugin's
  std::string action = {};  // "COPY"
  TaskPlace source = {};
  TaskPlace destination = {};
  std::string options = "{}";  // a JSON object of texts; never a secret
  std::string schedule = "{}";
  bool operator==(const TaskDefinition&) const = default;
};

// Where a task stands in its schedule.
struct TaskClock {
  TimePoint looked_at{};                      // the slots up to then were dealt with
  std::optional<TimePoint> next_run_at = {};  // the first slot after it
  bool start_pending = false;                 // a run starts once the one under way is over
  std::string problem = {};                   // why the last slot started no run; for people
  bool operator==(const TaskClock&) const = default;
};

struct StoredTask {
  std::string id;
  TaskDefinition definition;
  TaskState state = TaskState::ready;
  TaskClock clock;
  std::int64_t run_count = 0;
  std::optional<RunState> last_result;  // of the newest run that is over
  TimePoint created_at{};
  std::string created_by;  // for people
  TimePoint updated_at{};
  std::string updated_by;
  std::optional<TimePoint> paused_at;
  std::string paused_by;
  std::int64_t revision = 1;  // raised with each change of the definition
  std::int64_t turn = 0;      // raised with every change of the row, also by the scheduler

  // Read with it: ids of runs, empty where there is none.
  std::string current_run;  // the one that is not over
  std::string last_run;     // the newest that is over
};

enum class TaskView {
  all,        // all that are not archived
  running,    // with a run that is not over, nor paused
  attention,  // whose last run had failures, whose run waits, or that could not start one
  paused,
  archived,
};

// Which tasks a list shows: those that fit all given fields. What is empty fits everything.
struct TaskFilter {
  TaskView view = TaskView::all;
  std::string text = {};  // in name, description or a path; letters of ASCII in either case
  std::vector<TaskState> states = {};
  std::vector<RunState> last_results = {};
  std::vector<std::string> actions = {};
  std::vector<std::string> endpoints = {};  // either side's
  std::optional<Label> label = {};
};

struct TaskOrder {
  enum class Field {
    name,
    next_run_at,  // tasks without one are the latest
    updated_at,
    created_at,
  };
  Field field = Field::name;
  bool descending = false;
};

// Where a task stands in a list.
struct TaskPosition {
  std::string name = {};
  std::int64_t time = 0;  // microseconds since 1970; the greatest number where there is none
  std::string id = {};
};
TaskPosition position_of(const StoredTask& task, TaskOrder::Field field);

struct TaskCounts {
  std::int64_t all = 0;  // without those that are archived
  std::int64_t running = 0;
  std::int64_t attention = 0;
  std::int64_t paused = 0;
  std::int64_t archived = 0;
  bool operator==(const TaskCounts&) const = default;
};

// A run that a task starts. Its origin names the task; the store numbers it.
struct TaskStart {
  NewRun run;
  std::vector<NewJob> jobs;
};

// One change of a task, with all that belongs to it.
struct TaskStep {
  std::string task;
  std::int64_t turn = 0;  // as it was read
  std::optional<TaskDefinition> definition = {};
  std::optional<TaskState> state = {};
  TaskClock clock = {};  // from now on
  enum class CurrentRun {
    stays,
    is_paused,
    is_resumed,
    is_cancelled,
    must_be_over,  // nothing is changed otherwise
  } current_run = CurrentRun::stays;
  std::optional<TaskStart> start = {};  // must_be_over is meant
  std::string by = {};                  // for people: who changes the definition or the state
};

enum class TaskOutcome {
  done,
  outdated,  // the task was changed since it was read: nothing was done
  running,   // its run is not over: nothing was done
};

struct DueTasks {
  TimePoint now{};  // the time by which they are due
  std::vector<StoredTask> tasks;
};

// The lease whose holder starts the runs of schedules.
inline constexpr std::string_view scheduler_lease = "scheduler";

// Tasks: what users want to be done, and when. Names are unique among those that are not archived.
// See State for what every method keeps to.
class TaskStore {
 public:
  virtual ~TaskStore() = default;

  // already_exists: the name. not_found: an endpoint.
  virtual Result<void> create(const StoredTask& task, const AuditEntry& entry) = 0;
  // One step, in one transaction. already_exists: the name; of a start, an unfinished run that does
  // the same (RunStore::create_run()). not_found: the task, or an endpoint. precondition_failed:
  // the lease is another's. `lease` null: somebody asked for it. `entry` null: nobody needs to
  // know.
  virtual Result<TaskOutcome> apply(const TaskStep& step, const HubLease* lease, TimePoint now,
                                    const AuditEntry* entry) = 0;
  // Its runs stay.
  virtual Result<TaskOutcome> remove(const std::string& id, const AuditEntry& entry) = 0;

  // not_found.
  virtual Result<StoredTask> find(const std::string& id) = 0;
  // The one of that name that is not archived; not_found.
  virtual Result<StoredTask> find_named(const std::string& name) = 0;
  // In the order of the ids; those that are there.
  virtual Result<std::vector<StoredTask>> find_all(const std::vector<std::string>& ids) = 0;
  virtual Result<std::vector<StoredTask>> list(const TaskFilter& filter, const TaskOrder& order,
                                               const std::optional<TaskPosition>& after,
                                               std::size_t count_max) = 0;
  virtual Result<std::int64_t> count(const TaskFilter& filter) = 0;
  virtual Result<TaskCounts> counts() = 0;

  // Ready tasks of which a slot has come, the most overdue first, and those whose pending start
  // nothing keeps back any more. Reads only.
  virtual Result<DueTasks> due(TimePoint now, std::size_t count_max) = 0;
};

}  // namespace dth::state
