#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "cli/database.h"
#include "cli/ledger_places.h"
#include "cli/preview_ledger.h"
#include "ledger/ledger.h"
#include "ledger/objects/run_ledgers.h"
#include "ledger/sealer.h"
#include "state/state.h"

namespace dth::cli {

// What a process works with that executes runs: the state, the ledgers of its runs, and what seals
// these. Other processes may work with the same state.
class WorkingState {
 public:
  // Makes what is missing, directories included. `process` is this process's id; `ledgers`
  // outlives the state. `signing_key`: WorkerCommand::signing_key. Errors: those of state, ledger
  // and signing key.
  static Result<std::unique_ptr<WorkingState>> open(const StatePlace& place,
                                                    const std::string& process,
                                                    const LedgerPlaces& ledgers,
                                                    const std::string& signing_key = "");
  // For a dry run: everything is in memory and is gone afterwards.
  static Result<std::unique_ptr<WorkingState>> open_in_memory();

  state::State& state() { return *state_; }
  ledger::Ledger& ledger() { return *ledger_; }
  ledger::Sealer& sealer() { return *sealer_; }
  // Without one it seals nothing.
  bool has_signing_key() const { return has_signing_key_; }
  // Can the ledger of a run with these options be written? Errors name the place.
  Result<void> check_ledger(const options::Values& spec);
  // Null in memory.
  const StatePlace* place() const { return place_ ? &*place_ : nullptr; }
  // The ledger, in memory; null for one that is kept.
  PreviewLedger* preview() { return preview_; }

 private:
  WorkingState() = default;

  void keep_ledgers(const LedgerPlaces& ledgers, const std::string& process,
                    std::shared_ptr<const PrivateKey> key);
  Result<std::optional<ledger::LedgerPlace>> place_of(const std::string& run);

  SystemClock clock_;
  std::optional<StatePlace> place_;       // not in memory
  const LedgerPlaces* places_ = nullptr;  // null in memory
  std::unique_ptr<state::State> state_;
  std::shared_ptr<ledger::RunLedgers> run_ledgers_;  // null in memory
  std::shared_ptr<ledger::Ledger> ledger_;
  std::shared_ptr<ledger::Sealer> sealer_;
  bool has_signing_key_ = true;
  PreviewLedger* preview_ = nullptr;
};

// So many lanes, or, for 0, one a processor and at most 8.
unsigned lanes_wanted(unsigned lanes);

// This process, as the state is told of it. `id` was never used before.
state::NewWorker registration_of(const std::string& id, state::WorkerKind kind);

}  // namespace dth::cli
