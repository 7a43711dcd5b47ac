#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "state/run.h"
#include "state/sqlite/database.h"

// Rows of runs: parts of transactions.
namespace dth::state::sqlite {

struct RunRow {
  std::int64_t number = 0;
  RunState state = RunState::queued;
  bool cancel_requested = false;
};

// not_found where there is no such run.
Result<RunRow> require_run(Database& database, const std::string& id);
// precondition_failed where it is over.
Result<RunRow> require_unfinished_run(Database& database, const std::string& id);

// SQLite's integers are signed: what does not fit becomes the greatest.
std::int64_t to_signed(std::uint64_t value);

}  // namespace dth::state::sqlite
