#pragma once

#include <optional>

#include "engine/job_context.h"
#include "engine/runner_provider.h"
#include "ledger/sealer.h"

namespace dth::engine {

// What became of an attempt to close a run.
struct Closed {
  std::optional<Error> failure = {};
  // The failure says nothing of what was left open, and will last: stores cannot be opened, or
  // stops_run(), which the ledger's may as well.
  bool run_waits = false;
};

// Does the close job of a run, its last: aborts the uploads that the run left open, seals its
// ledger, and ends it. May be done twice: nothing of it shows before the run is over. Uploads that
// cannot be aborted are left open for people to see, where it is the last try; a run that waits has
// no last try, unless it was cancelled.
//
// Failures: precondition_failed (the lease is lost), those of stores, ledger and state. `context`
// is the close job's; all outlive the call.
Async<Closed> close_run(EngineServices services, ledger::Sealer& sealer, RunnerProvider& runners,
                        JobContext* context);

}  // namespace dth::engine
