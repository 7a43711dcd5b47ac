#pragma once

#include <optional>

#include "state/planned_deletions.h"
#include "state/sql/database.h"

// Deletions that wait for a decision: parts of transactions.
namespace dth::state::sql {

// What Effects::deletions says, of the run of that number.
void plan_deletions(Database& database, std::int64_t run, const PlannedDeletions& deletions);

// Without the sample keys. data_corrupted for a decision that is unknown.
Result<std::optional<PlannedDeletions>> read_plan(Database& database, std::int64_t run);

std::vector<std::string> read_sample_keys(Database& database, std::int64_t run);

}  // namespace dth::state::sql
