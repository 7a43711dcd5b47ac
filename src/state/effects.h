#pragma once

#include <optional>
#include <string>
#include <vector>

#include "state/counts.h"
#include "state/job.h"
#include "state/planned_deletions.h"
#include "state/record.h"
#include "state/upload.h"

namespace dth::state {

// Everything that one step of a job changes, in one transaction.
struct Effects {
  std::vector<NewJob> jobs = {};
  std::vector<NewGroup> groups = {};
  Counts counts = {};
  std::vector<Failure> failures = {};
  std::optional<Segment> segment = {};
  std::optional<std::string> group_result =
      {};  // only from a job with a group, and only with finish()
  std::vector<UploadRowId> uploads_closed = {};  // completed, or aborted for certain
  std::optional<std::string> run_error =
      {};  // the run cannot succeed any more, and why: it ends as failed
  // What a user has to know of the run as a whole although it is not a failure: a sentence each. A
  // sentence that the run has already is not added again; the run keeps the first warnings_max.
  std::vector<std::string> warnings = {};
  // What the run would delete: from this transaction on it waits until somebody approves that count
  // (RunStore::approve_deletions()). It does not wait where as many or more are approved already.
  // Its decision is ignored. A count of 0 withdraws what was planned, an approval included.
  std::optional<PlannedDeletions> deletions = {};
};

}  // namespace dth::state
