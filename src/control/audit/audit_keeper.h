#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/async.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "state/control/audit_log.h"

namespace dth::control {

struct AuditKeeperOptions {
  std::string holder;  // of the lease: never used before
  // Entries that are older are dropped once they are chained; nothing: all are kept.
  std::optional<std::chrono::seconds> retention = {};
  std::function<void(const Error&)> on_problem = {};
};

// Makes the chain of hashes of the audit log, and drops what is too old. Of all hubs of a state,
// the one that holds the lease does it; the others ask for the lease every 20 s. Nothing is written
// to the state in between, unless there are entries to chain or to drop.
class AuditKeeper {
 public:
  // These outlive it.
  AuditKeeper(state::AuditLog& audit, state::HubLeases& leases, Clock& clock,
              BlockingExecutor& blocking, AuditKeeperOptions options)
      : audit_(audit),
        leases_(leases),
        clock_(clock),
        blocking_(blocking),
        options_(std::move(options)) {}

  // Until it is cancelled; the lease is free afterwards.
  Async<void> run();
  // One turn: true where there may be more to do at once. Blocks. Errors: those of state;
  // precondition_failed where the lease was lost, and then nothing was changed.
  Result<bool> turn();

 private:
  Async<void> release();
  Result<void> ask_for_lease(TimePoint now);
  Result<bool> chain_and_drop(TimePoint now);

  state::AuditLog& audit_;
  state::HubLeases& leases_;
  Clock& clock_;
  BlockingExecutor& blocking_;
  const AuditKeeperOptions options_;
  std::optional<state::HubLease> lease_;
  MonotonicTime ask_again_at_ = MonotonicTime::min();
};

}  // namespace dth::control
