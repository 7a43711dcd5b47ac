#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "state/job.h"
#include "state/sql/database.h"

// Jobs and groups: parts of transactions.
namespace dth::state::sql {

// The job behind a lease that holds.
struct HeldJob {
  std::int64_t run = 0;
  std::optional<GroupId> group;
  bool continues = false;  // it is the group's continuation, not a member
  bool closes = false;     // it is the run's close job
  // Of the run: a job that it hands on or hands back is dropped.
  bool drops_jobs = false;
};

// precondition_failed where the lease is lost.
Result<HeldJob> require_held(Database& database, const Lease& lease);

// invalid_argument where the job cannot join its group.
Result<JobId> insert_job(Database& database, std::int64_t run, const NewJob& job);
JobId insert_job_row(Database& database, std::int64_t run, const NewJob& job,
                     std::optional<GroupId> group, bool continues);
// invalid_argument where the group is empty.
Result<void> insert_group(Database& database, std::int64_t run, const NewGroup& group);

void delete_groups(Database& database, std::int64_t run);

// Gives the run its close job, unless there is any job or group; how many.
std::int64_t insert_close_job(Database& database, std::int64_t run);
// Drops the jobs of a cancelled run that nobody holds, and its groups; then insert_close_job().
std::int64_t drop_free_jobs(Database& database, std::int64_t run, TimePoint now);

}  // namespace dth::state::sql
