#include "state/sql/control/sql_run_lists.h"

#include <limits>

#include "state/sql/conditions.h"
#include "state/sql/count_rows.h"
#include "state/sql/failure_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;
using Field = RunOrder::Field;

// How a run that is not over counts in the order by end; the index run_by_end has it, too.
constexpr std::string_view end_or_latest = "coalesce(ended_at, 9223372036854775807)";

Conditions conditions_of(const RunFilter& filter) {
  Conditions where;
  std::vector<std::string> states;
  for (const RunState state : filter.states) states.emplace_back(to_string(state));
  where.add_any_of("state", states);
  where.add_any_of("kind", filter.kinds);
  where.add_any_of("action", filter.actions);
  if (!filter.tasks.empty()) {
    where.add("task <> ''", {});
    where.add_any_of("task", filter.tasks);
  }
  std::vector<std::string> triggers;
  for (const RunTrigger trigger : filter.triggers) triggers.emplace_back(to_string(trigger));
  where.add_any_of("trigger_kind", triggers);
  where.add_contains({"source", "destination"}, filter.text);
  if (filter.created_from) where.add("created_at >= ?", {to_microseconds(*filter.created_from)});
  if (filter.created_before) where.add("created_at < ?", {to_microseconds(*filter.created_before)});
  return where;
}

void begin_after(Conditions& where, const RunOrder& order, const RunPosition& after) {
  const std::string sign = order.descending ? "< " : "> ";
  if (order.field == Field::created) return where.add("number " + sign + "?", {after.number});
  where.add("(" + std::string(end_or_latest) + ", number) " + sign + "(?, ?)",
            {after.ended, after.number});
}

std::string order_of(const RunOrder& order) {
  const std::string direction = order.descending ? " desc" : " asc";
  std::string sql = "order by ";
  if (order.field == Field::ended) sql += std::string(end_or_latest) + direction + ", ";
  return sql + "number" + direction + " limit ?";
}

RunPosition position_of(const Run& run, std::int64_t number) {
  return {.ended = run.ended_at ? to_microseconds(*run.ended_at)
                                : std::numeric_limits<std::int64_t>::max(),
          .number = number};
}

// The range is that of the index failure_by_key, which holds the beginnings of keys.
void add_key_prefix(Conditions& where, std::string_view prefix) {
  constexpr std::size_t indexed_bytes = 1'024;
  if (prefix.empty()) return;
  const std::string_view from = prefix.substr(0, indexed_bytes);
  where.add("substr(key, 1, 1024) >= ?", {Blob{from}});
  std::string past(from);
  while (!past.empty() && past.back() == '\xff') past.pop_back();
  if (!past.empty()) {
    past.back() = static_cast<char>(past.back() + 1);
    where.add("substr(key, 1, 1024) < ?", {Conditions::Bytes{std::move(past)}});
  }
  where.add("substr(key, 1, cast(? as integer)) = ?",
            {static_cast<std::int64_t>(prefix.size()), Blob{prefix}});
}

Conditions conditions_of(std::int64_t run, const FailureFilter& filter) {
  Conditions where;
  where.add("run = ?", {run});
  if (filter.code) where.add("code = ?", {*filter.code});
  if (filter.reason) where.add("reason = ?", {*filter.reason});
  if (filter.step) where.add("step = ?", {*filter.step});
  add_key_prefix(where, filter.key_prefix);
  where.add_contains({"message", "detail"}, filter.text);
  return where;
}

}  // namespace

Result<std::vector<ListedRun>> SqlRunLists::runs(const RunFilter& filter, const RunOrder& order,
                                                 const std::optional<RunPosition>& after,
                                                 std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "listing the runs", [&](Database& database) -> Result<std::vector<ListedRun>> {
        Conditions where = conditions_of(filter);
        if (after) begin_after(where, order, *after);
        Query query = where.query(database, "select " + std::string(run_columns) + " from run",
                                  order_of(order), {to_limit(count_max)});
        std::vector<ListedRun> listed;
        while (query.next()) {
          auto run = read_run(database, query);
          if (run.has_error()) return run.error();
          const RunPosition position = position_of(*run, query.integer(0));
          listed.push_back({.run = std::move(*run), .position = position});
        }
        return listed;
      });
}

Result<std::int64_t> SqlRunLists::count(const RunFilter& filter) {
  return transactor_.transact(
      Mode::read, "counting the runs", [&](Database& database) -> Result<std::int64_t> {
        Query query = conditions_of(filter).query(database, "select count(*) from run", "");
        return query.next() ? query.integer(0) : 0;
      });
}

Result<std::optional<Run>> SqlRunLists::previous(const std::string& id) {
  return transactor_.transact(
      Mode::read, "looking for the run before " + id,
      [&](Database& database) -> Result<std::optional<Run>> {
        auto row = require_run(database, id);
        if (row.has_error()) return row.error();
        static const std::string sql =
            "select " + std::string(run_columns) +
            " from run where identity = (select identity from run where number = ?) and identity "
            "<> '' and number < ? and state in (?, ?) order by number desc limit 1";
        Query query = database.query(sql, row->number, row->number, to_string(RunState::succeeded),
                                     to_string(RunState::completed_with_failures));
        if (!query.next()) return std::optional<Run>();
        auto run = read_run(database, query);
        if (run.has_error()) return run.error();
        return std::optional(std::move(*run));
      });
}

Result<RunTotals> SqlRunLists::totals(TimePoint since) {
  return transactor_.transact(
      Mode::read, "adding up the runs", [&](Database& database) -> Result<RunTotals> {
        static const std::string sql =
            "select number, state from run where ended_at is not null "
            "and " +
            std::string(end_or_latest) + " >= ? order by " + std::string(end_or_latest) +
            " desc limit ?";
        Query query = database.query(sql, since, to_limit(totals_runs_max));
        RunTotals totals;
        while (query.next()) {
          const std::string state = query.text(1);
          auto counts = read_counts(database, query.integer(0));
          if (counts.has_error()) return counts.error();
          ++totals.runs;
          const bool failed = state == to_string(RunState::failed) ||
                              state == to_string(RunState::completed_with_failures);
          totals.with_failures += failed ? 1 : 0;
          totals.counts += *counts;
        }
        return totals;
      });
}

Result<std::int64_t> SqlRunLists::queue_jobs() {
  return transactor_.transact(Mode::read, "counting the jobs",
                              [](Database& database) -> Result<std::int64_t> {
                                Query query = database.query("select count(*) from job");
                                return query.next() ? query.integer(0) : 0;
                              });
}

Result<std::vector<ListedFailure>> SqlRunLists::failures(
    const std::string& id, const FailureFilter& filter, const std::optional<FailurePosition>& after,
    std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "reading the failures of run " + id,
      [&](Database& database) -> Result<std::vector<ListedFailure>> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        Conditions where = conditions_of(run->number, filter);
        if (after) {
          where.add("(failed_at, id) > (?, ?)", {to_microseconds(after->at), after->id});
        }
        Query query = where.query(database, select_failures, "order by failed_at, id limit ?",
                                  {to_limit(count_max)});
        std::vector<ListedFailure> listed;
        while (query.next()) {
          Failure failure = read_failure(query);
          const FailurePosition position{failure.at, query.integer(10)};
          listed.push_back({.failure = std::move(failure), .position = position});
        }
        return listed;
      });
}

}  // namespace dth::state::sql
