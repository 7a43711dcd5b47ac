#include "control/identity/refusal_tally.h"

namespace dth::control {

RefusalTally::Slot& RefusalTally::slot_of(std::string& key, state::AuditEntry& entry,
                                          MonotonicTime due_at) {
  if (slots_.size() >= keys_max && !slots_.contains(key)) {
    key.clear();
    entry.address = "several addresses";
    entry.target_kind.clear();
    entry.target_id.clear();
    entry.target_name.clear();
  }
  return slots_.try_emplace(key, Slot{{}, 0, due_at}).first->second;
}

void RefusalTally::add(std::string key, state::AuditEntry entry, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Slot& slot = slot_of(key, entry, now);
  ++slot.count;
  slot.entry = std::move(entry);
}

std::vector<RefusalTally::Due> RefusalTally::take(MonotonicTime now, bool all) {
  const std::lock_guard lock(mutex_);
  std::vector<Due> due;
  for (auto at = slots_.begin(); at != slots_.end();) {
    Slot& slot = at->second;
    if (!all && now < slot.due_at) {
      ++at;
      continue;
    }
    if (slot.count == 0) {
      at = slots_.erase(at);
      continue;
    }
    Due taken{at->first, slot.entry, slot.count};
    if (taken.count > 1) {
      state::AuditChanges changes;
      changes.add("refused", "", std::to_string(taken.count));
      taken.entry.changes = changes.to_json();
    }
    due.push_back(std::move(taken));
    slot.count = 0;
    slot.due_at = now + interval;
    ++at;
  }
  return due;
}

void RefusalTally::put_back(Due due, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Slot& slot = slot_of(due.key, due.entry, now + interval);
  slot.count += due.count;
  slot.entry = std::move(due.entry);
}

}  // namespace dth::control
