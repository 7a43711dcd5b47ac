#include "state/sql/control/sql_task_store.h"

#include <map>

#include "state/sql/conditions.h"
#include "state/sql/control/audit_rows.h"
#include "state/sql/control/endpoint_rows.h"
#include "state/sql/control/label_rows.h"
#include "state/sql/control/sql_hub_leases.h"
#include "state/sql/control/task_rows.h"
#include "state/sql/new_run_rows.h"
#include "state/sql/run_changes.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;
using CurrentRun = TaskStep::CurrentRun;

Error no_task(const std::string& id) {
  return {ErrorCode::not_found, "there is no task " + id, {}};
}

std::optional<std::int64_t> optional_number(const std::optional<TimePoint>& time) {
  if (!time) return std::nullopt;
  return to_microseconds(*time);
}

// The endpoints stay until the transaction ends.
Result<void> check_endpoints(Database& database, const TaskDefinition& definition) {
  for (const std::string& endpoint :
       {definition.source.endpoint, definition.destination.endpoint}) {
    if (hold_endpoint(database, endpoint)) continue;
    return Error{ErrorCode::not_found, "there is no endpoint " + endpoint, {}};
  }
  return {};
}

Result<void> check_name(Database& database, const std::string& name, const std::string& id) {
  if (!database
           .query("select 1 from task where name = ? and state <> 'archived' and id <> ?", name, id)
           .next())
    return {};
  return Error{ErrorCode::already_exists, "there is a task \"" + name + "\" already", {}};
}

void write_definition(Database& database, const std::string& id, const TaskDefinition& is) {
  database.run(
      "update task set name = ?, description = ?, labels = ?, kind = ?, action = ?, "
      "source_endpoint = ?, source_path = ?, destination_endpoint = ?, destination_path = ?, "
      "options = ?, schedule = ? where id = ?",
      is.name, is.description, labels_text(is.labels), is.kind, is.action, is.source.endpoint,
      is.source.path, is.destination.endpoint, is.destination.path, is.options, is.schedule, id);
}

void write_clock(Database& database, const std::string& id, const TaskClock& clock) {
  database.run(
      "update task set next_run_at = ?, looked_at = ?, start_pending = ?, problem = ?, turn = turn "
      "+ 1 where id = ?",
      optional_number(clock.next_run_at), clock.looked_at, clock.start_pending ? 1 : 0,
      clock.problem, id);
}

void write_state(Database& database, const TaskStep& step, TimePoint now) {
  const bool pauses = step.state == TaskState::paused;
  database.run("update task set state = ?, paused_at = ?, paused_by = ? where id = ?",
               to_string(*step.state),
               pauses ? std::optional(to_microseconds(now)) : std::optional<std::int64_t>(),
               pauses ? step.by : std::string(), step.task);
}

// The task's run that is not over, to be changed; nothing where there is none.
struct OpenRun {
  std::string id;
  RunRow row;
};
Result<std::optional<OpenRun>> find_open_run(Database& database, const std::string& task) {
  std::string id;
  {
    Query query = database.query(
        "select id from run where task = ? and ended_at is null order by task_number desc limit 1",
        task);
    if (!query.next()) return std::optional<OpenRun>();
    id = query.text(0);
  }
  auto row = require_run(database, id, For::update);
  if (row.has_error()) return row.error();
  if (is_over(row->state)) return std::optional<OpenRun>();
  return std::optional(OpenRun{std::move(id), *row});
}

void change_run(Database& database, const RunRow& run, CurrentRun change, TimePoint now) {
  if (run.cancel_requested) return;
  if (change == CurrentRun::is_paused) pause_run(database, run);
  if (change == CurrentRun::is_resumed) resume_run(database, run);
  if (change == CurrentRun::is_cancelled && !is_being_closed(database, run.number))
    cancel_run(database, run, now);
}

// The row is locked, and is as its reader saw it.
Result<TaskOutcome> lock_task(Database& database, const std::string& id, std::int64_t turn) {
  Query query = database.query("select turn from task where id = ? for update", id);
  if (!query.next()) return no_task(id);
  return query.integer(0) == turn ? TaskOutcome::done : TaskOutcome::outdated;
}

// The name that the task will have is no other's.
Result<void> check_next_name(Database& database, const TaskStep& step) {
  std::string name, state;
  if (Query query = database.query("select name, state from task where id = ?", step.task);
      query.next()) {
    name = query.text(0);
    state = query.text(1);
  }
  if (step.definition) name = step.definition->name;
  if (step.state) state = to_string(*step.state);
  return state == to_string(TaskState::archived) ? Result<void>()
                                                 : check_name(database, name, step.task);
}

Result<void> write_step(Database& database, const TaskStep& step, TimePoint now) {
  if (step.definition || step.state) {
    if (auto checked = check_next_name(database, step); checked.has_error()) return checked;
    database.run(
        "update task set revision = revision + 1, updated_at = ?, updated_by = ? where id "
        "= ?",
        now, step.by, step.task);
  }
  if (step.definition) {
    if (auto checked = check_endpoints(database, *step.definition); checked.has_error())
      return checked;
    write_definition(database, step.task, *step.definition);
  }
  if (step.state) write_state(database, step, now);
  write_clock(database, step.task, step.clock);
  return {};
}

// --- lists

constexpr std::string_view next_or_latest = "coalesce(next_run_at, 9223372036854775807)";
constexpr std::string_view needs_attention =
    "(last_result in ('failed', 'completed_with_failures') or problem <> '' or id in (select task "
    "from run where ended_at is null and task <> '' and state = 'waiting'))";
constexpr std::string_view is_running =
    "id in (select task from run where ended_at is null and task <> '' and state <> 'paused')";

void add_view(Conditions& where, TaskView view) {
  switch (view) {
    case TaskView::all:
      return where.add("state <> 'archived'", {});
    case TaskView::running:
      return where.add(is_running, {});
    case TaskView::attention:
      where.add("state <> 'archived'", {});
      return where.add(needs_attention, {});
    case TaskView::paused:
      return where.add("state = 'paused'", {});
    case TaskView::archived:
      return where.add("state = 'archived'", {});
  }
}

void add_endpoints(Conditions& where, const std::vector<std::string>& endpoints) {
  if (endpoints.empty()) return;
  std::string list;
  std::vector<Conditions::Value> values;
  for (int side = 0; side < 2; ++side) {
    for (const std::string& endpoint : endpoints) values.emplace_back(endpoint);
  }
  for (std::size_t i = 0; i < endpoints.size(); ++i) list += i == 0 ? "?" : ", ?";
  where.add("(source_endpoint in (" + list + ") or destination_endpoint in (" + list + "))",
            std::move(values));
}

Conditions conditions_of(const TaskFilter& filter) {
  Conditions where;
  add_view(where, filter.view);
  std::vector<std::string> states, results;
  for (const TaskState state : filter.states) states.emplace_back(to_string(state));
  for (const RunState state : filter.last_results) results.emplace_back(to_string(state));
  where.add_any_of("state", states);
  where.add_any_of("last_result", results);
  where.add_any_of("action", filter.actions);
  add_endpoints(where, filter.endpoints);
  if (filter.label) add_label(where, "labels", *filter.label);
  where.add_contains({"name", "description", "source_path", "destination_path"}, filter.text);
  return where;
}

std::string_view column_of(TaskOrder::Field field) {
  using Field = TaskOrder::Field;
  switch (field) {
    case Field::next_run_at:
      return next_or_latest;
    case Field::updated_at:
      return "updated_at";
    case Field::created_at:
      return "created_at";
    case Field::name:
      break;
  }
  return "name";
}

void begin_after(Conditions& where, const TaskOrder& order, const TaskPosition& after) {
  const bool by_name = order.field == TaskOrder::Field::name;
  where.add("(" + std::string(column_of(order.field)) + ", id) " + (order.descending ? "<" : ">") +
                " (?, ?)",
            {by_name ? Conditions::Value(after.name) : Conditions::Value(after.time), after.id});
}

std::string order_of(const TaskOrder& order) {
  const std::string direction = order.descending ? " desc" : " asc";
  return "order by " + std::string(column_of(order.field)) + direction + ", id" + direction +
         " limit ?";
}

}  // namespace

Result<void> SqlTaskStore::create(const StoredTask& task, const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "creating a task", [&](Database& database) -> Result<void> {
        if (auto checked = check_name(database, task.definition.name, task.id); checked.has_error())
          return checked;
        if (auto checked = check_endpoints(database, task.definition); checked.has_error())
          return checked;
        database.run(
            "insert into task (id, name, description, labels, kind, action, source_endpoint, "
            "source_path, destination_endpoint, destination_path, options, schedule, state, "
            "looked_at, start_pending, problem, run_count, last_result, created_at, created_by, "
            "updated_at, updated_by, paused_by, revision, turn) values (?, ?, '', '{}', '', '', "
            "'', '', '', '', '{}', '{}', ?, 0, 0, '', 0, '', ?, ?, ?, ?, '', 1, 0)",
            task.id, task.definition.name, to_string(task.state), task.created_at, task.created_by,
            task.updated_at, task.updated_by);
        write_definition(database, task.id, task.definition);
        write_clock(database, task.id, task.clock);
        append_audit(database, entry);
        return {};
      });
}

Result<TaskOutcome> SqlTaskStore::apply(const TaskStep& step, const HubLease* lease,
                                        TimePoint callers_now, const AuditEntry* entry) {
  return transactor_.transact(
      Mode::write, "changing task " + step.task, [&](Database& database) -> Result<TaskOutcome> {
        if (lease != nullptr) {
          if (auto held = require_lease(database, *lease, callers_now); held.has_error())
            return held.error();
        }
        auto locked = lock_task(database, step.task, step.turn);
        if (locked.has_error() || *locked != TaskOutcome::done) return locked;
        auto open = find_open_run(database, step.task);
        if (open.has_error()) return open.error();
        const bool must_be_over = step.start || step.current_run == CurrentRun::must_be_over;
        if (*open && must_be_over) return TaskOutcome::running;
        const TimePoint now = database.now(callers_now);
        if (*open) change_run(database, (*open)->row, step.current_run, now);
        if (auto written = write_step(database, step, callers_now); written.has_error())
          return written.error();
        if (step.start) {
          auto begun = insert_run(database, step.start->run, step.start->jobs, callers_now);
          if (begun.has_error()) return begun.error();
        }
        if (entry != nullptr) append_audit(database, *entry);
        return TaskOutcome::done;
      });
}

Result<TaskOutcome> SqlTaskStore::remove(const std::string& id, const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "deleting task " + id, [&](Database& database) -> Result<TaskOutcome> {
        if (!database.query("select 1 from task where id = ? for update", id).next())
          return no_task(id);
        auto open = find_open_run(database, id);
        if (open.has_error()) return open.error();
        if (*open) return TaskOutcome::running;
        database.run("delete from task where id = ?", id);
        append_audit(database, entry);
        return TaskOutcome::done;
      });
}

Result<StoredTask> SqlTaskStore::find(const std::string& id) {
  return transactor_.transact(
      Mode::read, "reading a task", [&](Database& database) -> Result<StoredTask> {
        static const std::string sql = std::string(select_tasks) + " where id = ?";
        Query query = database.query(sql, id);
        if (query.next()) return read_task(query);
        return no_task(id);
      });
}

Result<StoredTask> SqlTaskStore::find_named(const std::string& name) {
  return transactor_.transact(
      Mode::read, "reading a task", [&](Database& database) -> Result<StoredTask> {
        static const std::string sql =
            std::string(select_tasks) + " where name = ? and state <> 'archived'";
        Query query = database.query(sql, name);
        if (query.next()) return read_task(query);
        return Error{ErrorCode::not_found, "there is no task \"" + name + "\"", {}};
      });
}

Result<std::vector<StoredTask>> SqlTaskStore::find_all(const std::vector<std::string>& ids) {
  return transactor_.transact(
      Mode::read, "reading tasks", [&](Database& database) -> Result<std::vector<StoredTask>> {
        if (ids.empty()) return std::vector<StoredTask>();
        Conditions where;
        where.add_any_of("id", ids);
        return read_tasks(where.query(database, select_tasks, "order by id"));
      });
}

Result<std::vector<StoredTask>> SqlTaskStore::list(const TaskFilter& filter, const TaskOrder& order,
                                                   const std::optional<TaskPosition>& after,
                                                   std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "listing the tasks", [&](Database& database) -> Result<std::vector<StoredTask>> {
        Conditions where = conditions_of(filter);
        if (after) begin_after(where, order, *after);
        return read_tasks(
            where.query(database, select_tasks, order_of(order), {to_limit(count_max)}));
      });
}

Result<std::int64_t> SqlTaskStore::count(const TaskFilter& filter) {
  return transactor_.transact(
      Mode::read, "counting the tasks", [&](Database& database) -> Result<std::int64_t> {
        Query query = conditions_of(filter).query(database, "select count(*) from task", "");
        return query.next() ? query.integer(0) : 0;
      });
}

Result<TaskCounts> SqlTaskStore::counts() {
  return transactor_.transact(
      Mode::read, "counting the tasks", [&](Database& database) -> Result<TaskCounts> {
        static const std::string sql =
            "select count(case when state <> 'archived' then 1 end), count(case when " +
            std::string(is_running) + " then 1 end), count(case when state <> 'archived' and " +
            std::string(needs_attention) +
            " then 1 end), count(case when state = 'paused' then 1 end), count(case when state = "
            "'archived' then 1 end) from task";
        Query query = database.query(sql);
        TaskCounts counts;
        if (!query.next()) return counts;
        counts.all = query.integer(0);
        counts.running = query.integer(1);
        counts.attention = query.integer(2);
        counts.paused = query.integer(3);
        counts.archived = query.integer(4);
        return counts;
      });
}

Result<DueTasks> SqlTaskStore::due(TimePoint callers_now, std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "looking for due tasks", [&](Database& database) -> Result<DueTasks> {
        static const std::string by_slot =
            std::string(select_tasks) +
            " where state = 'ready' and next_run_at is not null and next_run_at <= ? order by "
            "next_run_at limit ?";
        static const std::string by_wish =
            std::string(select_tasks) +
            " where state = 'ready' and start_pending = 1 and (next_run_at is null or next_run_at "
            "> ?) and not exists (select 1 from run where run.task = task.id and run.ended_at is "
            "null) order by id limit ?";
        DueTasks due;
        due.now = database.now(callers_now);
        for (const std::string* sql : {&by_slot, &by_wish}) {
          auto tasks = read_tasks(database.query(*sql, due.now, to_limit(count_max)));
          if (tasks.has_error()) return tasks.error();
          for (StoredTask& task : *tasks) due.tasks.push_back(std::move(task));
        }
        return due;
      });
}

}  // namespace dth::state::sql
