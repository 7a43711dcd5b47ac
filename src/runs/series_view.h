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

}  // namespace dth::runs
