#include "engine/worker.h"

#include "engine/close_run.h"

namespace dth::engine {
namespace {

constexpr std::chrono::milliseconds claim_interval_min{1};
// Jobs whose errors are remembered: some end elsewhere, and this worker does not learn of it.
constexpr std::size_t errors_kept_max = 10'000;

std::vector<state::KindRoom> kinds_of(const WorkerOptions& options) {
  std::vector<state::KindRoom> kinds;
  if (options.sealer) kinds.push_back({std::string(state::close_job_kind), 1});
  for (const JobSlots& slots : options.slots) kinds.push_back({slots.kind, slots.count_max});
  return kinds;
}

state::WaitingFor waiting_for(const Error& error) {
  if (error.code == ErrorCode::unauthenticated) return state::WaitingFor::credential;
  if (error.reason == ErrorReason::destination_full) return state::WaitingFor::space;
  return state::WaitingFor::store;
}

}  // namespace

bool stops_run(const Error& error) {
  return error.code == ErrorCode::unauthenticated ||
         error.reason == ErrorReason::destination_full || is_given_up(error);
}

struct Worker::Held {
  JobContext context;
  std::shared_ptr<JobRunner> runner = nullptr;
  AsyncScope* scope = nullptr;  // in which it is executed, once it is

  const std::string& run() const { return context.job().run; }
  bool closes() const { return context.job().kind == state::close_job_kind; }
};

Worker::Worker(EngineServices services, Executor executor, RunnerProvider& runners,
               WorkerOptions options)
    : services_(services),
      executor_(executor),
      runners_(runners),
      options_(std::move(options)),
      kinds_(kinds_of(options_)),
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

// What ends a run is not stopped with the run.
void Worker::request_stop_of(const std::string& run) {
  for (auto& held : held_) {
    if (held->run() == run && !held->closes()) held->context.request_stop();
  }
}

void Worker::cancel_run(const std::string& run) {
  request_stop_of(run);
  for (auto& held : held_) {
    if (held->run() == run && held->scope && !held->closes()) held->scope->request_stop();
  }
}

void Worker::fail(Error error) {
  if (!failure_) failure_ = std::move(error);
  request_stop();
}

Async<Result<void>> Worker::run() {
  jobs_ = std::make_unique<AsyncScope>(executor_);
  upkeep_ = std::make_unique<AsyncScope>(executor_);
  upkeep_->spawn(renew_leases());
  std::chrono::milliseconds idle = claim_interval_min;
  while (!stopping_) {
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) break;
    wants_wake_ = true;  // before it asks: what comes after that wakes it
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
  if (failure_) jobs_->request_stop();
  co_await jobs_->join();
  co_await upkeep_->stop();
  if (failure_) co_return *failure_;
  co_return Result<void>();
}

// Jobs that wait for others hold no place that those need.
std::uint32_t Worker::room() const {
  const auto busy = static_cast<std::uint32_t>(std::count_if(
      held_.begin(), held_.end(), [](const auto& held) { return !held->context.is_waiting(); }));
  return std::min(state::claim_count_max, options_.jobs_max - std::min(busy, options_.jobs_max));
}

Async<Result<std::size_t>> Worker::claim_more() {
  state::ClaimRequest request{.worker = options_.worker,
                              .lane = options_.lane,
                              .scope = options_.scope,
                              .kinds = kinds_,
                              .count_max = room()};
  if (request.count_max == 0) co_return std::size_t{0};
  MonotonicTime claimed_at{};
  auto ask = [&](state::State& state) {
    claimed_at = services_.clock.monotonic_now();
    request.now = services_.clock.now();
    request.lease_until = request.now + options_.lease;
    return state.jobs().claim(request);
  };
  auto claimed = co_await ask_state(services_, ask, &stopping_);
  if (claimed.has_error() && stopping_ && is_state_away(claimed.error())) co_return std::size_t{0};
  if (claimed.has_error()) co_return claimed.error();
  for (state::Job& job : *claimed) {
    held_.push_back(
        std::make_unique<Held>(Held{JobContext(services_, std::move(job), lease_end(claimed_at))}));
    if (services_.use)
      services_.use->begin(held_.back()->context.job().kind, services_.clock.monotonic_now());
    if (stopping_) held_.back()->context.request_stop();
    jobs_->spawn(hold(held_.back().get()));
  }
  co_return claimed->size();
}

// In a scope of its own, so that the jobs of one run can be cut off.
Async<void> Worker::hold(Held* held) {
  AsyncScope scope(executor_);
  held->scope = &scope;
  scope.spawn(execute(held));
  co_await scope.join();
  remove(held);
}

Async<void> Worker::execute(Held* held) {
  Result<void> recorded;
  if (held->closes()) {
    recorded = co_await close(held);
  } else {
    auto outcome = co_await perform(held);
    recorded = co_await record(held, std::move(outcome));
  }
  if (recorded.has_error()) fail(recorded.error());
}

bool Worker::is_last_try(const Held& held) const {
  const auto errors = errors_.find(held.context.job().lease.job);
  return (errors == errors_.end() ? 0 : errors->second) + 1 >= options_.errors_max;
}

// How many there were of this job. Of too many jobs the oldest are forgotten.
int Worker::note_error(state::JobId job) {
  const int count = ++errors_[job];
  while (errors_.size() > errors_kept_max)
    errors_.erase(errors_.begin()->first == job ? std::next(errors_.begin()) : errors_.begin());
  return count;
}

Async<Result<Finished>> Worker::perform(Held* held) {
  const state::Job& job = held->context.job();
  if (job.attempts > options_.attempts_max) {
    co_return Error{
        ErrorCode::internal,
        "a " + job.kind + " job was begun " + std::to_string(options_.attempts_max) +
            " times and never ended: the process dies in it, or is killed before it can end",
        ""};
  }
  auto runner = co_await runners_.runner_for(job);
  if (runner.has_error() && runner.error().code == ErrorCode::cancelled) co_return runner.error();
  if (runner.has_error()) {
    auto stopped = co_await stop_run(held, runner.error());
    if (stopped.has_error()) fail(stopped.error());
    co_return cancelled_error();
  }
  held->runner = std::move(*runner);
  if (is_last_try(*held)) held->context.announce_last_try();
  co_return co_await held->runner->execute(held->context);
}

// The run's last job. One that cannot be done is not given up: the run waits.
Async<Result<void>> Worker::close(Held* held) {
  const state::Job job = held->context.job();
  if (is_last_try(*held)) held->context.announce_last_try();
  const Closed closed = co_await close_run(services_, *options_.sealer, runners_, &held->context);
  if (!closed.failure) {
    errors_.erase(job.lease.job);
    options_.on_run_ended(job.run);
    co_return Result<void>();
  }
  const Error& error = *closed.failure;
  if (error.code == ErrorCode::precondition_failed || held->context.lost())
    co_return Result<void>();
  if (held->context.record_failure()) co_return *held->context.record_failure();
  if (!closed.run_waits && error.code == ErrorCode::cancelled)
    co_return co_await give_back(held, std::chrono::milliseconds(0), true);
  if (!closed.run_waits && is_retryable(error.code) &&
      note_error(job.lease.job) < options_.errors_max)
    co_return co_await give_back(held, options_.retry_pause, false);
  co_return co_await wait_with_close(held, error);
}

// A cancelled run does not wait, so its close job does, and has a last try.
Async<Result<void>> Worker::wait_with_close(Held* held, Error why) {
  const state::Job job = held->context.job();
  auto stopped = co_await stop_run(held, std::move(why));
  if (stopped.has_error()) co_return stopped;
  auto run = co_await ask_state(
      services_, [&](state::State& state) { return state.runs().find_run(job.run); });
  if (run.has_error()) co_return run.error();
  if (run->cancel_requested) {
    note_error(job.lease.job);
  } else {
    errors_.erase(job.lease.job);
  }
  const std::chrono::milliseconds pause =
      run->cancel_requested ? options_.stopped_run_pause : std::chrono::milliseconds(0);
  co_return co_await give_back(held, pause, false);
}

Async<Result<void>> Worker::record(Held* held, Result<Finished> outcome) {
  if (held->context.lost()) co_return Result<void>();
  if (held->context.record_failure()) co_return *held->context.record_failure();
  if (const auto& failure = held->context.ledger_failure())
    co_return co_await stop_unrecorded(held, *failure);
  if (outcome.has_value()) co_return co_await record_finished(held, std::move(*outcome));
  const state::Job& job = held->context.job();
  const Error& error = outcome.error();
  const bool was_begun = held->runner != nullptr;
  if (stops_run(error)) {
    auto stopped = co_await stop_run(held, error);
    if (stopped.has_error()) co_return stopped;
    co_return co_await give_back_to_wait(held);
  }
  if (error.code == ErrorCode::precondition_failed) co_return Result<void>();
  if (error.code == ErrorCode::cancelled)
    co_return co_await give_back(held, std::chrono::milliseconds(0), !was_begun);
  // What met a store that was gone says nothing of the job.
  const bool counts = error.reason != ErrorReason::unreachable;
  if (is_retryable(error.code) && (!counts || note_error(job.lease.job) < options_.errors_max))
    co_return co_await give_back(held, options_.retry_pause, false);
  Finished finished;
  finished.effects.run_error = error.to_string();
  co_return co_await record_finished(held, std::move(finished));
}

Async<Result<void>> Worker::record_finished(Held* held, Finished finished) {
  const state::Lease lease = held->context.job().lease;
  errors_.erase(lease.job);
  auto written =
      co_await write_lines(services_, held->run(), std::move(finished.lines), &finished.effects);
  if (written.has_error()) co_return co_await stop_unrecorded(held, written.error());
  // Not before: where the lines are not written, these are recorded without them.
  if (held->runner) {
    finished.effects.counts += held->runner->take_request_counts();
    for (std::string& warning : held->runner->take_warnings())
      finished.effects.warnings.push_back(std::move(warning));
  }
  auto ended = co_await ask_state(services_, [&](state::State& state) {
    return state.jobs().finish(lease, finished.effects, services_.clock.now());
  });
  if (ended.has_value()) services_.tell_of(finished.effects);
  if (finished.halt) {
    auto stopped = co_await stop_run(held, std::move(*finished.halt));
    if (stopped.has_error()) co_return stopped;
  }
  // A lost lease is no failure of ours: the job is another's, and what we did is counted by its
  // next end.
  if (ended.has_error() && ended.error().code == ErrorCode::precondition_failed)
    co_return Result<void>();
  co_return ended;
}

// The ledger did not take what the job did, so it is done again. The run waits, unless it was only
// the wait for the ledger that ended.
Async<Result<void>> Worker::stop_unrecorded(Held* held, Error why) {
  auto counted = co_await record_requests(held);
  if (held->context.lost()) co_return Result<void>();
  if (counted.has_error()) co_return counted;
  if (why.code != ErrorCode::cancelled || is_given_up(why)) {
    auto stopped = co_await stop_run(held, std::move(why));
    if (stopped.has_error()) co_return stopped;
    co_return co_await give_back_to_wait(held);
  }
  co_return co_await give_back(held, std::chrono::milliseconds(0), false);
}

// What was sent was sent, and what was learnt holds, whatever becomes of the job's work: the runner
// may not live until its next end.
Async<Result<void>> Worker::record_requests(Held* held) {
  if (!held->runner) co_return Result<void>();
  state::Effects effects;
  effects.counts = held->runner->take_request_counts();
  effects.warnings = held->runner->take_warnings();
  std::string payload = held->context.job().payload;
  ledger::LineBuffer no_lines;
  co_return co_await held->context.advance(std::move(payload), std::move(effects),
                                           std::move(no_lines));
}

// However often the run waits, that is no reason to give the job up: only the first of these
// attempts counts, so that JobContext::attempted_before() stays true.
Async<Result<void>> Worker::give_back_to_wait(Held* held) {
  const bool is_counted = held->context.job().attempts <= 1;
  co_return co_await give_back(held, std::chrono::milliseconds(0), !is_counted);
}

Async<Result<void>> Worker::give_back(Held* held, std::chrono::milliseconds delay,
                                      bool in_good_order) {
  const state::Lease lease = held->context.job().lease;
  const TimePoint when = services_.clock.now() + delay;
  auto released = co_await ask_state(services_, [&](state::State& state) {
    return state.jobs().release(lease, when, in_good_order);
  });
  if (released.has_error() && released.error().code == ErrorCode::precondition_failed)
    co_return Result<void>();
  co_return released;
}

// Where the run was resumed since the job was claimed, its failure is of the past: the job alone
// goes back, and meets the same again if nothing has changed.
Async<Result<void>> Worker::stop_run(Held* held, Error why) {
  const std::string run = held->run();
  const std::int64_t epoch = held->context.job().run_epoch;
  const TimePoint now = services_.clock.now();
  const state::Waiting waiting{.what = waiting_for(why),
                               .text = why.to_string(),
                               .since = now,
                               .until = now + options_.stopped_run_pause};
  // Before anything is stopped, so that no lane begins with it again meanwhile.
  auto waits = co_await ask_state(
      services_, [&](state::State& state) { return state.runs().wait(run, epoch, waiting); });
  if (waits.has_error() && waits.error().code == ErrorCode::precondition_failed)
    co_return Result<void>();
  request_stop_of(run);
  options_.on_run_stopped(run, why);
  co_return waits;
}

void Worker::remove(Held* held) {
  if (services_.use) services_.use->end(held->context.job().kind, services_.clock.monotonic_now());
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
  MonotonicTime asked_at{};
  auto renewals = co_await ask_state(services_, [&](state::State& state) {
    asked_at = services_.clock.monotonic_now();
    const TimePoint now = services_.clock.now();
    return state.jobs().renew(leases, now, now + options_.lease);
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
