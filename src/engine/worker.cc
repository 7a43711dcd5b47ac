#include "engine/worker.h"

namespace dth::engine {
namespace {

constexpr std::chrono::milliseconds claim_interval_min{1};

}  // namespace

bool stops_run(const Error& error) {
  return error.code == ErrorCode::unauthenticated || error.reason == ErrorReason::destination_full;
}

struct Worker::Held {
  JobContext context;
  std::string kind;
  JobRunner* runner = nullptr;
};

Worker::Worker(EngineServices services, Executor executor, RunnerProvider& runners,
               WorkerOptions options)
    : services_(services),
      executor_(executor),
      runners_(runners),
      options_(std::move(options)),
      idle_(executor, services.clock) {}

Worker::~Worker() = default;

void Worker::request_stop() {
  stopping_ = true;
  for (auto& held : held_) held->context.request_stop();
  idle_.wake();
}

void Worker::cancel() {
  request_stop();
  if (jobs_) jobs_->request_stop();
}

void Worker::halt(Error error) {
  if (!failure_) failure_ = std::move(error);
  request_stop();
}

void Worker::fail(Error error) {
  state_lost_ = true;
  halt(std::move(error));
}

Async<Result<void>> Worker::run() {
  jobs_ = std::make_unique<AsyncScope>(executor_);
  upkeep_ = std::make_unique<AsyncScope>(executor_);
  upkeep_->spawn(renew_leases());
  std::chrono::milliseconds idle = claim_interval_min;
  while (!stopping_) {
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) break;
    auto claimed = co_await claim_more();
    if (claimed.has_error()) {
      fail(claimed.error());
      break;
    }
    if (held_.empty() && std::exchange(owes_notice_, false)) options_.on_out_of_work();
    // Jobs that end together are followed up together.
    auto paused = co_await services_.clock.sleep_for(claim_interval_min);
    if (paused.has_error()) break;
    idle = *claimed > 0 ? claim_interval_min : std::min(idle * 2, options_.poll_interval_max);
    auto slept = co_await idle_.sleep_for(idle - claim_interval_min);
    if (slept.has_error()) break;
  }
  request_stop();
  // A state that is gone cannot record anything: do not let its jobs run on.
  if (state_lost_) jobs_->request_stop();
  co_await jobs_->join();
  co_await upkeep_->stop();
  if (failure_) co_return *failure_;
  co_return Result<void>();
}

Async<Result<std::size_t>> Worker::claim_more() {
  std::size_t claimed_count = 0;
  for (const JobSlots& slots : options_.slots) {
    const auto in_hand = static_cast<std::uint32_t>(std::count_if(
        held_.begin(), held_.end(), [&](const auto& held) { return held->kind == slots.kind; }));
    if (in_hand >= slots.count_max || stopping_) continue;
    state::KindClaimRequest request;
    request.worker = options_.name;
    request.run = options_.run;
    request.kind = slots.kind;
    request.count_max = slots.count_max - in_hand;
    request.now = services_.clock.now();
    request.lease_until = request.now + options_.lease;
    const MonotonicTime claimed_at = services_.clock.monotonic_now();
    auto claimed = co_await run_blocking(
        services_.blocking, [&] { return services_.state.jobs().claim_kind(request); });
    if (claimed.has_error()) co_return claimed.error();
    for (state::Job& job : *claimed) {
      held_.push_back(std::make_unique<Held>(
          Held{JobContext(services_, std::move(job), lease_end(claimed_at)), slots.kind}));
      if (stopping_) held_.back()->context.request_stop();
      jobs_->spawn(execute(held_.back().get()));
      ++claimed_count;
    }
  }
  co_return claimed_count;
}

Async<void> Worker::execute(Held* held) {
  Result<Finished> outcome = cancelled_error();
  if (held->context.job().attempts > options_.attempts_max) {
    outcome =
        Error{ErrorCode::internal,
              "a " + held->kind + " job was begun " + std::to_string(options_.attempts_max) +
                  " times and never ended: the process dies in it, or is killed before it can end",
              ""};
  } else {
    auto runner = co_await runners_.runner_for(held->context.job());
    if (runner.has_error()) {
      outcome = runner.error();
    } else {
      held->runner = *runner;
      const auto errors = errors_.find(held->context.job().lease.job);
      if ((errors == errors_.end() ? 0 : errors->second) + 1 >= options_.errors_max)
        held->context.announce_last_try();
      outcome = co_await held->runner->execute(held->context);
    }
  }
  auto recorded = co_await record(held, std::move(outcome));
  if (recorded.has_error()) fail(recorded.error());
  remove(held);
}

Async<Result<void>> Worker::record(Held* held, Result<Finished> outcome) {
  const state::Lease lease = held->context.job().lease;
  if (held->context.lost()) co_return Result<void>();
  Finished finished;
  if (outcome.has_error() && stops_run(outcome.error())) {
    halt(outcome.error());
    co_return co_await give_back(held, std::chrono::milliseconds(0), false);
  }
  if (outcome.has_value()) {
    finished = std::move(*outcome);
  } else {
    const Error& error = outcome.error();
    if (error.code == ErrorCode::precondition_failed) co_return Result<void>();
    if (error.code == ErrorCode::cancelled) {
      co_return co_await give_back(held, std::chrono::milliseconds(0), false);
    }
    // What met a store that was gone says nothing of the job.
    const bool counts = error.reason != ErrorReason::unreachable;
    if (is_retryable(error.code) && (!counts || ++errors_[lease.job] < options_.errors_max)) {
      co_return co_await give_back(held, std::chrono::seconds(5), false);
    }
    finished.effects.run_error = error.to_string();
  }
  errors_.erase(lease.job);
  if (held->runner) finished.effects.counts += held->runner->take_request_counts();
  auto written = co_await write_lines(services_, held->context.job().run, std::move(finished.lines),
                                      &finished.effects);
  if (written.has_error()) co_return written;
  const TimePoint now = services_.clock.now();
  auto ended = co_await run_blocking(services_.blocking, [&] {
    return services_.state.jobs().finish(lease, finished.effects, now);
  });
  if (finished.halt) halt(std::move(*finished.halt));
  // A lost lease is no failure of ours: the job is another's, and what we did is counted by its
  // next end.
  if (ended.has_error() && ended.error().code == ErrorCode::precondition_failed)
    co_return Result<void>();
  co_return ended;
}

Async<Result<void>> Worker::give_back(Held* held, std::chrono::milliseconds delay,
                                      bool in_good_order) {
  const state::Lease lease = held->context.job().lease;
  const TimePoint when = services_.clock.now() + delay;
  auto released = co_await run_blocking(services_.blocking, [&] {
    return services_.state.jobs().release(lease, when, in_good_order);
  });
  if (released.has_error() && released.error().code == ErrorCode::precondition_failed)
    co_return Result<void>();
  co_return released;
}

void Worker::remove(Held* held) {
  held_.remove_if([held](const auto& candidate) { return candidate.get() == held; });
  owes_notice_ = true;
  idle_.wake();
}

// Renews at a third of the lease, so that two renewals may fail before it runs out.
Async<void> Worker::renew_leases() {
  for (;;) {
    // A stop that came while the state was called finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    auto slept = co_await services_.clock.sleep_for(options_.lease / 3);
    if (slept.has_error()) co_return;
    auto renewed = co_await renew_once();
    if (renewed.has_error() && !is_retryable(renewed.error().code)) {
      fail(renewed.error());
      co_return;
    }
  }
}

Async<Result<void>> Worker::renew_once() {
  std::vector<state::Lease> leases;
  for (const auto& held : held_) leases.push_back(held->context.job().lease);
  if (leases.empty()) co_return Result<void>();
  const TimePoint now = services_.clock.now();
  const MonotonicTime asked_at = services_.clock.monotonic_now();
  auto renewals = co_await run_blocking(services_.blocking, [&] {
    return services_.state.jobs().renew(leases, now, now + options_.lease);
  });
  if (renewals.has_error()) co_return renewals.error();
  for (const state::Renewal& renewal : *renewals) {
    for (auto& held : held_) {
      if (!(held->context.job().lease == renewal.lease)) continue;
      if (!renewal.held) {
        held->context.lose_lease();
        held->context.request_stop();
      } else {
        held->context.extend_lease(lease_end(asked_at));
        if (renewal.stop != state::Renewal::Stop::none) held->context.request_stop();
      }
    }
  }
  co_return Result<void>();
}

}  // namespace dth::engine
