#include "plugins/object_copy/shared_facts.h"

#include <random>

namespace dth::object_copy {

std::uint64_t SharedFacts::make_process_number() {
  return (static_cast<std::uint64_t>(std::random_device{}()) << 31 | std::random_device{}()) + 1;
}

Result<std::shared_ptr<EarlierLedger>> SharedFacts::find_earlier(
    const std::vector<std::string>& directories) {
  if (directories.empty()) return std::shared_ptr<EarlierLedger>();
  const std::lock_guard lock(mutex_);
  std::erase_if(earlier_, [](const auto& entry) { return entry.second.expired(); });
  if (auto open = earlier_[directories].lock()) return open;
  auto opened =
      EarlierLedger::open(directories, temporary_directory_, std::make_unique<BlockingPool>(1));
  if (opened.has_value()) earlier_[directories] = *opened;
  return opened;
}

std::shared_ptr<RunFacts> SharedFacts::find(const ObjectCopyTask& task) {
  const std::lock_guard lock(mutex_);
  std::erase_if(facts_, [](const auto& entry) { return entry.second.expired(); });
  if (auto known = facts_[&task].lock()) return known;
  auto facts = std::make_shared<RunFacts>();
  facts_[&task] = facts;
  return facts;
}

}  // namespace dth::object_copy
