#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/signature.h"
#include "cli/output.h"
#include "cli/preview_ledger.h"
#include "cli/summary.h"
#include "engine/plugin.h"
#include "ledger/ledger.h"
#include "state/state.h"

namespace dth::cli {

// What a command that executes a run takes besides the run.
struct ExecuteOptions {
  unsigned lanes = 0;  // 0: one a processor, at most 8
  bool quiet = false;
  OutputFormat output = OutputFormat::table;
};

// A state under its lock, the ledger beside it and the key that signs it: what runs in this process
// work with.
class Session {
 public:
  // Makes what is missing, directories included. Errors: already_exists (another process works on
  // the state), and those of state, ledger and signing key.
  static Result<std::unique_ptr<Session>> open(engine::Plugin& plugin,
                                               std::filesystem::path state_path);
  // For a dry run: everything is in memory and is gone afterwards.
  static Result<std::unique_ptr<Session>> open_in_memory(engine::Plugin& plugin);

  state::State& state() { return *state_; }
  Clock& clock() { return clock_; }

  // The run of that id, or the newest one, that is not over. The newest run, if it is over, is
  // given the manifest that it may lack.
  Result<std::optional<state::Run>> unfinished_run(const std::string& id = "");
  // Makes the run of a process that is gone ready to go on: frees its leases, cuts torn ends off
  // its ledger.
  Result<void> resume(const state::Run& run);
  // Gives it up: aborts its open uploads, ends it as cancelled, writes its manifest.
  Result<void> abandon(const state::Run& run);
  // A run of the task, created when the task says that it began.
  Result<state::Run> create(const engine::Task& task);

  // Executes the run until it is over or interrupted, and writes its manifest. `task` says how
  // stores are reached today.
  Result<Summary> execute(const state::Run& run, std::shared_ptr<const engine::Task> task,
                          const ExecuteOptions& options);

 private:
  explicit Session(engine::Plugin& plugin) : plugin_(plugin) {}
  Result<void> ensure_manifest(const state::Run& run);
  // The uploads that a run which is over could not abort; warns of each.
  Result<std::vector<state::Upload>> tell_left_open(const std::string& run);
  // The run's warnings; prints each.
  Result<std::vector<std::string>> tell_warnings(const std::string& run);
  bool is_kept() const { return key_.has_value(); }

  engine::Plugin& plugin_;
  SystemClock clock_;
  std::filesystem::path state_path_;
  std::filesystem::path ledger_path_;
  std::unique_ptr<state::State> state_;
  std::unique_ptr<ledger::Ledger> ledger_;
  PreviewLedger* preview_ = nullptr;  // the ledger, in memory
  std::optional<PrivateKey> key_;     // none in memory
};

// Prints the summary and what is to be said of it; `going_on` names the command that goes on with
// an interrupted run. Returns the exit code.
int report(const Summary& summary, OutputFormat format, const std::string& going_on);

}  // namespace dth::cli
