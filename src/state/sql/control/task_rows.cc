#include "state/sql/control/task_rows.h"

#include "state/sql/control/label_rows.h"

namespace dth::state::sql {
namespace {

Error unknown_word(const std::string& task, std::string_view what, const std::string& word) {
  return {ErrorCode::data_corrupted,
          "task " + task + " has the unknown " + std::string(what) + " \"" + word + "\"",
          {}};
}

Result<void> read_definition(const Query& query, TaskDefinition& definition) {
  auto labels = read_labels(query.text(3), "task " + query.text(0));
  if (labels.has_error()) return labels.error();
  definition.labels = std::move(*labels);
  definition.name = query.text(1);
  definition.description = query.text(2);
  definition.kind = query.text(4);
  definition.action = query.text(5);
  definition.source = {query.text(6), query.text(7)};
  definition.destination = {query.text(8), query.text(9)};
  definition.options = query.text(10);
  definition.schedule = query.text(11);
  return {};
}

}  // namespace

const std::string_view select_tasks =
    "select id, name, description, labels, kind, action, source_endpoint, source_path, "
    "destination_endpoint, destination_path, options, schedule, state, next_run_at, looked_at, "
    "start_pending, problem, run_count, last_result, created_at, created_by, updated_at, "
    "updated_by, paused_at, paused_by, revision, turn, "
    "(select run.id from run where run.task = task.id and run.ended_at is null order by "
    "run.task_number desc limit 1) as current_run, "
    "(select run.id from run where run.task = task.id and run.task <> '' and run.ended_at is not "
    "null order by run.task_number desc limit 1) as newest_over from task";

Result<StoredTask> read_task(const Query& query) {
  StoredTask task;
  task.id = query.text(0);
  if (auto read = read_definition(query, task.definition); read.has_error()) return read.error();
  const auto state = parse_task_state(query.text(12));
  if (!state) return unknown_word(task.id, "state", query.text(12));
  task.state = *state;
  if (!query.is_null(13)) task.clock.next_run_at = query.time(13);
  task.clock.looked_at = query.time(14);
  task.clock.start_pending = query.integer(15) != 0;
  task.clock.problem = query.text(16);
  task.run_count = query.integer(17);
  if (const std::string result = query.text(18); !result.empty()) {
    task.last_result = parse_run_state(result);
    if (!task.last_result) return unknown_word(task.id, "result", result);
  }
  task.created_at = query.time(19);
  task.created_by = query.text(20);
  task.updated_at = query.time(21);
  task.updated_by = query.text(22);
  if (!query.is_null(23)) task.paused_at = query.time(23);
  task.paused_by = query.text(24);
  task.revision = query.integer(25);
  task.turn = query.integer(26);
  task.current_run = query.text(27);
  task.last_run = query.text(28);
  return task;
}

Result<std::vector<StoredTask>> read_tasks(Query query) {
  std::vector<StoredTask> tasks;
  while (query.next()) {
    auto task = read_task(query);
    if (task.has_error()) return task.error();
    tasks.push_back(std::move(*task));
  }
  return tasks;
}

std::optional<std::int64_t> next_run_number(Database& database, const std::string& task) {
  if (database.run("update task set run_count = run_count + 1, turn = turn + 1 where id = ?",
                   task) != 1)
    return std::nullopt;
  Query query = database.query("select run_count from task where id = ?", task);
  if (!query.next()) return std::nullopt;
  return query.integer(0);
}

void lock_task_of(Database& database, const Lease& close) {
  Query query = database.query(
      "select 1 from task where id = (select run.task from run, job where job.id = ? and "
      "run.number = job.run) for update",
      close.job);
  query.next();
}

void note_result(Database& database, std::int64_t run, RunState result) {
  database.run(
      "update task set last_result = ?, turn = turn + 1 where id = (select task from run where "
      "number = ? and task <> '')",
      to_string(result), run);
}

}  // namespace dth::state::sql
