#pragma once

#include <map>
#include <memory>
#include <optional>

#include "base/clock.h"

namespace dth {

// Shared values that are kept for a while when nobody uses them any more, so that who comes next
// need not make them again. A value is in use while somebody else holds a pointer to it. Not
// thread-safe.
template <class Key, class Value>
class IdleCache {
 public:
  explicit IdleCache(Duration idle_max) : idle_max_(idle_max) {}

  // Null where there is none.
  std::shared_ptr<Value> find(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    found->second.unused_since.reset();
    return found->second.value;
  }

  void put(const Key& key, std::shared_ptr<Value> value) {
    entries_.insert_or_assign(key, Entry{std::move(value)});
  }

  // Drops what is not in use and was not at the calls of this in the last `idle_max`. Cheap; call
  // it now and then.
  void drop_idle(MonotonicTime now) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      auto& [value, unused_since] = entry->second;
      if (value.use_count() > 1) {
        unused_since.reset();
      } else if (!unused_since) {
        unused_since = now;
      }
      const bool is_idle = unused_since && now - *unused_since >= idle_max_;
      entry = is_idle ? entries_.erase(entry) : std::next(entry);
    }
  }

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::shared_ptr<Value> value;
    std::optional<MonotonicTime> unused_since = {};
  };
  const Duration idle_max_;
  std::map<Key, Entry> entries_;
};

}  // namespace dth
