#include "state/sql/run_rows.h"

#include <algorithm>
#include <limits>

#include "state/record.h"
#include "state/sql/count_rows.h"

namespace dth::state::sql {
namespace {

Error unknown_word(const std::string& run, std::string_view what, const std::string& word) {
  return {ErrorCode::data_corrupted,
          "run " + run + " has the unknown " + std::string(what) + " \"" + word + "\"",
          {}};
}

}  // namespace

Result<Run> read_run(Database& database, const Query& query) {
  Run run;
  run.id = query.text(1);
  run.kind = query.text(2);
  run.spec = query.text(3);
  const auto state = parse_run_state(query.text(4));
  if (!state) return unknown_word(run.id, "state", query.text(4));
  run.state = *state;
  run.created_at = query.time(5);
  if (!query.is_null(6)) run.ended_at = query.time(6);
  run.error = query.text(7);
  run.cancel_requested = query.integer(8) != 0;
  const auto placement = parse_placement_kind(query.text(9));
  if (!placement) return unknown_word(run.id, "placement", query.text(9));
  run.placement = {.kind = *placement, .name = query.text(10)};
  run.weight = static_cast<int>(query.integer(11));
  if (run.state == RunState::waiting) {
    const auto what = parse_waiting_for(query.text(12));
    if (!what) return unknown_word(run.id, "reason to wait", query.text(12));
    run.waiting = Waiting{*what, query.text(13), query.time(14), query.time(15)};
  }
  run.epoch = query.integer(16);
  const auto trigger = parse_run_trigger(query.text(17));
  if (!trigger) return unknown_word(run.id, "trigger", query.text(17));
  run.origin = {.trigger = *trigger,
                .by = query.text(18),
                .task = query.text(19),
                .number = query.integer(20)};
  auto counts = read_counts(database, query.integer(0));
  if (counts.has_error()) return std::move(counts.error()).with_context("run " + run.id);
  run.counts = std::move(*counts);
  return run;
}

Result<RunRow> require_run(Database& database, const std::string& id, For purpose) {
  Query query = database.query(
      purpose == For::update
          ? std::string_view(
                "select number, state, cancel_requested, epoch from run where id = ? for update")
          : std::string_view("select number, state, cancel_requested, epoch from run where id = ?"),
      id);
  if (!query.next()) return Error{ErrorCode::not_found, "there is no run " + id, {}};
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

Result<RunRow> require_live_run(Database& database, const std::string& id) {
  auto run = require_unfinished_run(database, id);
  if (run.has_error() || !run->cancel_requested) return run;
  return Error{
      ErrorCode::precondition_failed, "run " + id + " was cancelled: start a new one instead", {}};
}

bool is_being_closed(Database& database, std::int64_t run) {
  Query close = database.query("select state from job where run = ? and kind = ? for update", run,
                               close_job_kind);
  return close.next() && close.integer(0) == 1;
}

Error ends_already(const std::string& run) {
  return {ErrorCode::precondition_failed,
          "run " + run + " is ending at this moment, so it cannot be cancelled any more",
          {}};
}

void insert_warning(Database& database, std::int64_t run, const std::string& text) {
  database.run(
      "insert into run_warning (run, text) select ?1, ?2 "
      "where (select count(*) from run_warning where run = ?1) < ?3 on conflict do nothing",
      run, text, warnings_max);
}

std::int64_t to_limit(std::size_t count_max) {
  return static_cast<std::int64_t>(
      std::min<std::size_t>(count_max, std::numeric_limits<std::int32_t>::max()));
}

std::int64_t to_signed(std::uint64_t value) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace dth::state::sql
