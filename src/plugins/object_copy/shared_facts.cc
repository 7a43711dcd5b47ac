#include "plugins/object_copy/shared_facts.h"

#include <random>

#include "ledger/objects/open_ledger.h"

namespace dth::object_copy {

std::uint64_t SharedFacts::make_process_number() {
  return (static_cast<std::uint64_t>(std::random_device{}()) << 31 | std::random_device{}()) + 1;
}

Result<std::shared_ptr<EarlierLedger>> SharedFacts::find_earlier(
    const std::vector<ledger::LedgerPlace>& places, Clock& clock) {
  std::vector<Place> key;
  for (const ledger::LedgerPlace& place : places)
    key.emplace_back(place.to_string(), place.store.endpoint);
  const std::lock_guard lock(earlier_mutex_);
  std::erase_if(earlier_, [](const auto& entry) { return entry.second.expired(); });
  if (auto open = earlier_[key].lock()) return open;
  std::vector<std::unique_ptr<ledger::RunFiles>> ledgers;
  for (const ledger::LedgerPlace& place : places) {
    auto files = ledger::open_run_files({opener_, clock}, place);
    if (files.has_error()) return std::move(files.error()).with_context("--earlier-ledger");
    ledgers.push_back(std::move(*files));
  }
  auto opened = EarlierLedger::open(std::move(ledgers), temporary_directory_,
                                    std::make_unique<BlockingPool>(1));
  if (opened.has_value()) earlier_[key] = *opened;
  return opened;
}

std::shared_ptr<RunFacts> SharedFacts::find(const ObjectCopyTask& task) {
  const std::lock_guard lock(mutex_);
  std::erase_if(facts_, [](const auto& entry) { return entry.second.expired(); });
  if (auto known = facts_[&task].lock()) return known;
  auto facts =
      std::make_shared<RunFacts>(task.tuning().objects_in_flight_max, &transfers_, &seen_pieces_);
  facts_[&task] = facts;
  return facts;
}

}  // namespace dth::object_copy
