#include "engine/job_context.h"

#include <limits>

#include "engine/poll_pause.h"

namespace dth::engine {
namespace {

constexpr std::chrono::milliseconds room_poll_min{50}, room_poll_max{500};

}  // namespace

JobContext::JobContext(EngineServices services, state::Job job, MonotonicTime lease_until)
    : services_(services), job_(std::move(job)), lease_until_(lease_until) {}

Async<Result<void>> JobContext::advance(std::string payload, state::Effects effects,
                                        ledger::LineBuffer lines) {
  auto written = co_await write_lines(services_, job_.run, std::move(lines), &effects);
  if (written.has_error()) {
    ledger_failure_ = written.error();
    co_return written;
  }
  const TimePoint now = services_.clock.now();
  auto advanced = co_await with_state(
      [&](state::State& state) { return state.jobs().advance(job_.lease, payload, effects, now); });
  if (advanced.has_error() && advanced.error().code == ErrorCode::precondition_failed) {
    lost_ = true;
  } else if (advanced.has_error()) {
    record_failure_ = advanced.error();
  }
  if (advanced.has_value()) {
    job_.payload = std::move(payload);
    services_.tell_of(effects);
  }
  co_return advanced;
}

Async<Result<void>> JobContext::wait_for_room(std::string kind, std::int64_t items_max) {
  return wait_for_backlog(std::move(kind),
                          {.jobs = std::numeric_limits<std::int64_t>::max(), .items = items_max});
}

Async<Result<void>> JobContext::wait_for_fewer_jobs(std::string kind, std::int64_t jobs_max) {
  return wait_for_backlog(std::move(kind),
                          {.jobs = jobs_max, .items = std::numeric_limits<std::int64_t>::max()});
}

Async<Result<void>> JobContext::wait_for_backlog(std::string kind, state::Backlog below) {
  const Wait waiting(*this);
  const MonotonicTime began = services_.clock.monotonic_now();
  for (;;) {
    if (stop_requested_ || is_cancelled(co_await boost::asio::this_coro::cancellation_state)) {
      co_return cancelled_error();
    }
    auto backlog = co_await with_state(
        [&](state::State& state) { return state.jobs().backlog(job_.run, kind); });
    if (backlog.has_error()) co_return backlog.error();
    if (backlog->items < below.items && backlog->jobs < below.jobs) co_return Result<void>();
    const Duration waited = services_.clock.monotonic_now() - began;
    auto slept =
        co_await services_.clock.sleep_for(poll_pause(waited, room_poll_min, room_poll_max));
    if (slept.has_error()) co_return slept;
  }
}

Async<Result<void>> write_lines(EngineServices services, std::string run, ledger::LineBuffer lines,
                                state::Effects* effects) {
  if (lines.empty()) co_return Result<void>();
  auto segment =
      co_await services.ledger.write(std::move(run), std::move(lines), services.blocking);
  if (segment.has_error()) co_return segment.error();
  effects->segment = std::move(*segment);
  co_return Result<void>();
}

}  // namespace dth::engine
