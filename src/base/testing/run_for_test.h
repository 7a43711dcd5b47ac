#pragma once

#include <optional>

#include "base/async_scope.h"
#include "base/simulated_clock.h"

namespace dth {

namespace internal {

template <class T>
Async<void> keep_result(Async<T> work, std::optional<T>* result) {
  result->emplace(co_await std::move(work));
}

// Drives `context` until `work` is done. Throws std::logic_error where nothing is left to do before
// that.
void drive_for_test(boost::asio::io_context& context, Async<void> work, SimulatedClock* clock);

}  // namespace internal

// For tests: drives `context` until `work` is done and returns what it returned. Throws
// std::logic_error where nothing is left to do before that. `clock`, where given, is moved on
// whenever nothing else can happen.
template <class T>
T run_for_test(boost::asio::io_context& context, Async<T> work, SimulatedClock* clock = nullptr) {
  std::optional<T> result;
  internal::drive_for_test(context, internal::keep_result(std::move(work), &result), clock);
  return std::move(*result);
}

}  // namespace dth
