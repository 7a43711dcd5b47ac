#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "cli/local_run.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "cli/working_state.h"
#include "engine/plugin.h"
#include "runs/run_service.h"
#include "state/state.h"

namespace dth::cli {

// What a command that executes a run takes besides the run.
struct ExecuteOptions {
  unsigned lanes = 0;  // 0: one a processor, at most 8
  bool quiet = false;
  OutputFormat output = OutputFormat::table;
};

// The state, the ledger beside it and the key that signs it: what runs in this process work with.
// Other processes may work with the same state, on other runs.
class Session {
 public:
  // Makes what is missing, directories included. Errors: those of state, ledger and signing key.
  static Result<std::unique_ptr<Session>> open(engine::Plugin& plugin, const StatePlace& place,
                                               const LedgerPlaces& ledgers);
  // For a dry run: everything is in memory and is gone afterwards.
  static Result<std::unique_ptr<Session>> open_in_memory(engine::Plugin& plugin);

  ~Session();

  runs::RunService& service() { return *service_; }
  // This process, as the state knows it while it executes runs.
  const std::string& process() const { return process_; }
  // Where the state is; null in memory.
  const StatePlace* database() const { return working_->place(); }

  // Can the ledger of a run with these options be written? Nothing of it is made.
  Result<void> check_ledger(const options::Values& spec) { return working_->check_ledger(spec); }

  // A run of the task, which this process is to execute.
  Result<state::Run> create(const engine::Task& task, int weight = 1);
  // Cancels the run and takes away what it left open. Errors: already_exists (a process that lives
  // works on it), and what kept its uploads from being aborted.
  Result<void> abandon(const std::string& run);

  // Executes the run until it is over or stops.
  Result<Summary> execute(const state::Run& run, std::shared_ptr<const engine::Task> task,
                          const ExecuteOptions& options);

 private:
  explicit Session(engine::Plugin& plugin);
  void take(std::unique_ptr<WorkingState> working);
  state::State& state() { return working_->state(); }
  Result<LocalRunResult> drive(const state::Run& run, std::shared_ptr<const engine::Task> task,
                               const ExecuteOptions& options, ProgressView* view);
  // The uploads that a run which is over could not abort; warns of each.
  Result<std::vector<state::Upload>> tell_left_open(const std::string& run);
  // The run's warnings; prints each.
  Result<std::vector<std::string>> tell_warnings(const std::string& run);
  bool is_kept() { return working_->preview() == nullptr; }

  engine::Plugin& plugin_;
  engine::Plugin* const plugins_[1];
  SystemClock clock_;
  const std::string process_;
  std::unique_ptr<WorkingState> working_;
  std::unique_ptr<runs::RunService> service_;
  bool is_registered_ = false;
};

// Prints the summary and what is to be said of it; `going_on` names the command that goes on with
// an interrupted run. Returns the exit code.
int report(const Summary& summary, OutputFormat format, const std::string& going_on);

}  // namespace dth::cli
