#include "engine/adaptive_limit.h"

namespace dth::engine {

AdaptiveLimit::AdaptiveLimit(Executor executor, Clock& clock, ConcurrencyBounds bounds)
    : clock_(clock), control_(bounds), turns_(executor, control_.limit()) {}

void AdaptiveLimit::leave(Turn turn, std::optional<std::uint64_t> bytes) {
  if (bytes) control_.ended(turn.began, clock_.monotonic_now(), *bytes, turns_.anybody_waits());
  turns_.release(1);
  follow();
}

std::optional<Result<AdaptiveLimit::Turn>> AdaptiveLimit::try_enter() {
  if (!turns_.try_acquire(1)) return std::nullopt;
  return Turn{clock_.monotonic_now()};
}

Async<Result<AdaptiveLimit::Turn>> AdaptiveLimit::enter() {
  if (auto at_once = try_enter()) co_return *at_once;
  auto admitted = co_await turns_.acquire(1);
  if (admitted.has_error()) co_return admitted.error();
  co_return Turn{clock_.monotonic_now()};
}

void AdaptiveLimit::throttled() {
  control_.throttled(clock_.monotonic_now());
  follow();
}

void AdaptiveLimit::follow() {
  if (control_.limit() != turns_.capacity()) turns_.resize(control_.limit());
}

}  // namespace dth::engine
