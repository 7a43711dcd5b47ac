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

// The same. precondition_failed also where it was cancelled.
Result<RunRow> require_live_run(Database& database, const std::string& id);

// Is its close job held? One that nobody holds is not taken either while this transaction lasts.
bool is_being_closed(Database& database, std::int64_t run);
// precondition_failed: what is_being_closed() means for who wants to end it otherwise.
Error ends_already(const std::string& run);

// See Effects::warnings.
void insert_warning(Database& database, std::int64_t run, const std::string& text);

// The columns that read_run() wants, in their order.
inline constexpr std::string_view run_columns =
    "number, id, kind, spec, state, created_at, ended_at, error, cancel_requested, placement, "
    "placement_name, weight, waiting_for, waiting_text, waiting_since, waiting_until, epoch, "
    "trigger_kind, triggered_by, task, task_number";
// The run in the current row, with its counts.
Result<Run> read_run(Database& database, const Query& query);

// A limit of rows: a negative one would mean none.
std::int64_t to_limit(std::size_t count_max);

// Integers of databases are signed: what does not fit becomes the greatest.
std::int64_t to_signed(std::uint64_t value);

}  // namespace dth::state::sql
