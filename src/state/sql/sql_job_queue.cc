#include "state/sql/sql_job_queue.h"

#include <algorithm>

#include "state/sql/claim.h"
#include "state/sql/count_rows.h"
#include "state/sql/deletion_rows.h"
#include "state/sql/job_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

Result<void> check_count(std::uint32_t count_max) {
  if (count_max >= 1 && count_max <= claim_count_max) return {};
  return Error{ErrorCode::invalid_argument,
               "a claim takes 1 to " + std::to_string(claim_count_max) + " jobs, not " +
                   std::to_string(count_max),
               {}};
}

// What the holder of a job of that run is told when it renews. A close job is not stopped.
Renewal::Stop stop_of(Database& database, std::int64_t run, bool closes) {
  if (closes) return Renewal::Stop::none;
  Query query = database.query("select cancel_requested, state = ? from run where number = ?",
                               to_string(RunState::paused), run);
  if (!query.next()) return Renewal::Stop::none;
  if (query.integer(0) != 0) return Renewal::Stop::cancel;
  return query.integer(1) != 0 ? Renewal::Stop::pause : Renewal::Stop::none;
}

bool has_job(Database& database, std::int64_t run) {
  return database.query("select 1 from job where run = ? limit 1", run).next();
}

bool has_group(Database& database, std::int64_t run) {
  return database.query("select 1 from job_group where run = ? limit 1", run).next();
}

// Of a cancelled run: a job to be dropped.
bool has_free_job(Database& database, std::int64_t run, TimePoint now) {
  return database
      .query(
          "select 1 from job where run = ? and kind <> ? and (state = 0 or lease_until < ?) "
          "limit 1",
          run, close_job_kind, now)
      .next();
}

void insert_segment(Database& database, std::int64_t run, JobId job, const Segment& segment) {
  database.run(
      "insert into segment (run, job, file, first_byte, length, sha256, items, key_least, "
      "key_greatest) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run, job, segment.file, to_signed(segment.offset), to_signed(segment.length), segment.sha256,
      to_signed(segment.items), Blob{segment.key_least}, Blob{segment.key_greatest});
}

void insert_failure(Database& database, std::int64_t run, const Failure& failure,
                    std::int64_t kept_max) {
  const std::string& reason = failure.reason.empty() ? failure.code : failure.reason;
  // Every failure that is kept is in a group, so the groups tell how many are.
  std::int64_t before = 0;
  if (Query query =
          database.query("select cast(coalesce(sum(count), 0) as bigint) from failure_group "
                         "where run = ?",
                         run);
      query.next()) {
    before = query.integer(0);
  }
  database.run(
      "insert into failure_group (run, code, reason, step, count, sample_key) "
      "values (?, ?, ?, ?, 1, ?) on conflict (run, code, reason, step) "
      "do update set count = failure_group.count + 1",
      run, failure.code, reason, failure.step, Blob{failure.key});
  if (before >= kept_max) return;
  database.run(
      "insert into failure (run, key, version_id, size, code, reason, message, detail, attempts, "
      "failed_at, step) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run, Blob{failure.key}, Blob{failure.version_id}, to_signed(failure.size), failure.code,
      reason, failure.message, failure.detail, failure.attempts, failure.at, failure.step);
}

Result<void> apply(Database& database, const Lease& lease, const HeldJob& job,
                   const Effects& effects, std::int64_t failures_max) {
  if (job.closes && (!effects.jobs.empty() || !effects.groups.empty())) {
    return Error{
        ErrorCode::invalid_argument, "a close job cannot hand on jobs: it is the last", {}};
  }
  if (!job.drops_jobs) {
    for (const NewJob& next : effects.jobs) {
      if (auto inserted = insert_job(database, job.run, next); inserted.has_error())
        return inserted.error();
    }
    for (const NewGroup& group : effects.groups) {
      if (auto inserted = insert_group(database, job.run, group); inserted.has_error())
        return inserted.error();
    }
  }
  auto counted = add_counts(database, job.run, effects.counts);
  if (counted.has_error()) return counted.error();
  for (const Failure& failure : effects.failures)
    insert_failure(database, job.run, failure, failures_max);
  if (effects.segment) insert_segment(database, job.run, lease.job, *effects.segment);
  for (const std::string& text : effects.warnings) insert_warning(database, job.run, text);
  for (const UploadRowId upload : effects.uploads_closed) {
    database.run("delete from upload where id = ? and run = ?", upload, job.run);
  }
  if (effects.deletions) plan_deletions(database, job.run, *effects.deletions);
  // The first error is the cause; later ones tend to be its consequences.
  if (effects.run_error) {
    database.run("update run set error = ? where number = ? and error = ''", *effects.run_error,
                 job.run);
  }
  return {};
}

Result<void> leave_group(Database& database, const Lease& lease, const HeldJob& job,
                         const Effects& effects) {
  const bool is_member = job.group && !job.continues;
  if (effects.group_result && !is_member) {
    return Error{ErrorCode::invalid_argument,
                 "job " + std::to_string(lease.job) +
                     " cannot leave a result for a group: it is no member of one",
                 {}};
  }
  // The groups of a cancelled run are gone.
  if (!job.group || job.drops_jobs) return {};
  if (job.continues) {
    database.run("delete from job_group_result where group_id = ?", *job.group);
    database.run("delete from job_group where id = ?", *job.group);
    return {};
  }
  NewJob continuation;
  std::int64_t remaining = 0;
  {
    // First of all, for it locks the group: delete_groups().
    Query query = database.query(
        "update job_group set remaining = remaining - 1 where id = ? returning remaining, kind, "
        "payload, items, priority",
        *job.group);
    if (!query.next()) return {};  // the run was cancelled a moment ago
    remaining = query.integer(0);
    continuation = {.kind = query.text(1),
                    .payload = query.text(2),
                    .items = query.integer(3),
                    .group = {},
                    .priority = static_cast<int>(query.integer(4))};
  }
  if (effects.group_result) {
    database.run("insert into job_group_result (group_id, job, payload) values (?, ?, ?)",
                 *job.group, lease.job, Blob{*effects.group_result});
  }
  if (remaining == 0) insert_job_row(database, job.run, continuation, job.group, true);
  return {};
}

// Of a cancelled run, whose job is gone.
void end_cancelled(Database& database, std::int64_t run) {
  // Groups that came after it was cancelled, from a transaction that had begun before.
  delete_groups(database, run);
  insert_close_job(database, run);
}

}  // namespace

Result<std::vector<Job>> SqlJobQueue::claim(const ClaimRequest& request) {
  return transactor_.transact(
      Mode::lazy_write, "claiming jobs", [&](Database& database) -> Result<std::vector<Job>> {
        if (auto checked = check_count(request.count_max); checked.has_error())
          return checked.error();
        return claim_in_turn(database, request);
      });
}

// A lease that ran out and was not given to another still holds: the time matters to its new end
// only.
Result<std::vector<Renewal>> SqlJobQueue::renew(const std::vector<Lease>& leases, TimePoint now,
                                                TimePoint lease_until) {
  return transactor_.transact(
      Mode::write, "renewing leases", [&](Database& database) -> Result<std::vector<Renewal>> {
        std::vector<Renewal> renewals;
        for (const Lease& lease : leases) {
          Renewal renewal{.lease = lease, .held = false};
          Query query = database.query(
              "update job set lease_until = ? where id = ? and epoch = ? and state = 1 returning "
              "run, kind",
              database.now(now) + (lease_until - now), lease.job, lease.epoch);
          if (query.next()) {
            renewal.held = true;
            renewal.stop = stop_of(database, query.integer(0), query.text(1) == close_job_kind);
          }
          renewals.push_back(renewal);
        }
        return renewals;
      });
}

Result<void> SqlJobQueue::advance(const Lease& lease, const std::string& payload,
                                  const Effects& effects, TimePoint) {
  return transactor_.transact(
      Mode::write, "advancing job " + std::to_string(lease.job),
      [&](Database& database) -> Result<void> {
        auto job = require_held(database, lease);
        if (job.has_error()) return job.error();
        if (effects.group_result) {
          return Error{ErrorCode::invalid_argument,
                       "a job leaves its group's result when it finishes, not before",
                       {}};
        }
        if (auto applied = apply(database, lease, *job, effects, failures_max_);
            applied.has_error())
          return applied.error();
        database.run("update job set payload = ? where id = ?", Blob{payload}, lease.job);
        return {};
      });
}

Result<void> SqlJobQueue::finish(const Lease& lease, const Effects& effects, TimePoint) {
  const std::string what = "finishing job " + std::to_string(lease.job);
  return transactor_.transact(Mode::write, what, [&](Database& database) -> Result<void> {
    auto job = require_held(database, lease);
    if (job.has_error()) return job.error();
    if (job->closes) {
      return Error{ErrorCode::invalid_argument, "a close job is done when its run is ended", {}};
    }
    auto applied = apply(database, lease, *job, effects, failures_max_);
    if (applied.has_error()) return applied.error();
    database.run("delete from job where id = ?", lease.job);
    auto left = leave_group(database, lease, *job, effects);
    if (left.has_error()) return left.error();
    if (job->drops_jobs) {
      end_cancelled(database, job->run);
    } else if (effects.jobs.empty() && effects.groups.empty()) {
      insert_close_job(database, job->run);
    }
    return {};
  });
}

Result<void> SqlJobQueue::release(const Lease& lease, TimePoint not_before, bool in_good_order) {
  const std::string what = "releasing job " + std::to_string(lease.job);
  return transactor_.transact(Mode::write, what, [&](Database& database) -> Result<void> {
    auto job = require_held(database, lease);
    if (job.has_error()) return job.error();
    if (job->drops_jobs && !job->closes) {
      database.run("delete from job where id = ?", lease.job);
      end_cancelled(database, job->run);
      return {};
    }
    database.run(
        "update job set state = 0, worker = '', lane = 0, not_before = ?, "
        "attempts = attempts - ? where id = ?",
        database.to_come(not_before), in_good_order ? 1 : 0, lease.job);
    database.announce_work(Database::Announce::at_times);
    return {};
  });
}

Result<std::int64_t> SqlJobQueue::insert_missing_close_jobs(TimePoint callers_now) {
  return transactor_.transact(
      Mode::lazy_write, "ending runs without jobs",
      [&](Database& database) -> Result<std::int64_t> {
        std::vector<std::int64_t> without_jobs, cancelled;
        const TimePoint now = database.now(callers_now);
        Query query =
            database.query("select number, cancel_requested from run where ended_at is null");
        while (query.next()) {
          const std::int64_t run = query.integer(0);
          const bool without_job = !has_job(database, run);
          if (query.integer(1) != 0) {
            if (without_job || has_free_job(database, run, now)) cancelled.push_back(run);
          } else if (without_job && !has_group(database, run)) {
            without_jobs.push_back(run);
          }
        }
        std::int64_t inserted = 0;
        for (const std::int64_t run : cancelled) inserted += drop_free_jobs(database, run, now);
        for (const std::int64_t run : without_jobs) inserted += insert_close_job(database, run);
        return inserted;
      });
}

Result<Backlog> SqlJobQueue::backlog(const std::string& id, const std::string& kind) {
  return transactor_.transact(
      Mode::read, "reading the backlog of run " + id, [&](Database& database) -> Result<Backlog> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        Query query = database.query(
            "select count(*), cast(coalesce(sum(items), 0) as bigint) from job where run = ? and "
            "kind = ?",
            run->number, kind);
        Backlog backlog;
        if (query.next()) backlog = {.jobs = query.integer(0), .items = query.integer(1)};
        return backlog;
      });
}

// When a job came is the database's time, also where leases are the caller's.
Result<std::vector<QueueDepth>> SqlJobQueue::depths(TimePoint callers_now) {
  return transactor_.transact(
      Mode::read, "counting the jobs", [&](Database& database) -> Result<std::vector<QueueDepth>> {
        std::vector<QueueDepth> depths;
        const TimePoint now = database.now(callers_now);
        Query query = database.query(
            "select r.kind, j.kind, count(case when j.state = 0 then 1 end), "
            "count(case when j.state = 1 then 1 end), cast(sum(j.items) as bigint), "
            "min(case when j.state = 0 then j.created_at end) "
            "from job j join run r on r.number = j.run "
            "where r.ended_at is null group by r.kind, j.kind order by r.kind, j.kind");
        while (query.next()) {
          QueueDepth depth{.run_kind = query.text(0),
                           .kind = query.text(1),
                           .ready = query.integer(2),
                           .leased = query.integer(3),
                           .items = query.integer(4)};
          if (!query.is_null(5))
            depth.oldest_age = std::max(Duration::zero(), Duration(now - query.time(5)));
          depths.push_back(std::move(depth));
        }
        return depths;
      });
}

Result<std::vector<GroupResult>> SqlJobQueue::group_results(GroupId group) {
  return transactor_.transact(
      Mode::read, "reading the results of a group",
      [&](Database& database) -> Result<std::vector<GroupResult>> {
        std::vector<GroupResult> results;
        Query query = database.query(
            "select job, payload from job_group_result where group_id = ? order by job", group);
        while (query.next()) results.push_back({.job = query.integer(0), .payload = query.text(1)});
        return results;
      });
}

}  // namespace dth::state::sql
