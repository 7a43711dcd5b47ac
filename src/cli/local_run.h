#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/plugin.h"
#include "engine/worker_process.h"
#include "ledger/ledger.h"
#include "ledger/sealer.h"
#include "state/state.h"

namespace dth::cli {

// What a run is executed with; all outlive that.
struct LocalServices {
  engine::Plugin& plugin;
  state::State& state;
  ledger::Ledger& ledger;
  ledger::Sealer& sealer;
  Clock& clock;
};

// Executes one run in this process until it is over or stops.
struct LocalRunOptions {
  state::Run run;                            // placed in this process
  std::shared_ptr<const engine::Task> task;  // the run's
  std::string process;                       // this process's id
  bool is_registered = false;                // WorkerProcessOptions::is_registered
  unsigned lanes = 1;
  // Called about five times a second with what state says, and with what is waited for, a sentence
  // each.
  std::function<void(const state::Progress&, const std::vector<std::string>&)> on_progress =
      [](const auto&, const auto&) {};
  // Called at the first signal: what is in flight has so long to end.
  std::function<void(std::chrono::seconds)> on_interrupt = [](std::chrono::seconds) {};
  // A line for people about the state: engine::WorkerProcessOptions::on_note.
  std::function<void(const std::string& line)> on_note = [](const std::string&) {};
};

struct LocalRunResult {
  state::Progress progress;  // at the end
  // By SIGINT or SIGTERM, by a pause, or because this process was asked to drain: the run can be
  // resumed.
  bool interrupted = false;
  std::string abandoned = {};  // not empty: so can this one, which stopped because a store could
                               // not be reached, and how long, or because the destination is full
};

// Drives the run. SIGINT and SIGTERM end it gracefully: what is in flight may finish for some
// seconds, then it is cut off and handed back; a second signal ends the process at once with 130.
// Errors: why the run stopped, or why the state could not be written.
Result<LocalRunResult> execute_run(LocalServices services, LocalRunOptions options);

// Opens the stores of a task and looks whether they can be used, then closes them. Returns what a
// user should know of them.
Result<std::vector<std::string>> check_stores(engine::Plugin& plugin,
                                              std::shared_ptr<const engine::Task> task,
                                              Clock& clock);

// Says these on standard error, before a run.
void tell_notes(const std::vector<std::string>& notes);

}  // namespace dth::cli
