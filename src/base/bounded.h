#pragma once

#include <functional>
#include <optional>

#include "base/async_scope.h"
#include "base/wakeable_sleep.h"

namespace dth {

namespace detail {

template <class T>
Async<void> fill(std::function<Async<Result<T>>()> work, std::optional<Result<T>>* result,
                 WakeableSleep* done) {
  auto made = co_await work();
  result->emplace(std::move(made));
  done->wake();
}

}  // namespace detail

// What `work` returns, or `timeout` where the deadline came first: then it was cancelled, and was
// waited for, so that it has tidied up. `late` is how the message begins. On the calling
// coroutine's executor.
template <class T>
Async<Result<T>> within(Clock& clock, Deadline deadline, std::function<Async<Result<T>>()> work,
                        const char* late) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  std::optional<Result<T>> result;
  WakeableSleep done(executor, clock);
  AsyncScope scope(executor);
  scope.spawn(detail::fill<T>(std::move(work), &result, &done));
  const Duration time = std::max(Duration::zero(), deadline.when() - clock.monotonic_now());
  auto slept = co_await done.sleep_for(time);
  const bool is_late = !result;
  const bool was_cancelled = slept.has_error();
  co_await scope.stop();
  if (was_cancelled) co_return cancelled_error();
  if (is_late && result->has_error() && result->error().code == ErrorCode::cancelled) {
    co_return Error{ErrorCode::timeout, ErrorReason::unreachable,
                    std::string(late) + ": there was no answer in time", ""};
  }
  co_return std::move(*result);
}

}  // namespace dth
