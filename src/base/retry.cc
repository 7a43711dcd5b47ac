#include "base/retry.h"

namespace dth {

std::string_view to_string(RetryStop stop) {
  switch (stop) {
    case RetryStop::succeeded:
      return "succeeded";
    case RetryStop::not_retryable:
      return "not retryable";
    case RetryStop::not_idempotent:
      return "not idempotent";
    case RetryStop::attempts:
      return "attempts exhausted";
    case RetryStop::deadline:
      return "deadline";
    case RetryStop::cancelled:
      return "cancelled";
  }
  return "";
}

bool asks_for_outage(const RetryOptions& options, int counted, const Error& error) {
  constexpr int second = 2;  // one failure is nothing unusual
  if (options.outages == nullptr || !may_be_outage(error)) return false;
  return counted == second || counted >= options.policy.attempts_max ||
         error.reason == ErrorReason::unreachable ||
         options.idempotency == Idempotency::not_idempotent || options.outages->any_active();
}

std::chrono::milliseconds retry_delay(const RetryPolicy& policy, int attempt,
                                      std::optional<std::chrono::milliseconds> retry_after,
                                      std::minstd_rand* random) {
  auto ceiling = policy.delay_initial;
  for (int i = 1; i < attempt && ceiling < policy.delay_max; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, policy.delay_max);
  std::uniform_int_distribution<std::int64_t> spread(0, ceiling.count());
  const std::chrono::milliseconds jittered(spread(*random));
  return std::max(jittered,
                  std::min(retry_after.value_or(std::chrono::milliseconds(0)), policy.delay_max));
}

}  // namespace dth
