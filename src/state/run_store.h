#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "state/control/audit_log.h"
#include "state/job.h"
#include "state/planned_deletions.h"
#include "state/run.h"

namespace dth::state {

// The runs: what was asked for, how far it is, how it ended. See State for what every method keeps
// to.
//
// Methods that people call through the hub take the AuditEntry of that, and write it in their
// transaction where they succeed. Null: nobody is to know, as on the command line.
class RunStore {
 public:
  virtual ~RunStore() = default;

  // Inserts the run with its first jobs. Without jobs, its close job is there at once.
  // already_exists where there is a run of that id, or an unfinished one of the same identity,
  // which the message names.
  virtual Result<void> create_run(const NewRun& run, const std::vector<NewJob>& jobs, TimePoint now,
                                  const AuditEntry* audit = nullptr) = 0;
  virtual Result<Run> find_run(const std::string& id) = 0;
  // The newest first: in the order in which they were created, whatever the clocks said then.
  virtual Result<std::vector<Run>> list_runs(std::size_t count_max) = 0;
  // Those that come after `run` in that list: the next page of it, whatever was created meanwhile.
  virtual Result<std::vector<Run>> list_runs_after(const std::string& run,
                                                   std::size_t count_max) = 0;
  // Those that are not over, the newest first.
  virtual Result<std::vector<Run>> unfinished_runs(std::size_t count_max) = 0;
  virtual Result<Progress> progress(const std::string& run) = 0;

  // Its jobs are not claimed until resume(); held ones learn of it when they renew, and go back.
  // Idempotent. precondition_failed where the run is over or was cancelled.
  virtual Result<void> pause(const std::string& run, const AuditEntry* audit = nullptr) = 0;
  // A paused or waiting run goes on at once, and its epoch is raised. Idempotent: of a queued or
  // running one nothing changes. precondition_failed where the run is over or was cancelled.
  virtual Result<void> resume(const std::string& run, const AuditEntry* audit = nullptr) = 0;
  // A queued or running run waits, as of waiting.since; where it waits for the same thing already,
  // or did so a moment ago (waiting_gap_max), the `since` of then stays. Its jobs are not claimed
  // before `until`; the first claim after that makes it run again. Changes nothing where the run is
  // paused, cancelled or over. precondition_failed where the run's epoch is not `epoch` any more:
  // somebody resumed it since what failed was begun.
  virtual Result<void> wait(const std::string& run, std::int64_t epoch, const Waiting& waiting) = 0;
  // precondition_failed where the placement is not `from` any more (another process took the run
  // over), or the run is over.
  virtual Result<void> place(const std::string& run, const Placement& from,
                             const Placement& to) = 0;
  // Its spec from now on; for a run that nobody executes at this moment. precondition_failed where
  // it is over.
  virtual Result<void> change_spec(const std::string& run, const std::string& spec) = 0;
  // Its share of the claims from now on: 1 to weight_max (invalid_argument). precondition_failed
  // where it is over.
  virtual Result<void> change_weight(const std::string& run, int weight) = 0;
  // Drops the jobs that nobody holds, and each held one when it is handed back; held ones learn of
  // it when they renew. The close job comes when none is left, and the run ends as cancelled.
  // Idempotent. A run that is being closed at this moment ends as it is. precondition_failed where
  // it is over.
  virtual Result<void> request_cancel(const std::string& run, TimePoint now,
                                      const AuditEntry* audit = nullptr) = 0;

  // --- deletions that wait for a decision: Effects::deletions
  // Nothing: none were counted, or the run was ended before somebody decided.
  virtual Result<std::optional<PlannedDeletions>> planned_deletions(const std::string& run) = 0;
  // The run may delete `count` objects; where it waits for that it continues at once, and its epoch
  // is raised. Returns the count that was planned: where it differs from `count`, nothing was
  // changed. Idempotent. precondition_failed where no deletions are planned, they were rejected, or
  // the run is over or was cancelled.
  virtual Result<std::int64_t> approve_deletions(const std::string& run, std::int64_t count,
                                                 const Decider& by,
                                                 const AuditEntry* audit = nullptr) = 0;
  // The run is cancelled, as by request_cancel(), with a warning that says who rejected. Errors:
  // those of approve_deletions(); precondition_failed also where they were approved already, or the
  // run is being closed.
  virtual Result<void> reject_deletions(const std::string& run, const std::string& comment,
                                        const Decider& by, const AuditEntry* audit = nullptr) = 0;

  // --- by the holder of the run's close job; precondition_failed where the lease is lost
  // The run as it will be once ended: `state` cancelled (request_cancel()), failed (an error),
  // completed_with_failures (a failed item, an upload left open) or succeeded; `ended_at`; all
  // counts. Changes nothing.
  virtual Result<Run> ending_run(const Lease& close, TimePoint now) = 0;
  // The close job is done, and the run is over as ending_run() said.
  virtual Result<void> end_run(const Lease& close, TimePoint ended_at) = 0;
};

}  // namespace dth::state
