#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "state/effects.h"
#include "state/job.h"

namespace dth::state {

// The jobs of all runs, each leased by one worker at a time. See State for what every method keeps
// to.
class JobQueue {
 public:
  virtual ~JobQueue() = default;

  // Takes up to count_max jobs that are ready, or whose lease ran out before `now`. Raises each
  // one's epoch.
  virtual Result<std::vector<Job>> claim(const ClaimRequest& request) = 0;
  virtual Result<std::vector<Renewal>> renew(const std::vector<Lease>& leases, TimePoint now,
                                             TimePoint lease_until) = 0;
  // The job goes on with a new payload; what it did so far counts.
  virtual Result<void> advance(const Lease& lease, const std::string& payload,
                               const Effects& effects, TimePoint now) = 0;
  // The job is done.
  virtual Result<void> finish(const Lease& lease, const Effects& effects, TimePoint now) = 0;
  // The job goes back: ready again at `not_before`. `in_good_order`: the attempt does not count.
  virtual Result<void> release(const Lease& lease, TimePoint not_before, bool in_good_order) = 0;
  // For a state that only one process uses: whatever is leased belongs to a process that is dead.
  // The number of leases.
  virtual Result<std::int64_t> release_all_leases(TimePoint now) = 0;
  // Ready or leased jobs of one kind.
  virtual Result<Backlog> backlog(const std::string& run, const std::string& kind) = 0;
  virtual Result<std::vector<GroupResult>> group_results(GroupId group) = 0;
};

}  // namespace dth::state
