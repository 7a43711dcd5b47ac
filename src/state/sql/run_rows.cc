#include "state/sql/run_rows.h"

#include <algorithm>
#include <limits>

namespace dth::state::sql {

Result<RunRow> require_run(Database& database, const std::string& id, For purpose) {
  Query query = database.query(
      purpose == For::update
          ? std::string_view(
                "select number, state, cancel_requested, epoch from run where id = ? for update")
          : std::string_view("select number, state, cancel_requested, epoch from run where id = ?"),
      id);
  if (!query.next())
    return Error{ErrorCode::not_found, "there is no run " + id + " in " + database.name(), {}};
  RunRow row{.number = query.integer(0)};
  const std::string state = query.text(1);
  const auto parsed = parse_run_state(state);
  if (!parsed) {
    return Error{
        ErrorCode::data_corrupted,
        "run " + id + " in " + database.name() + " has the unknown state \"" + state + "\"",
        {}};
  }
  row.state = *parsed;
  row.cancel_requested = query.integer(2) != 0;
  row.epoch = query.integer(3);
  return row;
}

Result<RunRow> require_unfinished_run(Database& database, const std::string& id) {
  auto run = require_run(database, id, For::update);
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

}  // namespace dth::state::sql
