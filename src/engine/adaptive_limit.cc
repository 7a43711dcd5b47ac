#include "engine/adaptive_limit.h"

#include <utility>

namespace dth::engine {

namespace {

// How often a lane asks for a permit that other lanes hold.
constexpr std::chrono::milliseconds ask_interval{5};

}  // namespace

AdaptiveLimit::AdaptiveLimit(Executor executor, Clock& clock, ConcurrencyBounds bounds,
                             SharedPermits* shared)
    : clock_(clock),
      control_(bounds),
      turns_(executor, control_.limit()),
      shared_(shared),
      asking_(executor, 1) {}

void AdaptiveLimit::leave(Turn turn, std::optional<std::uint64_t> bytes) {
  if (bytes) control_.ended(turn.began, clock_.monotonic_now(), *bytes, turns_.anybody_waits());
  if (shared_) shared_->give_back();
  turns_.release(1);
  follow();
}

std::optional<Result<AdaptiveLimit::Turn>> AdaptiveLimit::try_enter() {
  if (!turns_.try_acquire(1)) return std::nullopt;
  if (shared_ && !shared_->try_take()) {
    turns_.release(1);
    return std::nullopt;
  }
  return Turn{clock_.monotonic_now()};
}

Async<Result<AdaptiveLimit::Turn>> AdaptiveLimit::enter() {
  if (auto at_once = try_enter()) co_return *at_once;
  auto admitted = co_await turns_.acquire(1);
  if (admitted.has_error()) co_return admitted.error();
  auto taken = co_await take_shared();
  if (taken.has_error()) {
    turns_.release(1);
    co_return taken.error();
  }
  co_return Turn{clock_.monotonic_now()};
}

// Other lanes hold permits on threads of their own, and wake nobody here.
Async<Result<void>> AdaptiveLimit::take_shared() {
  if (!shared_ || shared_->try_take()) co_return Result<void>();
  auto turn = co_await asking_.acquire(1);
  if (turn.has_error()) co_return turn;
  Result<void> result;
  bool waits = false;
  for (;;) {
    const SharedPermits::Taken taken = shared_->take(waits);
    if (taken == SharedPermits::Taken::yes) break;
    const bool waited = std::exchange(waits, taken == SharedPermits::Taken::none_around);
    if (waits && !waited) shared_->wait_around();
    if (!waits && waited) shared_->end_wait_around();
    result = co_await clock_.sleep_for(ask_interval);
    if (result.has_error()) break;
  }
  if (waits) shared_->end_wait_around();
  asking_.release(1);
  co_return result;
}

void AdaptiveLimit::throttled() {
  control_.throttled(clock_.monotonic_now());
  follow();
}

void AdaptiveLimit::follow() {
  if (control_.limit() != turns_.capacity()) turns_.resize(control_.limit());
}

}  // namespace dth::engine
