#pragma once

#include <vector>

#include "state/job.h"
#include "state/sqlite/database.h"

// Part of a transaction that reads first, and writes where there is something to take.
namespace dth::state::sqlite {

// See JobQueue::claim(). `request` is checked already.
std::vector<Job> claim_in_turn(Database& database, const ClaimRequest& request);

}  // namespace dth::state::sqlite
