#pragma once

#include <cstdint>

#include "base/error.h"
#include "state/counts.h"
#include "state/sql/database.h"

// The counts of runs: parts of transactions. Not in the row of the run, which a long spec makes
// dear to write: a row of their own, or one for each connection that counts where several write at
// a time.
namespace dth::state::sql {

Result<Counts> read_counts(Database& database, std::int64_t run);
Result<void> add_counts(Database& database, std::int64_t run, const Counts& counts);
// All of them in one row: for a run that is over.
Result<void> fold_counts(Database& database, std::int64_t run);

}  // namespace dth::state::sql
