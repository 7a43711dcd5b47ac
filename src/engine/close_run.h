#pragma once

#include "engine/job_context.h"
#include "engine/runner_provider.h"
#include "ledger/sealer.h"

namespace dth::engine {

// Does the close job of a run, its last: aborts the uploads that the run left open, seals its
// ledger, and ends it. May be done twice: nothing of it shows before the run is over. Uploads that
// cannot be aborted are left open for people to see, where it is the last try.
//
// Errors: precondition_failed (the lease is lost), those of stores, ledger and state. `context` is
// the close job's; all outlive the call.
Async<Result<void>> close_run(EngineServices services, ledger::Sealer& sealer,
                              RunnerProvider& runners, JobContext* context);

}  // namespace dth::engine
