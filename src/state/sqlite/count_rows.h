#pragma once

#include <cstdint>

#include "state/counts.h"
#include "state/sqlite/database.h"

// The counts of runs, and the deltas that are not yet folded into them: parts of transactions.
namespace dth::state::sqlite {

void insert_delta(Database& database, std::int64_t run, const Counts& counts);
// Adds the run's deltas to `counts`.
Result<void> add_deltas(Database& database, std::int64_t run, Counts* counts);
// Folds the run's deltas into its row; how many there were.
Result<std::int64_t> fold_counts(Database& database, std::int64_t run);

}  // namespace dth::state::sqlite
