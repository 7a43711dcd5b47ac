#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "base/outage.h"

namespace dth {

// May a request whose outcome is unknown be sent again?
enum class Idempotency { idempotent, not_idempotent };

enum class RetryStop {
  succeeded,
  not_retryable,   // the error will not go away
  not_idempotent,  // it might have been done, and must not be done twice
  attempts,        // attempts_max were made
  deadline,        // the next attempt would begin past the deadline
  cancelled,
};

std::string_view to_string(RetryStop stop);

struct RetryPolicy {
  int attempts_max = 8;  // at least 1; the first attempt counts
  // So many attempts that were refused as too many count apart: nothing was done, and the store
  // answers. With the delays below that is some five minutes on average.
  int throttled_max = 40;
  std::chrono::milliseconds delay_initial{100};  // before the second attempt, at most
  std::chrono::milliseconds delay_max{20'000};   // also bounds what Retry-After may ask
};

struct RetryReport {
  int attempts = 0;  // all that were made, also those that did not count
  RetryStop stopped = RetryStop::succeeded;
};

// The wait before attempt number `attempt + 1`: "full jitter" (uniform between 0 and the doubled,
// capped delay), but never less than what the server asked for, which is capped by delay_max as
// well.
std::chrono::milliseconds retry_delay(const RetryPolicy& policy, int attempt,
                                      std::optional<std::chrono::milliseconds> retry_after,
                                      std::minstd_rand* random);

struct RetryOptions {
  RetryPolicy policy = {};
  Idempotency idempotency = Idempotency::idempotent;
  Deadline deadline = Deadline::never();
  std::uint32_t seed = 1;  // of the jitter
  std::function<void()> when_throttled =
      {};  // called at once where an attempt was refused for being one too many
  // Where one of these stores turns out to be gone, it is waited for, and the attempts made
  // meanwhile do not count. Null: nobody looks. Must outlive the call.
  Outages* outages = nullptr;
};

// An operation that meets so many outages has a fault of its own.
inline constexpr int outages_met_max = 100;

// Is it time to ask whether a store is gone, after `counted` attempts that count? Rarely: a failure
// that is one request's own costs two questions.
bool asks_for_outage(const RetryOptions& options, int counted, const Error& error);

// Awaits operation() until it succeeds, fails for good, or may not be tried again. The only retry
// loop of the program. `operation` is called once an attempt and returns an Async<Result<T>>; the
// last attempt's result is returned. A request that was refused outright (throttled) was not done,
// and is repeated whatever its idempotency. One that must not be repeated still waits until the
// store answers again; its error then has ErrorReason::unreachable.
template <class Operation>
auto retry(Clock& clock, RetryOptions options, Operation operation, RetryReport* report = nullptr)
    -> std::invoke_result_t<Operation&> {
  std::minstd_rand random(options.seed);
  RetryReport local;
  RetryReport& told = report ? *report : local;
  int counted = 0, throttled = 0, outages_met = 0;
  for (told.attempts = 1;; ++told.attempts) {
    ++counted;
    auto result = co_await operation();
    if (result.has_value()) {
      told.stopped = RetryStop::succeeded;
      co_return result;
    }
    const Error& error = result.error();
    const bool undone = error.code == ErrorCode::throttled;
    if (undone && options.when_throttled) options.when_throttled();
    if (undone && throttled < options.policy.throttled_max) {
      ++throttled;
      --counted;
    }
    const bool repeatable = undone || options.idempotency == Idempotency::idempotent;
    if (asks_for_outage(options, counted, error) && outages_met < outages_met_max) {
      auto outlasted = co_await options.outages->outlast();
      if (outlasted.has_error()) {
        told.stopped = RetryStop::cancelled;
        co_return outlasted.error();
      }
      if (*outlasted) ++outages_met;
      if (*outlasted && repeatable) {
        counted = 0;
        continue;
      }
      if (*outlasted) {
        told.stopped = RetryStop::not_idempotent;
        co_return Error(error.code, ErrorReason::unreachable, error.message, error.detail);
      }
    }
    const auto delay = retry_delay(options.policy, counted + throttled, error.retry_after, &random);
    if (error.code == ErrorCode::cancelled ||
        is_cancelled(co_await boost::asio::this_coro::cancellation_state)) {
      told.stopped = RetryStop::cancelled;
    } else if (!is_retryable(error.code)) {
      told.stopped = RetryStop::not_retryable;
    } else if (!repeatable) {
      told.stopped = RetryStop::not_idempotent;
    } else if (counted >= options.policy.attempts_max) {
      told.stopped = RetryStop::attempts;
    } else if (options.deadline.passed(clock.monotonic_now() + delay)) {
      told.stopped = RetryStop::deadline;
    } else {
      auto slept = co_await clock.sleep_for(delay);
      if (slept.has_value()) continue;
      told.stopped = RetryStop::cancelled;
    }
    co_return result;
  }
}

}  // namespace dth
