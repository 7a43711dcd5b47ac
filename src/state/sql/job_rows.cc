#include "state/sql/job_rows.h"

#include <vector>

namespace dth::state::sql {

namespace {

// Two transactions that each finish one of the last two jobs do not see what the other one does: so
// neither may leave the close job to the other. A job that can be locked is not being finished by
// anybody, and the one that finishes it later waits for this transaction, and sees what it did.
// Where there is none, the row of the run is locked, and what is seen after that counts.
bool lock_without_jobs(Database& database, std::int64_t run) {
  if (database.query("select 1 from job where run = ? limit 1 for key share skip locked", run)
          .next()) {
    return false;
  }
  return database.query("select 1 from run where number = ? for update", run).next();
}

}  // namespace

Result<HeldJob> require_held(Database& database, const Lease& lease) {
  Query query = database.query(
      "select j.run, j.group_id, j.continues, j.kind = 'close', "
      "r.cancel_requested "
      "from job j join run r on r.number = j.run where j.id = ? and j.epoch = ? and j.state = 1 "
      "for update of j",
      lease.job, lease.epoch);
  if (!query.next()) {
    return Error{ErrorCode::precondition_failed,
                 "the lease of job " + std::to_string(lease.job) + " (epoch " +
                     std::to_string(lease.epoch) +
                     ") is lost: the job was given to another worker, finished or dropped; nothing "
                     "was changed",
                 {}};
  }
  HeldJob job{.run = query.integer(0),
              .group = {},
              .continues = query.integer(2) != 0,
              .closes = query.integer(3) != 0,
              .drops_jobs = query.integer(4) != 0};
  if (!query.is_null(1)) job.group = query.integer(1);
  return job;
}

JobId insert_job_row(Database& database, std::int64_t run, const NewJob& job,
                     std::optional<GroupId> group, bool continues) {
  const TimePoint not_before =
      job.not_before == TimePoint() ? job.not_before : database.to_come(job.not_before);
  database.announce_work(Database::Announce::at_times);
  return database.insert(
      "insert into job (run, kind, priority, items, group_id, continues, not_before, payload) "
      "values (?, ?, ?, ?, ?, ?, ?, ?)",
      "id", run, job.kind, job.priority, job.items, group, continues, not_before,
      Blob{job.payload});
}

Result<JobId> insert_job(Database& database, std::int64_t run, const NewJob& job) {
  // A job may join a group only while that one still waits: the continuation then waits for it too.
  if (job.group && database.run("update job_group set remaining = remaining + 1 where id = ? and "
                                "run = ? and remaining > 0",
                                *job.group, run) == 0) {
    return Error{ErrorCode::invalid_argument,
                 "a job cannot join group " + std::to_string(*job.group) +
                     ": that group is finished, or another run's",
                 {}};
  }
  return insert_job_row(database, run, job, job.group, false);
}

Result<void> insert_group(Database& database, std::int64_t run, const NewGroup& group) {
  if (group.members.empty())
    return Error{ErrorCode::invalid_argument, "a group of jobs needs at least one member", {}};
  const NewJob& next = group.continuation;
  const GroupId id = database.insert(
      "insert into job_group (run, remaining, kind, payload, items, priority) values (?, ?, ?, ?, "
      "?, ?)",
      "id", run, group.members.size(), next.kind, Blob{next.payload}, next.items, next.priority);
  for (const NewJob& member : group.members) insert_job_row(database, run, member, id, false);
  return {};
}

std::int64_t insert_close_job(Database& database, std::int64_t run) {
  if (!database.is_alone() && !lock_without_jobs(database, run)) return 0;
  const std::int64_t inserted = database.run(
      "insert into job (run, kind, priority, items, payload) select ?1, ?2, 0, 0, ?3 "
      "where exists (select 1 from run where number = ?1 and ended_at is null) "
      "and not exists (select 1 from job where run = ?1) "
      "and not exists (select 1 from job_group where run = ?1)",
      run, close_job_kind, Blob{});
  if (inserted > 0) database.announce_work(Database::Announce::at_times);
  return inserted;
}

std::int64_t drop_free_jobs(Database& database, std::int64_t run, TimePoint now) {
  database.run("delete from job where run = ? and kind <> ? and (state = 0 or lease_until < ?)",
               run, close_job_kind, now);
  delete_groups(database, run);
  return insert_close_job(database, run);
}

// A job that leaves a group a result holds the lock of that group: so no result comes after the
// lock is had here, and those that came before it are seen.
void delete_groups(Database& database, std::int64_t run) {
  std::vector<GroupId> groups;
  {
    Query query = database.query("select id from job_group where run = ? for update", run);
    while (query.next()) groups.push_back(query.integer(0));
  }
  for (const GroupId group : groups) {
    database.run("delete from job_group_result where group_id = ?", group);
    database.run("delete from job_group where id = ?", group);
  }
}

}  // namespace dth::state::sql
