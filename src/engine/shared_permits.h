#pragma once

#include <atomic>
#include <cstdint>

namespace dth::engine {

// A bound that all lanes of a process share: so many may be held at once, of this and of the one
// around it. Nobody waits here: who gets none asks again later. Thread-safe.
class SharedPermits {
 public:
  // `around` outlives it; what is taken here is taken there too.
  explicit SharedPermits(std::uint32_t count, SharedPermits* around = nullptr)
      : count_(count), around_(around) {}
  SharedPermits(const SharedPermits&) = delete;
  SharedPermits& operator=(const SharedPermits&) = delete;

  bool try_take() {
    std::uint32_t held = held_.load(std::memory_order_relaxed);
    do {
      if (held >= count_) return false;
    } while (!held_.compare_exchange_weak(held, held + 1, std::memory_order_relaxed));
    if (!around_ || around_->try_take()) return true;
    held_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  void give_back(std::uint32_t count = 1) {
    held_.fetch_sub(count, std::memory_order_relaxed);
    if (around_) around_->give_back(count);
  }

  std::uint32_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  const std::uint32_t count_;
  SharedPermits* const around_;
  std::atomic<std::uint32_t> held_{0};
};

}  // namespace dth::engine
