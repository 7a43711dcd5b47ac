#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "state/job.h"
#include "state/sqlite/database.h"

// Jobs and groups: parts of transactions.
namespace dth::state::sqlite {

// The job behind a lease that holds.
struct HeldJob {
  std::int64_t run = 0;
  std::optional<GroupId> group;
  bool continues = false;  // it is the group's continuation, not a member
};

// precondition_failed where the lease is lost.
Result<HeldJob> require_held(Database& database, const Lease& lease);

// invalid_argument where the job cannot join its group.
Result<JobId> insert_job(Database& database, std::int64_t run, const NewJob& job);
JobId insert_job_row(Database& database, std::int64_t run, const NewJob& job,
                     std::optional<GroupId> group, bool continues);
// invalid_argument where the group is empty.
Result<void> insert_group(Database& database, std::int64_t run, const NewGroup& group);

}  // namespace dth::state::sqlite
