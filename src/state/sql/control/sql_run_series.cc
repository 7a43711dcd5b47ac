#include "state/sql/control/sql_run_series.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "state/sql/run_rows.h"

namespace dth::state {

std::chrono::seconds width_of(SeriesStep step) {
  switch (step) {
    case SeriesStep::second:
      return std::chrono::seconds(1);
    case SeriesStep::minute:
      return std::chrono::minutes(1);
    case SeriesStep::hour:
      return std::chrono::hours(1);
  }
  return std::chrono::seconds(1);
}

namespace sql {
namespace {

using Mode = Transactor::Mode;

constexpr std::array steps = {
    std::pair(SeriesStep::second, series_seconds_max),
    std::pair(SeriesStep::minute, series_minutes_max),
    std::pair(SeriesStep::hour, series_hours_max),
};

// Points of a width that one call drops: more than it adds.
constexpr std::int64_t swept_max = 10'000;

std::int64_t step_of(TimePoint at, SeriesStep step) {
  const std::int64_t microseconds = width_of(step).count() * 1'000'000;
  return to_microseconds(at) / microseconds * microseconds;
}

// False where there is a sample of that second.
bool insert_second(Database& database, std::int64_t run, const SeriesPoint& point) {
  return database.run(
             "insert into run_point (run, width, at, bytes, items, retries, failures) "
             "values (?, 1, ?, ?, ?, ?, ?) on conflict (run, width, at) do nothing",
             run, step_of(point.at, SeriesStep::second), point.bytes, point.items, point.retries,
             point.failures) == 1;
}

void roll_up(Database& database, std::int64_t run, SeriesStep step, const SeriesPoint& point) {
  database.run(
      "insert into run_point (run, width, at, bytes, items, retries, failures) "
      "values (?, ?, ?, ?, ?, ?, ?) on conflict (run, width, at) do update set "
      "bytes = run_point.bytes + excluded.bytes, items = run_point.items + excluded.items, "
      "retries = run_point.retries + excluded.retries, "
      "failures = run_point.failures + excluded.failures",
      run, width_of(step).count(), step_of(point.at, step), point.bytes, point.items, point.retries,
      point.failures);
}

void add_to_run(Database& database, std::int64_t run,
                const std::vector<const SeriesPoint*>& points) {
  for (const SeriesPoint* point : points) {
    if (!insert_second(database, run, *point)) continue;
    roll_up(database, run, SeriesStep::minute, *point);
    roll_up(database, run, SeriesStep::hour, *point);
  }
}

// Of all runs, also of those that are over. What is left is for the next call.
void sweep(Database& database, TimePoint now) {
  for (const auto& [step, kept] : steps) {
    const std::int64_t width = width_of(step).count();
    const std::int64_t span = width * 1'000'000 * static_cast<std::int64_t>(kept);
    database.run(
        "delete from run_point where (run, width, at) in (select run, width, at from run_point "
        "where width = ? and at <= ? order by at limit ?)",
        width, step_of(now, step) - span, swept_max);
  }
}

}  // namespace

Result<void> SqlRunSeries::add(const std::vector<SeriesSample>& samples) {
  std::map<std::string, std::vector<const SeriesPoint*>> by_run;
  TimePoint newest{};
  for (const SeriesSample& sample : samples) {
    by_run[sample.run].push_back(&sample.point);
    newest = std::max(newest, sample.point.at);
  }
  if (by_run.empty()) return Result<void>();
  return transactor_.transact(
      Mode::write, "keeping how fast runs are", [&](Database& database) -> Result<void> {
        for (const auto& [id, points] : by_run) {
          Query query = database.query("select number from run where id = ?", id);
          if (!query.next()) continue;
          add_to_run(database, query.integer(0), points);
        }
        sweep(database, database.now(newest));
        return {};
      });
}

Result<std::vector<SeriesPoint>> SqlRunSeries::points(const std::string& id, SeriesStep step,
                                                      TimePoint from, TimePoint until) {
  return transactor_.transact(
      Mode::read, "reading how fast run " + id + " was",
      [&](Database& database) -> Result<std::vector<SeriesPoint>> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        std::vector<SeriesPoint> points;
        Query query = database.query(
            "select at, bytes, items, retries, failures from run_point where run = ? and width = "
            "? and at >= ? and at < ? order by at",
            run->number, width_of(step).count(), from, until);
        while (query.next()) {
          points.push_back({.at = query.time(0),
                            .bytes = query.integer(1),
                            .items = query.integer(2),
                            .retries = query.integer(3),
                            .failures = query.integer(4)});
        }
        return points;
      });
}

}  // namespace sql
}  // namespace dth::state
