#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"

namespace dth {

// Wall time, UTC, to the microsecond: what is stored and shown. May jump.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

// Time that only moves forward: deadlines, leases held by this process, back-off.
using MonotonicTime = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

// Where time comes from. Everything that waits or compares times is given a Clock, so that the
// simulation decides what time it is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual MonotonicTime monotonic_now() const = 0;

  // Waits on the calling coroutine's executor. Fails with ErrorCode::cancelled and nothing else.
  virtual Async<Result<void>> sleep_until(MonotonicTime when) = 0;

  Async<Result<void>> sleep_for(Duration time) { return sleep_until(monotonic_now() + time); }
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
  MonotonicTime monotonic_now() const override { return std::chrono::steady_clock::now(); }
  Async<Result<void>> sleep_until(MonotonicTime when) override;
};

// An absolute point that work must not run past. It only shrinks: shortened() never returns a later
// one.
class Deadline {
 public:
  static Deadline never() { return Deadline(MonotonicTime::max()); }
  static Deadline at(MonotonicTime when) { return Deadline(when); }
  Deadline shortened(MonotonicTime when) const { return Deadline(std::min(when, when_)); }
  bool passed(MonotonicTime now) const { return now >= when_; }
  MonotonicTime when() const { return when_; }

 private:
  explicit Deadline(MonotonicTime when) : when_(when) {}
  MonotonicTime when_;
};

// "2026-11-01T09:30:00.000000Z" (RFC 3339, UTC) and back; nothing for what is not such a time. The
// fraction may be missing or have one to nine digits, of which six count.
std::string format_time(TimePoint time);
std::optional<TimePoint> parse_time(std::string_view text);

}  // namespace dth
