#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "base/clock.h"

namespace dth {

// A clock that stands still until it is told to move. Sleepers wake in the order of their times,
// ties in the order in which they went to sleep: a simulation with one seed always runs alike. All
// contexts that sleep on it must be driven by the thread that moves it.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(TimePoint start = TimePoint(std::chrono::hours(24 * 365 * 56)));
  ~SimulatedClock() override;

  TimePoint now() const override;
  MonotonicTime monotonic_now() const override;
  Async<Result<void>> sleep_until(MonotonicTime when) override;

  // Moves to the earliest sleeper and wakes it. False where nobody sleeps.
  bool wake_next();

  // Moves forward without waking those whose time has come; the next wake_next() does.
  void advance(Duration time);

  // The wall clock jumps, as after a correction by NTP; monotonic time does not see it.
  void jump_wall(std::chrono::microseconds by) { wall_offset_ += by; }

  std::size_t sleepers() const { return sleepers_.size(); }

 private:
  struct Sleeper;
  struct Registration;
  TimePoint start_;
  std::chrono::microseconds wall_offset_{0};
  MonotonicTime now_{};
  std::uint64_t sequence_ = 0;
  std::map<std::pair<MonotonicTime, std::uint64_t>, Sleeper*> sleepers_;
};

}  // namespace dth
