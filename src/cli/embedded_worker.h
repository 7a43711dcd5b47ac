#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "cli/process_stop.h"
#include "cli/working_state.h"

namespace dth::cli {

struct EmbeddedWorkerOptions {
  StatePlace place;
  const LedgerPlaces* ledgers = nullptr;
  unsigned lanes = 0;            // 0: one a processor, at most 8
  std::string signing_key = {};  // WorkerCommand::signing_key
  std::vector<std::string> labels = {};
};

// The worker of `dth serve`: executes runs that any process may execute, on threads of its own,
// with a connection to the state of its own, so that who asks the API does not wait for it. It is
// another `dth worker` for all others.
//
// Where it fails, it says so in the log and begins again under another id, after a pause. Who
// drains it (`dth worker drain`) stops it until the hub starts again.
class EmbeddedWorker {
 public:
  // All outlive it. Opens what it works with. Errors: those of the state, the ledger and the
  // signing key.
  static Result<std::unique_ptr<EmbeddedWorker>> open(engine::Plugin& plugin, Log& log,
                                                      EmbeddedWorkerOptions options);
  // Begins to work; once.
  void start();
  // Waits for its end.
  ~EmbeddedWorker();

  // What is in flight may end, for `embedded_stop_grace`; then it is cut off and handed back.
  // Idempotent. From any thread, as all that follow.
  void request_stop();
  // Why it does not work now, if so: for people.
  std::optional<std::string> fault() const;
  const engine::JobUse& use() const { return use_; }

 private:
  EmbeddedWorker(engine::Plugin& plugin, Log& log, EmbeddedWorkerOptions options);

  using Working = std::unique_ptr<WorkingState>;
  Result<Working> open_state();
  void serve();
  // Opens what it works with, where it is not open, and works. An exception is a failure of the
  // worker, not the end of the hub.
  Result<void> try_to_work();
  // Until it fails, was drained, or is to stop.
  Result<void> work(WorkingState& working);
  Async<void> watch(engine::WorkerProcess* process);
  // True: it is to stop.
  bool pause(Duration time);
  void set_fault(std::optional<std::string> fault);

  engine::Plugin& plugin_;
  Log& log_;
  const EmbeddedWorkerOptions options_;
  SystemClock clock_;
  engine::JobUse use_;
  std::string id_;  // of now; the thread's once it is started, as what follows
  Working working_;
  boost::asio::io_context context_{1};
  WakeableSleep until_next_look_;
  std::atomic<bool> stops_ = false;
  mutable std::mutex mutex_;
  std::optional<std::string> fault_;
  std::thread thread_;
};

// Less than what a hub that stops has in all.
inline constexpr std::chrono::seconds embedded_stop_grace{5};

}  // namespace dth::cli
