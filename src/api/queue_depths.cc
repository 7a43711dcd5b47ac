#include "api/queue_depths.h"

namespace dth::api {

Async<std::optional<std::vector<state::QueueDepth>>> QueueDepths::read() {
  const MonotonicTime now = clock_.monotonic_now();
  if (asked_at_ && now - *asked_at_ < kept_for) co_return depths_;
  asked_at_ = now;  // others are told meanwhile what was found before
  auto depths =
      co_await run_blocking(blocking_, [this] { return state_.jobs().depths(clock_.now()); });
  depths_.reset();
  if (depths.has_value()) depths_ = std::move(*depths);
  co_return depths_;
}

}  // namespace dth::api
