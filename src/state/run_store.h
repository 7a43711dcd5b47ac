#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "state/run.h"

namespace dth::state {

// The runs: what was asked for, how far it is, how it ended. See State for what every method keeps
// to.
class RunStore {
 public:
  virtual ~RunStore() = default;

  // Inserts the run with its first jobs; `id` must be new (already_exists).
  virtual Result<void> create_run(const NewRun& run, const std::vector<NewJob>& jobs,
                                  TimePoint now) = 0;
  virtual Result<Run> find_run(const std::string& id) = 0;
  // The newest first: in the order in which they were created, whatever the clocks said then.
  virtual Result<std::vector<Run>> list_runs(std::size_t count_max) = 0;
  // Those that come after `run` in that list: the next page of it, whatever was created meanwhile.
  virtual Result<std::vector<Run>> list_runs_after(const std::string& run,
                                                   std::size_t count_max) = 0;
  // Those that are not over, the newest first.
  virtual Result<std::vector<Run>> unfinished_runs(std::size_t count_max) = 0;
  virtual Result<Progress> progress(const std::string& run) = 0;
  virtual Result<void> set_run_state(const std::string& run,
                                     RunState state) = 0;  // only between states that are not over
  // From now on the run's jobs are not claimed; held ones learn of it when they renew.
  virtual Result<void> request_cancel(const std::string& run) = 0;
  // Takes a cancelled run's request back, so that it can be resumed; not for a run that is over.
  virtual Result<void> withdraw_cancel(const std::string& run) = 0;
  // Ends the run if no job of it is left, as succeeded, completed_with_failures (a failed item, an
  // upload left open), or failed (an error). Folds its deltas. False where jobs are left; true also
  // where it was over already.
  virtual Result<bool> end_run_if_drained(const std::string& run, TimePoint now) = 0;
  // Drops all jobs that are not held and ends the run as cancelled or failed once none is held;
  // true when it is over.
  virtual Result<bool> abandon_run(const std::string& run, RunState as, TimePoint now) = 0;
};

}  // namespace dth::state
