#include "cli/ledger_places.h"

#include <filesystem>

#include "options/amounts.h"

namespace dth::cli {
namespace {

constexpr std::string_view side_names[] = {ledger::ledger_side};
const std::string ledger_option(ledger::ledger_side);

}  // namespace

LedgerPlaces::LedgerPlaces(objects::StoreOpener& opener)
    : opener_(opener), sides_(opener.kinds(), side_names) {}

Result<std::optional<ledger::LedgerPlace>> LedgerPlaces::of_spec(
    const options::Values& spec) const {
  const auto named = spec.find(ledger_option);
  if (named == spec.end()) return std::optional<ledger::LedgerPlace>();
  auto place = ledger::read_ledger_place(named->second, sides_, spec);
  if (place.has_error()) return place.error();
  if (const auto given = spec.find("unreachable-timeout"); given != spec.end()) {
    const auto timeout = options::parse_duration(given->second);
    if (timeout) place->unreachable_timeout = *timeout;
  }
  return std::optional(std::move(*place));
}

Result<ledger::LedgerPlace> LedgerPlaces::of_run_named(const std::string& text,
                                                       const options::Values& given) const {
  std::error_code unknown;
  const std::string here = std::filesystem::current_path(unknown).string();
  return ledger::read_ledger_place(ledger::absolute_ledger_place(text, here), sides_, given);
}

ledger::LedgerPlace place_beside(const StatePlace& state) {
  ledger::LedgerPlace place;
  place.directory = state.ledgers().string();
  return place;
}

std::string shown_ledger(const options::Values& spec, const StatePlace& state,
                         const std::string& run) {
  const auto named = spec.find(ledger_option);
  if (named == spec.end()) return (state.ledgers() / run).string();
  return named->second + (named->second.ends_with('/') ? "" : "/") + run;
}

}  // namespace dth::cli
