#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/async.h"
#include "engine/job_context.h"
#include "ledger/ledger.h"
#include "state/state.h"

namespace dth::engine {

// What a job that is done leaves behind; written in one transaction, the lines before it.
struct Finished {
  state::Effects effects = {};
  ledger::LineBuffer lines = {};
  // After the record: why the run stops, as after an error of execute() that stops_run().
  std::optional<Error> halt = {};
};

// Would every other item meet the same failure, until somebody outside does something about it? We
// are not let in any more (`unauthenticated`), the destination is full, or a store is given up that
// cannot be reached. No item fails by it: the run waits.
bool stops_run(const Error& error);

// Executes the jobs of one run on one lane: a plugin's half of the engine. What it does must bear
// being done twice: a worker may die after the work and before the record.
class JobRunner {
 public:
  virtual ~JobRunner() = default;

  // Does the job. An item that cannot be copied is not an error: it is a failure among the effects.
  // Errors:
  //   cancelled            the job was stopped with nothing to record; it goes back
  //   precondition_failed  the lease is lost (what JobContext said); nothing is recorded
  //   retryable ones       the job goes back and is tried later, a bounded number of times;
  //   ErrorReason::unreachable does not
  //                        count, short of WorkerOptions::attempts_max
  //   one that stops_run() nothing can go on as things are: the job goes back, and the run waits
  //   any other            the run cannot succeed: it ends as failed with this error
  // `context` outlives the call.
  virtual Async<Result<Finished>> execute(JobContext& context) = 0;

  // Requests sent since the last call, and retries: added to the run's counts as estimates.
  virtual state::Counts take_request_counts() = 0;

  // What a user should know before anything is done: sentences about the places that the run works
  // on.
  virtual std::vector<std::string> notes() const { return {}; }

  // What was learnt of these places while working there, since the last call: sentences for the end
  // of the run. Each lane may learn the same.
  virtual std::vector<std::string> take_warnings() { return {}; }

  // No job of the run is left, or will be executed any more: takes away what it has left open at
  // the outside.
  virtual Async<Result<void>> settle(EngineServices services, std::string run) = 0;
};

}  // namespace dth::engine
