#pragma once

#include <vector>

#include "state/job.h"
#include "state/sql/database.h"

// Part of a transaction that reads first, and writes where there is something to take. What two
// transactions look for at the same time is found by one of them.
namespace dth::state::sql {

// See JobQueue::claim(). `request` is checked already.
std::vector<Job> claim_in_turn(Database& database, const ClaimRequest& request);

}  // namespace dth::state::sql
