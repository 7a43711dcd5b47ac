#include "engine/housekeeper.h"

#include <algorithm>

#include "engine/worker.h"

namespace dth::engine {
namespace {

// Does this process go on with it as it began, now that state has it so?
bool goes_on(const state::Run& run, const SharedRun& shared) {
  const state::Run& begun = shared.run();
  // What it began with after the cancellation is the end of the run.
  const bool is_cancelled = run.cancel_requested && !begun.cancel_requested;
  return !is_over(run.state) && run.state != state::RunState::paused && !is_cancelled &&
         run.epoch == begun.epoch && run.spec == begun.spec && run.placement == begun.placement;
}

}  // namespace

Async<Result<void>> Housekeeper::run() {
  MonotonicTime next_upkeep{}, next_heartbeat = services_.clock.monotonic_now();
  for (;;) {
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state))
      co_return cancelled_error();
    Result<void> done = co_await look();
    const MonotonicTime now = services_.clock.monotonic_now();
    if (done.has_value() && now >= next_heartbeat) {
      done = co_await heartbeat();
      next_heartbeat = now + options_.heartbeat_interval;
    }
    if (done.has_value() && now >= next_upkeep) {
      done = co_await keep_up();
      next_upkeep = now + options_.upkeep_interval;
    }
    if (done.has_error() && !is_retryable(done.error().code)) co_return done;
    auto slept = co_await services_.clock.sleep_for(options_.look_interval);
    if (slept.has_error()) co_return slept;
  }
}

Async<Result<void>> Housekeeper::look() {
  for (const auto& shared : runs_.all()) {
    if (shared->is_stopped()) continue;
    const std::string id = shared->id();
    auto run = co_await ask_state(services_,
                                  [&](state::State& state) { return state.runs().find_run(id); });
    if (run.has_error()) co_return run.error();
    if (auto given_up = shared->outages().given_up()) {
      auto waits = co_await let_wait(shared.get(), std::move(*given_up));
      if (waits.has_error()) co_return waits;
      continue;
    }
    if (goes_on(*run, *shared)) continue;
    shared->stop({});
    options_.on_run_stopped(id);
  }
  follow_stopped_runs();
  co_return co_await look_at_itself();
}

Async<Result<void>> Housekeeper::look_at_itself() {
  auto draining = co_await ask_state(
      services_, [&](state::State& state) { return state.workers().is_draining(options_.worker); });
  if (draining.has_error()) co_return draining.error();
  if (*draining) options_.on_drain();
  co_return Result<void>();
}

// Jobs that find it out say so, too; not all need do so at once.
Async<Result<void>> Housekeeper::let_wait(SharedRun* shared, std::string why) {
  const TimePoint now = services_.clock.now();
  const std::string id = shared->id();
  const state::Waiting waiting{.what = state::WaitingFor::store,
                               .text = why,
                               .since = now,
                               .until = now + WorkerOptions().stopped_run_pause};
  const std::int64_t epoch = shared->run().epoch;
  auto waits = co_await ask_state(
      services_, [&](state::State& state) { return state.runs().wait(id, epoch, waiting); });
  // It was resumed since, and is begun again here.
  if (waits.has_error() && waits.error().code == ErrorCode::precondition_failed)
    waits = Result<void>();
  shared->stop(Error{ErrorCode::cancelled, ErrorReason::unreachable, std::move(why), ""});
  options_.on_run_stopped(id);
  co_return waits;
}

void Housekeeper::follow_stopped_runs() {
  const MonotonicTime now = services_.clock.monotonic_now();
  for (const auto& shared : runs_.all()) {
    if (!shared->is_stopped()) continue;
    const auto [entry, is_new] = stopped_at_.emplace(shared, now);
    if (!is_new && now - entry->second >= options_.stop_grace) options_.on_grace_over(shared->id());
  }
  std::erase_if(stopped_at_, [](const auto& entry) { return entry.first.expired(); });
}

Async<Result<void>> Housekeeper::heartbeat() {
  co_return co_await ask_state(services_, [&](state::State& state) {
    return state.workers().heartbeat(options_.worker, services_.clock.now());
  });
}

Async<Result<void>> Housekeeper::keep_up() {
  co_return co_await ask_state(services_, [&](state::State& state) -> Result<void> {
    const TimePoint now = services_.clock.now();
    auto freed = state.workers().free_dead(now);
    if (freed.has_error()) return freed.error();
    auto closing = state.jobs().insert_missing_close_jobs(now);
    if (closing.has_error()) return closing.error();
    return Result<void>();
  });
}

}  // namespace dth::engine
