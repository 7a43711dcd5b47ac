#pragma once

#include <atomic>
#include <cstdint>

namespace dth::engine {

// A bound that all lanes of a process share: so many may be held at once, of this and of the one
// around it. Nobody waits here: who gets none asks again later, and says so where the one around
// had none, so that others do not take all of it meanwhile. Thread-safe.
class SharedPermits {
 public:
  enum class Taken { yes, none_here, none_around };

  // `around` outlives it; what is taken here is taken there too.
  explicit SharedPermits(std::uint32_t count, SharedPermits* around = nullptr)
      : count_(count), around_(around) {}
  SharedPermits(const SharedPermits&) = delete;
  SharedPermits& operator=(const SharedPermits&) = delete;

  // `waits`: the caller is one of those that wait_around().
  Taken take(bool waits = false) {
    if (!add()) return Taken::none_here;
    if (!around_ || around_->take_for_one_within(waits)) return Taken::yes;
    held_.fetch_sub(1, std::memory_order_relaxed);
    return Taken::none_around;
  }
  bool try_take() { return take() == Taken::yes; }
  void give_back(std::uint32_t count = 1) {
    held_.fetch_sub(count, std::memory_order_relaxed);
    if (around_) around_->give_back(count);
  }

  // From now on the caller waits for one of those around, or does not any more. While anybody does,
  // who does not wait gets none of those.
  void wait_around() { around_->waiting_.fetch_add(1, std::memory_order_relaxed); }
  void end_wait_around() { around_->waiting_.fetch_sub(1, std::memory_order_relaxed); }

  std::uint32_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  bool add() {
    std::uint32_t held = held_.load(std::memory_order_relaxed);
    do {
      if (held >= count_) return false;
    } while (!held_.compare_exchange_weak(held, held + 1, std::memory_order_relaxed));
    return true;
  }
  bool take_for_one_within(bool waits) {
    if (!waits && waiting_.load(std::memory_order_relaxed) > 0) return false;
    return add();
  }

  const std::uint32_t count_;
  SharedPermits* const around_;
  std::atomic<std::uint32_t> held_{0};
  std::atomic<std::uint32_t> waiting_{0};
};

}  // namespace dth::engine
