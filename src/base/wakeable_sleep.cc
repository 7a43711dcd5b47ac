#include "base/wakeable_sleep.h"

namespace dth {

Async<Result<void>> WakeableSleep::sleep_for(Duration time) {
  if (!woken_) {
    AsyncScope sleeper(executor_);
    sleeper_ = &sleeper;
    sleeper.spawn(doze(time));
    co_await sleeper.join();
    sleeper_ = nullptr;
  }
  woken_ = false;
  if (is_cancelled(co_await boost::asio::this_coro::cancellation_state))
    co_return cancelled_error();
  co_return Result<void>();
}

void WakeableSleep::wake() {
  woken_ = true;
  if (sleeper_ != nullptr) sleeper_->request_stop();
}

Async<void> WakeableSleep::doze(Duration time) {
  // A wake() that came before this began finds no wait to end.
  if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
  auto slept = co_await clock_.sleep_for(time);
  static_cast<void>(slept.has_error());  // slept, or woken
}

}  // namespace dth
