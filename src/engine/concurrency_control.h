#pragma once

#include <cstdint>

#include "base/clock.h"

namespace dth::engine {

struct ConcurrencyBounds {
  std::uint32_t min = 4;
  std::uint32_t start = 32;
  std::uint32_t max = 1024;  // min == max: fixed
};

// How many operations to have in flight at once, found by trying, all the time: what is best
// depends on the way to the stores, on what they allow, and on this machine. More are tried while
// that moves more in the same time; fewer are kept where they move as much, since each costs memory
// and cache; a store that says "slow down" is obeyed at once.
//
// Pure: no I/O and no clock of its own. Not thread-safe.
class ConcurrencyControl {
 public:
  explicit ConcurrencyControl(ConcurrencyBounds bounds);

  std::uint32_t limit() const { return limit_; }

  // An operation that began at `began` ended at `now` and moved `bytes`. `others_wait`: are there
  // more of them than the limit lets begin? Only then does the limit say anything about the speed.
  void ended(MonotonicTime began, MonotonicTime now, std::uint64_t bytes, bool others_wait);

  // A store asked for less. Asking again within a moment is the same request.
  void throttled(MonotonicTime now);

 private:
  enum class Trial { none, more, fewer };
  void begin_window(MonotonicTime now);
  void judge(double rate, MonotonicTime now);
  void try_other(MonotonicTime now);
  void set_limit(double limit);

  ConcurrencyBounds bounds_;
  std::uint32_t limit_;
  Trial trial_ = Trial::none;
  std::uint32_t limit_before_ = 0;  // the trial
  double rate_before_ = 0;
  bool grow_next_ = true;         // what is tried next
  bool growing_ = true;           // every trial of more has been worth it up to now
  MonotonicTime rest_until_{};    // no trial before
  MonotonicTime obeyed_until_{};  // further calls to slow down mean what was obeyed already

  MonotonicTime changed_at_{};  // the limit was set
  bool measuring_ = false;      // one that began since then has ended
  MonotonicTime measured_from_{};
  std::uint32_t ended_count_ = 0;
  std::uint32_t waited_count_ = 0;  // of them, with others waiting
  double work_ = 0;
};

}  // namespace dth::engine
