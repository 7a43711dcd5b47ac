#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace dth::state {

// How wide the steps of a series are.
enum class SeriesStep { second, minute, hour };
std::chrono::seconds width_of(SeriesStep step);

// What a run did within one step.
struct SeriesPoint {
  TimePoint at{};  // the step's beginning: a multiple of its width
  std::int64_t bytes = 0;
  std::int64_t items = 0;
  std::int64_t retries = 0;
  std::int64_t failures = 0;
};

// Points that are kept of a run: those of the last ten minutes, of the last day, of 90 days.
inline constexpr std::size_t series_seconds_max = 600;
inline constexpr std::size_t series_minutes_max = 1'440;
inline constexpr std::size_t series_hours_max = 2'160;

// What happened during a second, of one run.
struct SeriesSample {
  std::string run;
  SeriesPoint point;  // its step is one second
};

// How fast runs were, over time. A hub samples the counts of the runs that it sees; of what was
// executed while no hub ran there is nothing. See State for what every method keeps to.
class RunSeries {
 public:
  virtual ~RunSeries() = default;

  // Adds the samples to their seconds, minutes and hours, and drops the points of these runs that
  // are beyond what is kept. Of one second the first sample counts, so that several hubs may take
  // samples. Samples of unknown runs are left out.
  virtual Result<void> add(const std::vector<SeriesSample>& samples) = 0;
  // The points from `from` on and before `until` in the order of time; steps of which there is no
  // sample are not there. not_found: the run.
  virtual Result<std::vector<SeriesPoint>> points(const std::string& run, SeriesStep step,
                                                  TimePoint from, TimePoint until) = 0;
};

}  // namespace dth::state
