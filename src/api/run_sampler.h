#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "api/run_reader.h"
#include "base/clock.h"

namespace dth::api {

struct SamplerOptions {
  std::chrono::milliseconds interval{1000};
  std::chrono::milliseconds idle_interval{3000};  // while no run is unfinished
  std::size_t runs_max = 500;                     // the newest unfinished ones
  std::size_t samples_kept = 10;                  // of a run, before they are written together
  // Samples without a change in a row that are kept of a run. One that is paused, or whose process
  // is gone, costs no more than a read.
  int quiet_samples_max = 60;
  std::size_t ended_max = 100;          // runs that are read once more because they have ended
  std::size_t written_together = 1000;  // samples of one transaction
};

// What all runs did in the last seconds.
struct HubRates {
  double bytes_per_second = 0;
  double items_per_second = 0;
};

// Looks at the counts of the unfinished runs once a second and keeps what changed as their series
// (state::RunSeries), however many objects are copied: a transaction that reads every second, one
// more for each run that has ended since, and every ten seconds a few that write. For one
// executor's thread.
class RunSampler {
 public:
  // All must outlive this.
  RunSampler(StateReader& state, Clock& clock, SamplerOptions options = {})
      : state_(state), clock_(clock), options_(options) {}

  // Until cancelled. The last ten seconds may be lost.
  Async<void> run();
  // One look. The number of unfinished runs.
  Async<Result<std::size_t>> sample();
  Async<Result<void>> flush();

  const HubRates& rates() const { return rates_; }
  // What all runs did while they were looked at.
  const state::SeriesPoint& totals() const { return totals_; }

 private:
  struct Seen {
    state::SeriesPoint sums;  // of its counts
    bool is_present = false;
    int quiet = 0;  // samples without a change in a row
  };
  struct Look {
    std::vector<state::Run> runs;  // the unfinished ones, and behind them those that have ended
    std::size_t unfinished = 0;
  };
  Result<Look> look(state::State& state, std::set<std::string> seen) const;
  void take(const std::vector<state::Run>& runs, TimePoint now);

  StateReader& state_;
  Clock& clock_;
  SamplerOptions options_;
  std::map<std::string, Seen> seen_;
  std::vector<state::SeriesSample> pending_;
  std::size_t looks_ = 0;  // since the last write
  TimePoint looked_at_{};
  HubRates rates_;
  state::SeriesPoint totals_;
};

}  // namespace dth::api
