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

  // Takes up to count_max jobs that are ready, or whose lease ran out before `now`, and raises each
  // one's epoch. The runs take turns, one job at a time: next is the one that has the fewest leased
  // jobs in relation to its weight. Within a run: by kind as asked, then by priority, then by age.
  // A queued or waiting run of which a job is taken is running from then on.
  //
  // Not taken: jobs of runs that are paused, cancelled, waiting before `until` or placed elsewhere;
  // but the close job of a cancelled run is. Finding nothing writes nothing.
  virtual Result<std::vector<Job>> claim(const ClaimRequest& request) = 0;
  virtual Result<std::vector<Renewal>> renew(const std::vector<Lease>& leases, TimePoint now,
                                             TimePoint lease_until) = 0;
  // The job goes on with a new payload; what it did so far counts.
  virtual Result<void> advance(const Lease& lease, const std::string& payload,
                               const Effects& effects, TimePoint now) = 0;
  // The job is done. invalid_argument for a close job: RunStore::end_run() ends it.
  virtual Result<void> finish(const Lease& lease, const Effects& effects, TimePoint now) = 0;
  // The job goes back: ready again at `not_before`. `in_good_order`: the attempt does not count.
  // A job of a cancelled run is dropped instead.
  virtual Result<void> release(const Lease& lease, TimePoint not_before, bool in_good_order) = 0;
  // Gives each run that has no job left the close job that it lacks, and drops the jobs of
  // cancelled runs whose leases ran out. finish(), release() and request_cancel() do so for their
  // run; this is for what was left undone, and is called now and then by workers without work. The
  // number of close jobs inserted. Finding nothing writes nothing.
  virtual Result<std::int64_t> insert_missing_close_jobs(TimePoint now) = 0;
  // Ready or leased jobs of one kind.
  virtual Result<Backlog> backlog(const std::string& run, const std::string& kind) = 0;
  // By kind of run and job, those without jobs left out. Reads all jobs: for metrics.
  virtual Result<std::vector<QueueDepth>> depths(TimePoint now) = 0;
  virtual Result<std::vector<GroupResult>> group_results(GroupId group) = 0;
};

}  // namespace dth::state
