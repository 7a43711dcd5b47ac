#include "cli/local_run.h"

#include <csignal>
#include <set>
#include <thread>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>

#include "base/ids.h"
#include "base/wakeable_sleep.h"
#include "cli/exit_code.h"

namespace dth::cli {
namespace asio = boost::asio;
namespace {

using SignalSet = asio::basic_signal_set<Executor>;

constexpr std::chrono::milliseconds progress_interval{200};
constexpr std::chrono::milliseconds look_interval_min{5};
constexpr std::chrono::seconds compact_interval{5};
constexpr std::chrono::seconds stop_grace{10};

// A worker on a thread of its own. Says by `on_change`, on that thread, when it is out of work and
// when it has ended.
class LaneThread final : public engine::RunnerProvider {
 public:
  LaneThread(engine::Plugin& plugin, engine::EngineServices services,
             const LocalRunOptions& options, OutageBoard& outages, unsigned index,
             std::function<void()> on_change)
      : plugin_(plugin),
        services_(services),
        options_(options),
        outages_(outages),
        index_(index),
        on_change_(std::move(on_change)),
        scope_(context_.get_executor()) {
    engine::WorkerOptions worker;
    worker.name = new_id(services.clock.now());
    worker.run = options.run;
    worker.slots = plugin.job_slots(*options.task, options.lanes);
    worker.on_out_of_work = on_change_;
    worker_ = std::make_unique<engine::Worker>(services_, context_.get_executor(), *this,
                                               std::move(worker));
    scope_.spawn(serve());
    thread_ = std::thread([this] { context_.run(); });
  }

  ~LaneThread() override { thread_.join(); }

  Async<Result<engine::JobRunner*>> runner_for(const state::Job&) override {
    co_return runner_.get();
  }

  // Any thread.
  void request_stop() {
    asio::post(context_, [this] { worker_->request_stop(); });
  }
  void cancel() {
    asio::post(context_, [this] {
      worker_->cancel();
      scope_.request_stop();
    });
  }
  bool ended() const { return ended_.load(); }
  // After the end.
  const std::optional<Error>& failure() const { return failure_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Async<void> serve() {
    const engine::Lane lane{context_.get_executor(), services_.clock, options_.lanes, &outages_,
                            index_};
    auto opened = co_await plugin_.open(options_.task, lane);
    if (opened.has_error()) {
      failure_ = opened.error();
    } else {
      runner_ = std::move(*opened);
      auto worked = co_await worker_->run();
      if (worked.has_error()) failure_ = worked.error();
      if (index_ == 0 && !failure_) co_await settle_and_end();
      warnings_ = runner_->take_warnings();
    }
    runner_.reset();
    ended_ = true;
    on_change_();
  }

  // The last lane to hold the stores takes away what the run left open. A cancelled or unfinished
  // run is left as it is.
  Async<void> settle_and_end() {
    auto progress = co_await run_blocking(
        services_.blocking, [&] { return services_.state.runs().progress(options_.run); });
    if (progress.has_error() || !progress->backlog.empty()) co_return;
    auto settled = co_await runner_->settle(services_, options_.run);
    if (settled.has_error()) {
      failure_ = std::move(settled.error())
                     .with_context("the run's own open uploads could not all be aborted");
      co_return;
    }
    const TimePoint now = services_.clock.now();
    auto ended = co_await run_blocking(services_.blocking, [&] {
      return services_.state.runs().end_run_if_drained(options_.run, now);
    });
    if (ended.has_error()) failure_ = ended.error();
  }

  engine::Plugin& plugin_;
  engine::EngineServices services_;
  const LocalRunOptions& options_;
  OutageBoard& outages_;
  const unsigned index_;
  const std::function<void()> on_change_;
  asio::io_context context_{1};
  AsyncScope scope_;
  std::unique_ptr<engine::Worker> worker_;
  std::unique_ptr<engine::JobRunner> runner_;
  std::optional<Error> failure_;
  std::vector<std::string> warnings_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

// The coroutine that watches the run from the main thread.
class Driver {
 public:
  Driver(Executor executor, engine::EngineServices services, const LocalRunOptions& options,
         OutageBoard& outages, std::vector<std::unique_ptr<LaneThread>>& lanes)
      : services_(services),
        options_(options),
        outages_(outages),
        lanes_(lanes),
        until_next_look_(executor, services.clock) {}

  Async<void> watch() {
    MonotonicTime next_progress = services_.clock.monotonic_now();
    MonotonicTime next_compact = next_progress + compact_interval;
    std::optional<MonotonicTime> cancel_at;
    while (!all_ended()) {
      const MonotonicTime now = services_.clock.monotonic_now();
      const bool stop = interrupted_ || any_failed() || outages_.given_up().has_value();
      if (stop && !cancel_at) {
        cancel_at = now + stop_grace;
        outages_.request_stop();
        for (auto& lane : lanes_) lane->request_stop();
      }
      if (cancel_at && now >= *cancel_at) {
        for (auto& lane : lanes_) lane->cancel();
      }
      auto progress = co_await run_blocking(
          services_.blocking, [&] { return services_.state.runs().progress(options_.run); });
      const bool shows = now >= next_progress;
      if (shows) next_progress = now + progress_interval;
      if (progress.has_value() && shows) options_.on_progress(*progress, outages_.waiting());
      if (progress.has_value() && progress->backlog.empty() && !draining_) {
        draining_ = true;
        for (auto& lane : lanes_) lane->request_stop();
      }
      if (now >= next_compact) {
        next_compact = now + compact_interval;
        auto folded = co_await run_blocking(services_.blocking,
                                            [&] { return services_.state.records().compact(); });
        (void)folded.has_error();  // it only saves space; the next one may succeed
      }
      // Lanes may have news one after the other; each look counts the backlog.
      auto paused = co_await services_.clock.sleep_for(look_interval_min);
      if (paused.has_error()) co_return;
      const Duration left = next_progress - services_.clock.monotonic_now();
      auto slept = co_await until_next_look_.sleep_for(std::max(Duration::zero(), left));
      if (slept.has_error()) co_return;
    }
  }

  // Something has happened in a lane: looks now.
  void look() { until_next_look_.wake(); }

  void interrupt() {
    if (interrupted_) std::_Exit(exit_interrupted);
    interrupted_ = true;
    look();
    options_.on_interrupt(stop_grace);
  }
  bool interrupted() const { return interrupted_; }

 private:
  bool all_ended() const {
    return std::all_of(lanes_.begin(), lanes_.end(),
                       [](const auto& lane) { return lane->ended(); });
  }
  bool any_failed() const {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](const auto& lane) { return lane->ended() && lane->failure(); });
  }

  engine::EngineServices services_;
  const LocalRunOptions& options_;
  OutageBoard& outages_;
  std::vector<std::unique_ptr<LaneThread>>& lanes_;
  WakeableSleep until_next_look_;
  bool interrupted_ = false;
  bool draining_ = false;
};

Async<void> listen_for_signals(SignalSet* signals, Driver* driver) {
  for (;;) {
    boost::system::error_code failure;
    co_await signals->async_wait(asio::redirect_error(use_async, failure));
    if (failure) co_return;
    driver->interrupt();
  }
}

Async<void> watch_then(Driver* driver, SignalSet* signals) {
  co_await driver->watch();
  signals->cancel();
}

// Runs one coroutine to its end on a context of its own.
template <class Make>
Result<void> run_alone(Make make) {
  asio::io_context context(1);
  Result<void> result;
  {
    AsyncScope scope(context.get_executor());
    scope.spawn(make(context.get_executor(), &result));
    context.run();
  }
  return result;
}

Async<void> check_coroutine(engine::Plugin* plugin, std::shared_ptr<const engine::Task> task,
                            engine::Lane lane, std::vector<std::string>* notes,
                            Result<void>* result) {
  auto opened = co_await plugin->open(std::move(task), lane);
  if (opened.has_error()) {
    *result = opened.error();
  } else {
    *notes = (*opened)->notes();
  }
}

Async<void> abandon_coroutine(engine::Plugin* plugin, engine::EngineServices services,
                              std::shared_ptr<const engine::Task> task, std::string run,
                              engine::Lane lane, Result<void>* result) {
  auto opened = co_await plugin->open(std::move(task), lane);
  if (opened.has_error()) {
    *result = opened.error();
    co_return;
  }
  *result = co_await (*opened)->settle(services, run);
  if (result->has_error()) co_return;
  auto over =
      services.state.runs().abandon_run(run, state::RunState::cancelled, services.clock.now());
  if (over.has_error()) *result = over.error();
}

bool is_full(const std::optional<Error>& failure) {
  return failure && failure->reason == ErrorReason::destination_full;
}

}  // namespace

Result<LocalRunResult> execute_run(engine::Plugin& plugin, state::State& state,
                                   ledger::Ledger& ledger, Clock& clock, LocalRunOptions options) {
  BlockingPool blocking(1);
  const engine::EngineServices services{clock, state, ledger, blocking};
  asio::io_context context(1);
  SignalSet signals(context.get_executor(), SIGINT, SIGTERM);
  OutageBoard outages;  // outlives the lanes
  std::vector<std::unique_ptr<LaneThread>> lanes;
  Driver driver(context.get_executor(), services, options, outages, lanes);
  for (unsigned i = 0; i < options.lanes; ++i) {
    const auto tell_driver = [&] { asio::post(context, [&] { driver.look(); }); };
    lanes.push_back(
        std::make_unique<LaneThread>(plugin, services, options, outages, i, tell_driver));
  }
  {
    AsyncScope scope(context.get_executor());
    scope.spawn(watch_then(&driver, &signals));
    scope.spawn(listen_for_signals(&signals, &driver));
    context.run();
  }
  std::string abandoned = outages.given_up().value_or("");
  // The run goes on when there is space again: stopped, as by a store that stays away.
  for (auto& lane : lanes) {
    if (abandoned.empty() && is_full(lane->failure())) abandoned = lane->failure()->to_string();
  }
  std::set<std::string> warnings;
  for (auto& lane : lanes) {
    // It waited for a store when the run was stopped.
    const bool was_stopped = driver.interrupted() || !abandoned.empty();
    const bool ended_by_that =
        was_stopped && lane->failure() &&
        (lane->failure()->code == ErrorCode::cancelled || is_full(lane->failure()));
    if (lane->failure() && !ended_by_that) return *lane->failure();
    warnings.insert(lane->warnings().begin(), lane->warnings().end());
  }
  auto progress = state.runs().progress(options.run);
  if (progress.has_error()) return progress.error();
  options.on_progress(*progress, {});
  return LocalRunResult{
      std::move(*progress), driver.interrupted(), abandoned, {warnings.begin(), warnings.end()}};
}

Result<std::vector<std::string>> check_stores(engine::Plugin& plugin,
                                              std::shared_ptr<const engine::Task> task,
                                              Clock& clock) {
  std::vector<std::string> notes;
  auto checked = run_alone([&](Executor executor, Result<void>* result) {
    return check_coroutine(&plugin, task, engine::Lane{executor, clock, 1}, &notes, result);
  });
  if (checked.has_error()) return checked.error();
  return notes;
}

void tell_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) std::fprintf(stderr, "dth: note: %s\n", note.c_str());
}

Result<void> abandon(engine::Plugin& plugin, state::State& state, ledger::Ledger& ledger,
                     Clock& clock, const state::Run& run) {
  auto spec = engine::parse_task_spec(run.spec);
  if (spec.has_error()) return spec.error();
  auto task = plugin.parse(std::move(*spec), run.created_at);
  if (task.has_error()) return task.error();
  InlineExecutor blocking;
  const engine::EngineServices services{clock, state, ledger, blocking};
  return run_alone([&](Executor executor, Result<void>* result) {
    return abandon_coroutine(&plugin, services, *task, run.id, engine::Lane{executor, clock, 1},
                             result);
  });
}

}  // namespace dth::cli
