#include "runs/series_view.h"

#include <algorithm>
#include <array>

namespace dth::runs {
namespace {

using state::SeriesStep;
using std::chrono::seconds;

struct Width {
  SeriesStep step;
  int seconds;
};

// Beyond the last one, whole days.
constexpr std::array widths = {
    Width{SeriesStep::second, 1},   Width{SeriesStep::second, 2},    Width{SeriesStep::second, 5},
    Width{SeriesStep::second, 10},  Width{SeriesStep::second, 30},   Width{SeriesStep::minute, 60},
    Width{SeriesStep::minute, 120}, Width{SeriesStep::minute, 300},  Width{SeriesStep::minute, 600},
    Width{SeriesStep::minute, 900}, Width{SeriesStep::minute, 1800}, Width{SeriesStep::hour, 3600},
    Width{SeriesStep::hour, 7200},  Width{SeriesStep::hour, 21600},  Width{SeriesStep::hour, 43200},
};

std::chrono::seconds kept_for(SeriesStep step) {
  switch (step) {
    case SeriesStep::second:
      return seconds(state::series_seconds_max);
    case SeriesStep::minute:
      return std::chrono::minutes(state::series_minutes_max);
    case SeriesStep::hour:
      return std::chrono::hours(state::series_hours_max);
  }
  return seconds(0);
}

TimePoint floor_to(TimePoint time, seconds width) {
  const auto since = time.time_since_epoch();
  return TimePoint(since - since % std::chrono::duration_cast<std::chrono::microseconds>(width));
}

}  // namespace

SeriesPlan plan_series(TimePoint from, TimePoint until, TimePoint now, int points_max) {
  for (const auto& [step, width_seconds] : widths) {
    const seconds width(width_seconds);
    const TimePoint begin = floor_to(from, width);
    const bool is_kept = now - begin <= kept_for(step);
    const auto steps = (until - begin + width - std::chrono::microseconds(1)) / width;
    if (is_kept && steps <= points_max) return {step, width, begin};
  }
  constexpr seconds day = std::chrono::hours(24);
  const auto days = (until - floor_to(from, day)) / (day * points_max) + 1;
  const seconds width = day * days;
  return {SeriesStep::hour, width, floor_to(from, width)};
}

std::vector<state::SeriesPoint> merge_points(const SeriesPlan& plan,
                                             const std::vector<state::SeriesPoint>& points) {
  std::vector<state::SeriesPoint> merged;
  for (const state::SeriesPoint& point : points) {
    const TimePoint at = floor_to(point.at, plan.width);
    if (merged.empty() || merged.back().at != at) merged.push_back({.at = at});
    state::SeriesPoint& sum = merged.back();
    sum.bytes += point.bytes;
    sum.items += point.items;
    sum.retries += point.retries;
    sum.failures += point.failures;
  }
  return merged;
}

double active_seconds(const SeriesPlan& plan, TimePoint at, TimePoint begun, TimePoint ended) {
  const std::chrono::duration<double> active =
      std::min(at + plan.width, ended) - std::max(at, begun);
  const auto width = static_cast<double>(plan.width.count());
  return std::clamp(active.count(), 1.0, std::max(1.0, width));
}

}  // namespace dth::runs
