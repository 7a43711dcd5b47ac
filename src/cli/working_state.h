#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "cli/preview_ledger.h"
#include "ledger/ledger.h"
#include "ledger/sealer.h"
#include "state/state.h"

namespace dth::cli {

// What a process works with that executes runs: the state, the ledger beside it, and what seals
// that one. Other processes may work with the same state.
class WorkingState {
 public:
  // Makes what is missing, directories included. `process` is this process's id. Errors: those of
  // state, ledger and signing key.
  static Result<std::unique_ptr<WorkingState>> open(const std::filesystem::path& path,
                                                    const std::string& process);
  // For a dry run: everything is in memory and is gone afterwards.
  static Result<std::unique_ptr<WorkingState>> open_in_memory();

  state::State& state() { return *state_; }
  ledger::Ledger& ledger() { return *ledger_; }
  ledger::Sealer& sealer() { return *sealer_; }
  // Empty in memory.
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path ledger_path() const;
  // The ledger, in memory; null for one that is kept.
  PreviewLedger* preview() { return preview_; }

 private:
  WorkingState() = default;

  std::filesystem::path path_;
  std::unique_ptr<state::State> state_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Sealer> sealer_;
  PreviewLedger* preview_ = nullptr;
};

// So many lanes, or, for 0, one a processor and at most 8.
unsigned lanes_wanted(unsigned lanes);

// This process, as the state is told of it. `id` was never used before.
state::NewWorker registration_of(const std::string& id);

}  // namespace dth::cli
