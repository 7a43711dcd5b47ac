#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/database.h"
#include "ledger/objects/ledger_place.h"
#include "ledger/objects/open_ledger.h"
#include "objects/store_opener.h"

namespace dth::cli {

// Where ledgers are, as specs and command lines name it. Does not change; thread-safe.
class LedgerPlaces {
 public:
  // Outlives it.
  explicit LedgerPlaces(objects::StoreOpener& opener);

  // How a ledger in a bucket is reached: --ledger-region and so on.
  std::span<const options::Option> options() const { return sides_.all(); }
  objects::StoreOpener& opener() const { return opener_; }

  // The place that the options of a run name, which is waited for as long as its stores are
  // (--unreachable-timeout); nothing where they name none: its ledger is beside the state.
  Result<std::optional<ledger::LedgerPlace>> of_spec(const options::Values& spec) const;
  // What a user names: the ledger of one run.
  Result<ledger::LedgerPlace> of_run_named(const std::string& text,
                                           const options::Values& given) const;

 private:
  objects::StoreOpener& opener_;
  const objects::SideOptions sides_;
};

// The ledgers of a state's runs that name no other place, a directory each.
ledger::LedgerPlace place_beside(const StatePlace& state);

// Where the run's ledger is, for people and for `dth ledger`.
std::string shown_ledger(const options::Values& spec, const StatePlace& state,
                         const std::string& run);

}  // namespace dth::cli
