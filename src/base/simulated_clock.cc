#include "base/simulated_clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

namespace dth {
namespace asio = boost::asio;

// A sleeper waits in a timer that never expires; waking it is cancelling that wait, with `woken`
// set beforehand.
struct SimulatedClock::Sleeper {
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer;
  bool woken = false;
  SimulatedClock* clock = nullptr;  // null once the clock is gone
};

// Leaves the map when the coroutine ends, also when its context is destroyed under it.
struct SimulatedClock::Registration {
  Sleeper* sleeper;
  std::pair<MonotonicTime, std::uint64_t> key;
  ~Registration() {
    if (sleeper->clock) sleeper->clock->sleepers_.erase(key);
  }
};

SimulatedClock::SimulatedClock(TimePoint start) : start_(start), now_(std::chrono::hours(1)) {}

SimulatedClock::~SimulatedClock() {
  for (auto& [key, sleeper] : sleepers_) sleeper->clock = nullptr;
}

TimePoint SimulatedClock::now() const {
  const auto elapsed = now_.time_since_epoch() - std::chrono::hours(1);
  return start_ + std::chrono::duration_cast<std::chrono::microseconds>(elapsed) + wall_offset_;
}

MonotonicTime SimulatedClock::monotonic_now() const { return now_; }

Async<Result<void>> SimulatedClock::sleep_until(MonotonicTime when) {
  const Executor executor = co_await asio::this_coro::executor;
  Sleeper sleeper{{executor, MonotonicTime::max()}, false, this};
  Registration registration{&sleeper, {when, sequence_++}};
  sleepers_.emplace(registration.key, &sleeper);
  boost::system::error_code ignored;
  co_await sleeper.timer.async_wait(asio::redirect_error(use_async, ignored));
  if (!sleeper.woken) co_return cancelled_error();
  co_return Result<void>();
}

bool SimulatedClock::wake_next() {
  if (sleepers_.empty()) return false;
  auto first = sleepers_.begin();
  now_ = std::max(now_, first->first.first);
  Sleeper* sleeper = first->second;
  sleepers_.erase(first);
  sleeper->woken = true;
  sleeper->timer.cancel();
  return true;
}

void SimulatedClock::advance(Duration time) { now_ += time; }

}  // namespace dth
