#include "plugins/object_copy/other_jobs.h"

#include <algorithm>

#include "engine/poll_pause.h"

namespace dth::object_copy {
namespace {

constexpr std::chrono::milliseconds jobs_poll_min{200}, jobs_poll_max{2'000};

// Has the run jobs of other kinds?
bool is_busy(const state::Progress& progress, std::span<const std::string_view> later_kinds) {
  return std::any_of(
      progress.backlog.begin(), progress.backlog.end(), [later_kinds](const auto& kind) {
        return kind.second.jobs > 0 &&
               std::find(later_kinds.begin(), later_kinds.end(), kind.first) == later_kinds.end();
      });
}

}  // namespace

Async<Result<state::Run>> wait_for_others(engine::JobContext& context,
                                          std::span<const std::string_view> later_kinds) {
  const std::string run = context.job().run;
  const engine::JobContext::Wait waiting(context);
  const MonotonicTime began = context.clock().monotonic_now();
  for (;;) {
    if (context.stop_requested() ||
        is_cancelled(co_await boost::asio::this_coro::cancellation_state)) {
      co_return cancelled_error();
    }
    auto progress = co_await context.with_state(
        [&](state::State& state) { return state.runs().progress(run); });
    if (progress.has_error()) co_return progress.error();
    if (!is_busy(*progress, later_kinds)) co_return std::move(progress->run);
    const Duration waited = context.clock().monotonic_now() - began;
    auto slept = co_await context.clock().sleep_for(
        engine::poll_pause(waited, jobs_poll_min, jobs_poll_max));
    if (slept.has_error()) co_return slept.error();
  }
}

Async<Result<bool>> are_others_done(engine::JobContext* context,
                                    std::span<const std::string_view> later_kinds) {
  const std::string run = context->job().run;
  auto progress =
      co_await context->with_state([&](state::State& state) { return state.runs().progress(run); });
  if (progress.has_error()) co_return progress.error();
  co_return !is_busy(*progress, later_kinds);
}

}  // namespace dth::object_copy
