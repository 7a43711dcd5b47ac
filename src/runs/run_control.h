#pragma once

#include <string>
#include <vector>

#include "runs/run_service.h"
#include "state/control/audit_log.h"

namespace dth::runs {

// Which failed items of a run are tried again: those that fit all given fields; all of them where
// nothing is given.
struct RetryRequest {
  std::string run = {};
  std::vector<std::string> reasons = {};  // to_string(ErrorReason)
  std::vector<std::string> codes = {};    // to_string(ErrorCode)
  std::vector<std::string> keys = {};     // raw bytes
};

// Items that may be selected; keys are named one by one in the new run's spec.
inline constexpr std::size_t retry_keys_max = 10'000;

// What was done to a run, which is so whether it can be read at this moment or not.
struct Steered {
  std::string run;       // its id
  Result<RunView> view;  // as it is now
};

// Where `planned` is not the number that was given, nothing was changed.
struct Approval {
  std::int64_t planned = 0;
  Steered steered;
};

// What people do with runs through the hub. Every method checks everything, then changes state in
// one transaction, which also writes the audit entry: `by` says who and how, the method adds the
// run and what changes. Each call blocks. Thread-safe.
//
// Errors of all mean that nothing was changed: not_found (no such run), precondition_failed (the
// run's state does not allow it; the message says what to do), and those of State.
class RunControl {
 public:
  // All outlive it.
  RunControl(state::State& state, std::span<engine::Plugin* const> plugins, Clock& clock)
      : state_(state), clock_(clock), service_(state, plugins, clock) {}

  // Idempotent; what changes nothing is not audited.
  Result<Steered> pause(const std::string& run, state::AuditEntry by);
  // Of a run that is queued or running nothing changes. A run that only a process could execute
  // that is gone cannot be resumed here: that process's host has its credentials or files.
  Result<Steered> resume(const std::string& run, state::AuditEntry by);
  // Idempotent until the run is over, or is ending at this moment.
  Result<Steered> cancel(const std::string& run, state::AuditEntry by);
  // A new run over failed items of one that is over, for whichever worker takes it. Not of a run
  // that only a process could execute: as with resume(). invalid_argument: nothing fits, a key did
  // not fail, or there are more than retry_keys_max.
  Result<Steered> retry(const RetryRequest& request, state::AuditEntry by);

  // The run may delete as many objects as it counted; `count` has to be that number.
  Result<Approval> approve_deletions(const std::string& run, std::int64_t count,
                                     state::AuditEntry by);
  // The run is cancelled, and deletes nothing.
  Result<Steered> reject_deletions(const std::string& run, const std::string& comment,
                                   state::AuditEntry by);

  RunReader& reader() { return service_.reader(); }

 private:
  Result<std::vector<std::string>> keys_of(const RetryRequest& request);
  Steered steered(const std::string& run);

  state::State& state_;
  Clock& clock_;
  RunService service_;
};

}  // namespace dth::runs
