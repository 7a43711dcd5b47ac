#pragma once

#include <cstdint>
#include <string>

#include "state/counts.h"
#include "state/sqlite/database.h"

// The counts of runs, and the deltas that are not yet folded into them: parts of transactions.
namespace dth::state::sqlite {

// "scanned, selected, ...", in the order of Counter.
const std::string& counter_columns();
// Reads what counter_columns() selected, from a column on.
Counts read_counts(const Query& query, int first_column);

void insert_delta(Database& database, std::int64_t run, const Counts& counts);
Counts unfolded_counts(Database& database, std::int64_t run);
// Folds the run's deltas into its row; how many there were.
std::int64_t fold_counts(Database& database, std::int64_t run);

}  // namespace dth::state::sqlite
