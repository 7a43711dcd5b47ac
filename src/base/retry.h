#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <string_view>
#include <type_traits>

#include "base/clock.h"

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
  int attempts_max = 8;                          // at least 1; the first attempt counts
  std::chrono::milliseconds delay_initial{100};  // before the second attempt, at most
  std::chrono::milliseconds delay_max{20'000};   // also bounds what Retry-After may ask
};

struct RetryReport {
  int attempts = 0;
  RetryStop stopped = RetryStop::succeeded;
};

// The wait before attempt number `attempt + 1`: "full jitter" (uniform between 0 and the doubled, capped delay), but
// never less than what the server asked for, which is capped by delay_max as well.
std::chrono::milliseconds retry_delay(const RetryPolicy& policy, int attempt,
                                      std::optional<std::chrono::milliseconds> retry_after, std::minstd_rand* random);

struct RetryOptions {
  RetryPolicy policy = {};
  Idempotency idempotency = Idempotency::idempotent;
  Deadline deadline = Deadline::never();
  std::uint32_t seed = 1;  // of the jitter
  std::function<void()> when_throttled = {};  // called at once where an attempt was refused for being one too many
};

// Awaits operation() until it succeeds, fails for good, or may not be tried again. The only retry loop of the program.
// `operation` is called once an attempt and returns an Async<Result<T>>; the last attempt's result is returned.
// A request that was refused outright (throttled) was not done, and is repeated whatever its idempotency.
template <class Operation>
auto retry(Clock& clock, RetryOptions options, Operation operation, RetryReport* report = nullptr)
    -> std::invoke_result_t<Operation&> {
  std::minstd_rand random(options.seed);
  RetryReport local;
  RetryReport& told = report ? *report : local;
  for (told.attempts = 1;; ++told.attempts) {
    auto result = co_await operation();
    if (result.has_value()) {
      told.stopped = RetryStop::succeeded;
      co_return result;
    }
    const Error& error = result.error();
    const bool undone = error.code == ErrorCode::throttled;
    if (undone && options.when_throttled) options.when_throttled();
    const auto delay = retry_delay(options.policy, told.attempts, error.retry_after, &random);
    if (error.code == ErrorCode::cancelled || is_cancelled(co_await boost::asio::this_coro::cancellation_state)) {
      told.stopped = RetryStop::cancelled;
    } else if (!is_retryable(error.code)) {
      told.stopped = RetryStop::not_retryable;
    } else if (!undone && options.idempotency == Idempotency::not_idempotent) {
      told.stopped = RetryStop::not_idempotent;
    } else if (told.attempts >= options.policy.attempts_max) {
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
