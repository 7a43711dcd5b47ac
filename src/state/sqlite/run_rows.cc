#include "state/sqlite/run_rows.h"

#include <algorithm>
#include <limits>

namespace dth::state::sqlite {

Result<RunRow> require_run(Database& database, const std::string& id) {
  Query query = database.query("select number, state, cancel_requested from run where id = ?", id);
  if (!query.next())
    return Error{ErrorCode::not_found, "there is no run " + id + " in " + database.path(), {}};
  RunRow row{.number = query.integer(0)};
  const std::string state = query.text(1);
  const auto parsed = parse_run_state(state);
  if (!parsed) {
    return Error{
        ErrorCode::data_corrupted,
        "run " + id + " in " + database.path() + " has the unknown state \"" + state + "\"",
        {}};
  }
  row.state = *parsed;
  row.cancel_requested = query.integer(2) != 0;
  return row;
}

Result<RunRow> require_unfinished_run(Database& database, const std::string& id) {
  auto run = require_run(database, id);
  if (run.has_error() || !is_over(run->state)) return run;
  return Error{ErrorCode::precondition_failed,
               "run " + id + " is over (" + std::string(to_string(run->state)) +
                   "): start a new one instead",
               {}};
}

std::int64_t to_signed(std::uint64_t value) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace dth::state::sqlite
