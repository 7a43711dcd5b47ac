#include "api/queue_depths.h"

#include <array>

namespace dth::api {

Async<std::optional<Depths>> QueueDepths::read() {
  const MonotonicTime now = clock_.monotonic_now();
  if (asked_at_ && now - *asked_at_ < kept_for) co_return depths_;
  asked_at_ = now;  // others are told meanwhile what was found before
  auto depths = co_await run_blocking(blocking_, [this] { return ask(); });
  depths_.reset();
  if (depths.has_value()) depths_ = std::move(*depths);
  co_return depths_;
}

Result<Depths> QueueDepths::ask() {
  using enum state::RunState;
  auto jobs = state_.jobs().depths(clock_.now());
  if (jobs.has_error()) return jobs.error();
  Depths depths{.jobs = std::move(*jobs), .runs = {}};
  for (const state::RunState of : std::array{queued, running, waiting, paused}) {
    const state::RunFilter filter{.states = {of}};
    auto count = state_.control().run_lists().count(filter);
    if (count.has_error()) return count.error();
    depths.runs.emplace_back(of, *count);
  }
  return depths;
}

}  // namespace dth::api
