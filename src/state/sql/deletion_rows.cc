#include "state/sql/deletion_rows.h"

#include <algorithm>

#include "state/run.h"

namespace dth::state::sql {
namespace {

void withdraw(Database& database, std::int64_t run) {
  database.run("delete from planned_deletion_key where run = ?", run);
  database.run("delete from planned_deletions where run = ?", run);
}

void insert(Database& database, std::int64_t run, const PlannedDeletions& deletions,
            TimePoint now) {
  database.run(
      "insert into planned_deletions (run, count, destination_count, counted_at) "
      "values (?, ?, ?, ?)",
      run, deletions.count, deletions.destination_count, now);
  const std::size_t kept = std::min(deletions.sample_keys.size(), deletion_samples_max);
  for (std::size_t i = 0; i < kept; ++i) {
    database.run("insert into planned_deletion_key (run, place, key) values (?, ?, ?)", run, i,
                 Blob{deletions.sample_keys[i]});
  }
}

std::string why_it_waits(const PlannedDeletions& deletions) {
  return std::to_string(deletions.count) + " of " + std::to_string(deletions.destination_count) +
         " objects at the destination are not at the source and would be deleted: nothing is "
         "deleted until somebody approves that number";
}

}  // namespace

// The row of the run is locked first, as by those who decide.
void plan_deletions(Database& database, std::int64_t run, const PlannedDeletions& deletions) {
  {
    Query row = database.query(
        "select ended_at, cancel_requested from run where number = ? for update", run);
    if (!row.next() || !row.is_null(0) || row.integer(1) != 0) return;
  }
  if (deletions.count == 0) return withdraw(database, run);
  {
    Query approved = database.query(
        "select 1 from planned_deletions where run = ? and decision = ? and count >= ?", run,
        to_string(DeletionDecision::approved), deletions.count);
    if (approved.next()) return;
  }
  withdraw(database, run);
  const TimePoint now = database.now(deletions.counted_at);
  insert(database, run, deletions, now);
  // A paused run stays paused; once it is resumed, it counts again.
  database.run(
      "update run set state = ?1, waiting_for = ?2, waiting_text = ?3, waiting_since = ?4, "
      "waiting_until = ?5 where number = ?6 and state <> ?7",
      to_string(RunState::waiting), to_string(WaitingFor::approval), why_it_waits(deletions), now,
      TimePoint::max(), run, to_string(RunState::paused));
}

Result<std::optional<PlannedDeletions>> read_plan(Database& database, std::int64_t run) {
  Query row = database.query(
      "select count, destination_count, counted_at, decision, decided_by, decided_at, comment "
      "from planned_deletions where run = ?",
      run);
  if (!row.next()) return std::optional<PlannedDeletions>();
  PlannedDeletions plan;
  plan.count = row.integer(0);
  plan.destination_count = row.integer(1);
  plan.counted_at = row.time(2);
  plan.decided_by = row.text(4);
  plan.decided_at = row.time(5);
  plan.comment = row.text(6);
  const std::string decision = row.text(3);
  if (decision.empty()) return std::optional(std::move(plan));
  plan.decision = parse_deletion_decision(decision);
  if (plan.decision) return std::optional(std::move(plan));
  return Error{ErrorCode::data_corrupted,
               "the planned deletions have the unknown decision \"" + decision + "\"",
               {}};
}

std::vector<std::string> read_sample_keys(Database& database, std::int64_t run) {
  std::vector<std::string> keys;
  Query row =
      database.query("select key from planned_deletion_key where run = ? order by place", run);
  while (row.next()) keys.push_back(row.text(0));
  return keys;
}

}  // namespace dth::state::sql
