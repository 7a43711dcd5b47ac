#include "engine/job_use.h"

#include <algorithm>

namespace dth::engine {

void JobUse::set_slots(const std::string& kind, std::int64_t slots) {
  const std::lock_guard lock(mutex_);
  kinds_[kind].slots = slots;
}

void JobUse::begin(const std::string& kind, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Kind& found = kinds_[kind];
  ++found.held;
  found.ends_less_begins -= std::chrono::duration_cast<Duration>(now.time_since_epoch());
}

void JobUse::end(const std::string& kind, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Kind& found = kinds_[kind];
  --found.held;
  found.ends_less_begins += std::chrono::duration_cast<Duration>(now.time_since_epoch());
}

std::vector<JobUse::OfKind> JobUse::all(MonotonicTime now) const {
  const std::lock_guard lock(mutex_);
  std::vector<OfKind> all;
  for (const auto& [name, kind] : kinds_) {
    const Duration held = kind.held * std::chrono::duration_cast<Duration>(now.time_since_epoch());
    all.push_back({.kind = name,
                   .held = kind.held,
                   .slots = kind.slots,
                   .busy = std::max(Duration::zero(), kind.ends_less_begins + held)});
  }
  return all;
}

}  // namespace dth::engine
