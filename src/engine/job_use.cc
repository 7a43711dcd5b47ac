#include "engine/job_use.h"

#include <algorithm>

namespace dth::engine {
namespace {

std::chrono::microseconds microseconds_of(MonotonicTime time) {
  return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch());
}

}  // namespace

void JobUse::set_slots(const std::string& kind, std::int64_t slots) {
  const std::lock_guard lock(mutex_);
  kinds_[kind].slots = slots;
}

// Lanes may come a little out of order.
std::chrono::microseconds JobUse::Kind::busy_at(MonotonicTime now) const {
  return busy + held * std::max(microseconds_of(now) - since, std::chrono::microseconds::zero());
}

void JobUse::Kind::move_to(MonotonicTime now) {
  busy = busy_at(now);
  since = std::max(since, microseconds_of(now));
}

void JobUse::begin(const std::string& kind, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Kind& found = kinds_[kind];
  found.move_to(now);
  ++found.held;
}

void JobUse::end(const std::string& kind, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Kind& found = kinds_[kind];
  found.move_to(now);
  --found.held;
}

std::vector<JobUse::OfKind> JobUse::all(MonotonicTime now) const {
  const std::lock_guard lock(mutex_);
  std::vector<OfKind> all;
  for (const auto& [name, kind] : kinds_) {
    all.push_back(
        {.kind = name, .held = kind.held, .slots = kind.slots, .busy = kind.busy_at(now)});
  }
  return all;
}

}  // namespace dth::engine
