#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/job_context.h"
#include "engine/plugin.h"
#include "engine/shared_run.h"
#include "engine/worker.h"
#include "ledger/sealer.h"

namespace dth::engine {

struct WorkerProcessOptions {
  state::NewWorker registration;  // its id is that of this process
  unsigned lanes = 1;
  std::vector<JobSlots> slots = {};  // of one lane; empty: those of the plugins
  std::chrono::milliseconds poll_interval_max = WorkerOptions().poll_interval_max;
  bool has_threads = true;     // false: poll_one() drives the lanes, as a simulation does
  bool closes_runs = true;     // false: it may not sign ledgers, and leaves that to others
  bool is_registered = false;  // by the caller, who also removes it
  std::optional<state::Run> first_run = {};  // which it shares from the beginning: first_run()
  // Called on a lane's thread when something happened that an observer may want to look at: a lane
  // is out of work or has ended, a run was stopped or is over.
  std::function<void()> on_change = [] {};
  // Given a line for people: the state is busy or cannot be reached, and is waited for; it answers
  // again. On any thread.
  std::function<void(const std::string& line)> on_note = [](const std::string&) {};
};

// What executes runs in this process: lanes, each a thread with its own sockets and buffers, which
// work on all runs that this process may execute. Registered in the state while it lives.
// Thread-safe.
class WorkerProcess {
 public:
  // Registers, unless that was done, and starts. All outlive it. Errors: those of the state,
  // and of the first run's spec.
  static Result<std::unique_ptr<WorkerProcess>> start(EngineServices services,
                                                      ledger::Sealer& sealer,
                                                      std::span<Plugin* const> plugins,
                                                      WorkerProcessOptions options);
  // Waits for the lanes, which must have been stopped; gives back what they held.
  ~WorkerProcess();

  // Nothing is begun any more; what is in flight may end.
  void request_stop();
  // What is in flight is cut off and handed back.
  void cancel();

  // Without threads: lets each lane do one thing that can be done now. False where there is none.
  // They have to have ended before this goes.
  bool poll_one();

  bool ended() const;
  // After the end: why, where nobody asked for it.
  std::optional<Error> failure() const;

  // WorkerProcessOptions::first_run, until somebody stops it.
  SharedRun& first_run();

 private:
  struct Parts;
  explicit WorkerProcess(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace dth::engine
