#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "state/control/audit_log.h"

namespace dth::control {

// Refused attempts on their way into the audit log: the first one of a key becomes an entry at
// once, and those that follow within an interval become one together, which bears their number. So
// nobody fills the log by being refused. Thread-safe.
class RefusalTally {
 public:
  static constexpr std::chrono::seconds interval{60};
  // Those beyond are counted together, as of no address.
  static constexpr std::size_t keys_max = 64;

  // An entry that is to be written now.
  struct Due {
    std::string key;
    state::AuditEntry entry;
    std::int64_t count = 1;
  };

  void add(std::string key, state::AuditEntry entry, MonotonicTime now);
  // Each is given out once. `all`: also those whose interval is not over.
  std::vector<Due> take(MonotonicTime now, bool all = false);
  // It could not be written: it is due again after an interval.
  void put_back(Due due, MonotonicTime now);

 private:
  struct Slot {
    state::AuditEntry entry;  // the last one
    std::int64_t count = 0;   // that were not given out
    MonotonicTime due_at{};
  };
  Slot& slot_of(std::string& key, state::AuditEntry& entry, MonotonicTime due_at);

  std::mutex mutex_;
  std::map<std::string, Slot> slots_;
};

}  // namespace dth::control
