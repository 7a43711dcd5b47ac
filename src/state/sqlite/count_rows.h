#pragma once

#include <cstdint>

#include "base/error.h"
#include "state/counts.h"
#include "state/sqlite/database.h"

// The counts of runs, a row of their own for each: parts of transactions. Not in the row of the
// run, which a long spec makes dear to write.
namespace dth::state::sqlite {

Result<Counts> read_counts(Database& database, std::int64_t run);
Result<void> add_counts(Database& database, std::int64_t run, const Counts& counts);

}  // namespace dth::state::sqlite
