#include "state/sql/new_run_rows.h"

#include "base/hash.h"
#include "state/sql/control/task_rows.h"
#include "state/sql/job_rows.h"

namespace dth::state::sql {
namespace {

// An index holds it, whose entries have to be short. Empty: it is like no other.
std::string stored_identity(const NewRun& run) {
  if (run.identity.empty()) return {};
  Hasher hasher(HashAlgorithm::sha256);
  hasher.update(as_bytes(run.identity));
  return hasher.finish().hex();
}

// already_exists where an unfinished run does the same.
Result<void> require_unlike_others(Database& database, const NewRun& run) {
  if (run.identity.empty()) return {};
  const std::string identity = stored_identity(run);
  Query query = database.query(
      "select id from run where identity = ? and identity <> '' and ended_at is null and "
      "cancel_requested = 0",
      identity);
  if (!query.next()) return {};
  return Error{ErrorCode::already_exists,
               "run " + query.text(0) +
                   " does the same and is not over: resume it, or cancel it before another begins",
               {}};
}

// already_exists where the id is another's.
Result<void> require_new_id(Database& database, const std::string& id) {
  if (id.empty()) return Error{ErrorCode::invalid_argument, "a run needs an id: it is empty", {}};
  if (!database.query("select 1 from run where id = ?", id).next()) return {};
  return Error{
      ErrorCode::already_exists, "there is a run " + id + " already: choose another id", {}};
}

// With the next number of its task, whose row is locked from then on. Of a task that is gone, it
// keeps the number that it has, if it has one.
RunOrigin numbered(Database& database, RunOrigin origin) {
  if (origin.task.empty()) return origin;
  if (const auto number = next_run_number(database, origin.task)) {
    origin.number = *number;
  } else if (origin.number == 0) {
    origin.task.clear();
  }
  return origin;
}

}  // namespace

Result<void> check_weight(int weight) {
  if (weight >= 1 && weight <= weight_max) return {};
  return Error{ErrorCode::invalid_argument,
               "the weight of a run is 1 to " + std::to_string(weight_max) + ", not " +
                   std::to_string(weight),
               {}};
}

Result<void> insert_run(Database& database, const NewRun& run, const std::vector<NewJob>& jobs,
                        TimePoint now) {
  if (auto unused = require_new_id(database, run.id); unused.has_error()) return unused;
  if (auto checked = check_weight(run.weight); checked.has_error()) return checked;
  if (auto unlike = require_unlike_others(database, run); unlike.has_error()) return unlike;
  const RunOrigin origin = numbered(database, run.origin);
  const std::int64_t number = database.insert(
      "insert into run (id, kind, spec, state, created_at, placement, placement_name, weight, "
      "identity, action, source, destination, trigger_kind, triggered_by, task, task_number) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "number", run.id, run.kind, run.spec, to_string(RunState::queued), now,
      to_string(run.placement.kind), run.placement.name, run.weight, stored_identity(run),
      run.action, run.source, run.destination, to_string(origin.trigger), origin.by, origin.task,
      origin.number);
  for (const NewJob& job : jobs) {
    auto inserted = insert_job(database, number, job);
    if (inserted.has_error()) return inserted.error();
  }
  insert_close_job(database, number);
  database.announce_work(Database::Announce::now);
  return {};
}

}  // namespace dth::state::sql
