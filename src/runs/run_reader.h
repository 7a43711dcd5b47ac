#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "runs/run_list.h"
#include "runs/run_view.h"

namespace dth::runs {

// Reads runs, also those that other processes work on. Each call is a few transactions, and blocks.
// Thread-safe.
class RunReader {
 public:
  // Both outlive it.
  RunReader(state::State& state, Clock& clock) : state_(state), clock_(clock) {}

  // not_found where there is no such run.
  Result<RunView> find(const std::string& id);
  // The same with the backlog.
  Result<RunView> progress(const std::string& id);
  // The newest first, after the run of that id; empty: from the newest. not_found where that run is
  // not there.
  Result<std::vector<RunView>> list(const std::string& after, std::size_t count_max);
  // One page of the runs that fit, out of runs_looked_at_max runs at most.
  Result<RunPage> page(const RunListFilter& filter, const state::RunOrder& order,
                       std::optional<state::RunPosition> after, std::size_t count_max);
  // Nothing where it would take a look at each run.
  Result<std::optional<std::int64_t>> count(const RunListFilter& filter);
  // Those that are not over, the newest first.
  Result<std::vector<RunView>> unfinished(std::size_t count_max);

 private:
  Result<std::vector<RunView>> views(Result<std::vector<state::Run>> runs);
  Result<std::vector<RunView>> views(std::vector<state::Run> runs,
                                     const std::vector<state::WorkerInfo>& workers);
  Result<RunView> view(state::Run run);

  state::State& state_;
  Clock& clock_;
};

}  // namespace dth::runs
