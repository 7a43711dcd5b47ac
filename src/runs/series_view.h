#pragma once

#include <chrono>
#include <vector>

#include "state/control/run_series.h"

namespace dth::runs {

inline constexpr int series_points_max = 240;  // of one answer

// How a stretch of a series is shown: steps of one width, few enough.
struct SeriesPlan {
  state::SeriesStep step = state::SeriesStep::second;  // of the points that are read
  std::chrono::seconds width{1};                       // of the steps that are shown
  TimePoint from{};                                    // a multiple of the width
};
// The narrowest steps of which there are at most points_max between the two times, and of which
// state still has the points. `until` is after `from`.
SeriesPlan plan_series(TimePoint from, TimePoint until, TimePoint now, int points_max);

// The points added up to the plan's steps; steps without a point are not there.
std::vector<state::SeriesPoint> merge_points(const SeriesPlan& plan,
                                             const std::vector<state::SeriesPoint>& points);

// Seconds of the plan's step that begins at `at` in which the run could do anything: it began at
// `begun`, and had ended, or is looked at, at `ended`. At least one, as samples are a second apart.
double active_seconds(const SeriesPlan& plan, TimePoint at, TimePoint begun, TimePoint ended);

}  // namespace dth::runs
