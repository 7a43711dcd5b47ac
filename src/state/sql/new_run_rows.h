#pragma once

#include <vector>

#include "base/error.h"
#include "state/job.h"
#include "state/run.h"
#include "state/sql/database.h"

// New runs: parts of transactions.
namespace dth::state::sql {

// Inserts a run with its first jobs and its close job, as RunStore::create_run() does, and wakes
// workers once the transaction is committed.
Result<void> insert_run(Database& database, const NewRun& run, const std::vector<NewJob>& jobs,
                        TimePoint now);

// invalid_argument where it is not 1 to weight_max.
Result<void> check_weight(int weight);

}  // namespace dth::state::sql
