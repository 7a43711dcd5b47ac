#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "state/run.h"
#include "state/sql/database.h"

// Rows of runs: parts of transactions.
namespace dth::state::sql {

struct RunRow {
  std::int64_t number = 0;
  RunState state = RunState::queued;
  bool cancel_requested = false;
  std::int64_t epoch = 0;
};

enum class For { reading, update };

// not_found where there is no such run.
Result<RunRow> require_run(Database& database, const std::string& id, For purpose = For::reading);
// For update. precondition_failed where it is over.
Result<RunRow> require_unfinished_run(Database& database, const std::string& id);

// Integers of databases are signed: what does not fit becomes the greatest.
std::int64_t to_signed(std::uint64_t value);

}  // namespace dth::state::sql
