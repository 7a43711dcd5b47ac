#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"

namespace dth::engine {

// What the lanes of a process are busy with, by kind of job: for metrics. It may outlive processes,
// and goes on counting. Thread-safe.
class JobUse {
 public:
  struct OfKind {
    std::string kind;
    std::int64_t held = 0;             // jobs, of all lanes and runs
    std::int64_t slots = 0;            // that may be held of one run
    std::chrono::microseconds busy{};  // all jobs together, those that are held included
  };

  // What the lanes of a process have from now on.
  void set_slots(const std::string& kind, std::int64_t slots);
  void begin(const std::string& kind, MonotonicTime now);
  void end(const std::string& kind, MonotonicTime now);
  std::vector<OfKind> all(MonotonicTime now) const;

 private:
  struct Kind {
    std::int64_t held = 0, slots = 0;
    // Until `since`. Microseconds: 1,000 jobs that are always held fit for 292 years.
    std::chrono::microseconds busy{};
    std::chrono::microseconds since{};

    std::chrono::microseconds busy_at(MonotonicTime now) const;
    void move_to(MonotonicTime now);
  };
  mutable std::mutex mutex_;
  std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace dth::engine
