#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "state/archive.h"
#include "state/control/control_state.h"
#include "state/job_queue.h"
#include "state/run_records.h"
#include "state/run_store.h"
#include "state/upload_log.h"
#include "state/work_watch.h"
#include "state/worker_registry.h"

namespace dth::state {

// What survives a crash, by role. Every method of a role is one transaction: it happens wholly or
// not at all, and has reached the disk when it returns success. Methods block: coroutines call them
// through run_blocking(). Thread-safe.
//
// `now` comes from the caller's clock. Errors: unavailable (ErrorReason::state_unreachable: busy or
// disconnected, nothing was changed, and the call may be made again; state_full; else a disk that
// fails), precondition_failed (the lease is another's: nothing was changed), not_found (no such
// run), data_corrupted, unsupported (a newer version's database), internal.
class State {
 public:
  virtual ~State() = default;

  // Each lives as long as the state.
  virtual RunStore& runs() = 0;
  virtual JobQueue& jobs() = 0;
  virtual UploadLog& uploads() = 0;
  virtual RunRecords& records() = 0;
  virtual WorkerRegistry& workers() = 0;
  virtual ControlState& control() = 0;
  // Null where there is none.
  virtual Archive* archive() { return nullptr; }

  // Calls `wake`, on a thread of its own, soon after another process may have made jobs ready,
  // until the result goes. It may be called for nothing, and calls may be lost: who waits for jobs
  // also asks now and then. Null where nobody can tell.
  virtual std::unique_ptr<WorkWatch> watch_work(std::function<void()> wake) {
    (void)wake;
    return nullptr;
  }

  // Transactions that changed something since this was opened: what the state costs. 0 where nobody
  // counts.
  virtual std::uint64_t transactions() const { return 0; }
};

}  // namespace dth::state
