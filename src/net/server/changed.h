#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.h"

namespace dth::net {

// Wakes whoever waits for something to change. It says not what: who wakes looks again, also for
// its own cancellation, which ends the wait too.
class Changed {
 public:
  explicit Changed(Executor executor) : timer_(executor, MonotonicTime::max()) {}

  Async<void> wait() {
    boost::system::error_code ignored;
    co_await timer_.async_wait(boost::asio::redirect_error(use_async, ignored));
  }
  void notify() { timer_.cancel(); }

 private:
  // Never expires.
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer_;
};

}  // namespace dth::net
