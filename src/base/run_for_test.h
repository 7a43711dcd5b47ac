#pragma once

#include <optional>
#include <stdexcept>

#include "base/async_scope.h"
#include "base/simulated_clock.h"

namespace dth {

namespace internal {

template <class T>
Async<void> keep_result(Async<T> work, std::optional<T>* result) {
  result->emplace(co_await std::move(work));
}

}  // namespace internal

// For tests: drives `context` until `work` is done and returns what it returned. Throws where
// nothing is left to do before that. `clock`, where given, is moved on whenever nothing else can
// happen.
template <class T>
T run_for_test(boost::asio::io_context& context, Async<T> work, SimulatedClock* clock = nullptr) {
  std::optional<T> result;
  AsyncScope scope(context.get_executor());
  scope.spawn(internal::keep_result(std::move(work), &result));
  context.restart();
  while (scope.size() > 0) {
    const bool moved = clock ? context.poll_one() > 0 || clock->wake_next() : context.run_one() > 0;
    if (!moved) break;
    if (context.stopped()) context.restart();
  }
  if (!result)
    throw std::logic_error("run_for_test: the coroutine waits for something that will not come");
  return std::move(*result);
}

}  // namespace dth
