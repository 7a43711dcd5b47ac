#include "cli/local_run.h"

#include <cstdio>

#include "base/async_scope.h"
#include "cli/process_stop.h"
#include "cli/working_state.h"
#include "runs/run_view.h"

namespace dth::cli {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::milliseconds progress_interval{200};
constexpr std::chrono::milliseconds look_interval_min{5};

// Is it over, or is nothing of it executed here any more until somebody wants that?
bool has_stopped(const state::Run& run, const state::Run& begun) {
  return is_over(run.state) || (run.state == state::RunState::paused && !run.cancel_requested) ||
         runs::awaits_approval(run) || run.placement != begun.placement;
}

// The coroutine that watches the run from the main thread.
class Driver {
 public:
  Driver(Executor executor, state::State& state, const ledger::Ledger& ledger, Clock& clock,
         BlockingExecutor& blocking, const LocalRunOptions& options)
      : state_(state),
        ledger_(ledger),
        clock_(clock),
        blocking_(blocking),
        options_(options),
        stop_(executor, clock, [&options] { options.on_interrupt(stop_grace); }) {}

  // `process` executes the run, which its lanes share as `run`.
  Async<void> watch(engine::WorkerProcess* process, engine::SharedRun* run) {
    MonotonicTime next_progress = clock_.monotonic_now();
    while (!process->ended()) {
      auto progress =
          co_await run_blocking(blocking_, [&] { return state_.runs().progress(options_.run.id); });
      const MonotonicTime now = clock_.monotonic_now();
      const bool shows = now >= next_progress;
      if (shows) next_progress = now + progress_interval;
      if (progress.has_value() && shows) options_.on_progress(*progress, waiting(*run));
      const bool has_ended = progress.has_value() && has_stopped(progress->run, options_.run);
      stop_.look(process, has_ended || run->stopped_by());
      // Lanes may have news one after the other; each look counts the backlog.
      auto paused = co_await clock_.sleep_for(look_interval_min);
      if (paused.has_error()) co_return;
      const Duration left = next_progress - clock_.monotonic_now();
      auto slept = co_await stop_.wait(std::max(Duration::zero(), left));
      if (slept.has_error()) co_return;
    }
    stop_.end();
  }

  std::vector<std::string> waiting(engine::SharedRun& run) const {
    std::vector<std::string> all = run.outages().waiting();
    for (std::string& what : ledger_.waiting()) all.push_back(std::move(what));
    return all;
  }

  Async<void> listen() { return stop_.listen(); }
  // Something has happened in a lane: looks now.
  void look() { stop_.wake(); }
  bool interrupted() const { return stop_.interrupted(); }

 private:
  state::State& state_;
  const ledger::Ledger& ledger_;
  Clock& clock_;
  BlockingExecutor& blocking_;
  const LocalRunOptions& options_;
  ProcessStop stop_;
};

// The lane's connections wait in the context for as long as it lives, so it ends here.
Async<void> check_coroutine(std::unique_ptr<engine::PluginLane> lane,
                            std::shared_ptr<const engine::Task> task,
                            Result<std::vector<std::string>>* result) {
  auto opened = co_await lane->open(std::move(task), nullptr);
  if (opened.has_error()) {
    *result = opened.error();
  } else {
    *result = (*opened)->notes();
    opened->reset();
  }
  lane.reset();
}

// The run can be resumed by the same command later, and nothing is wrong with that.
bool can_be_waited_for(const Error& why) {
  return why.reason == ErrorReason::destination_full || is_given_up(why);
}

Result<LocalRunResult> result_of(const Driver& driver, const engine::WorkerProcess& process,
                                 const engine::SharedRun& run, state::State& state) {
  LocalRunResult result;
  if (auto failure = process.failure()) return *failure;
  const std::optional<Error> why = run.stopped_by();
  if (why && !driver.interrupted()) {
    if (!can_be_waited_for(*why)) return *why;
    result.abandoned = is_given_up(*why) ? why->message : why->to_string();
  }
  auto progress = state.runs().progress(run.id());
  if (progress.has_error()) return progress.error();
  result.progress = std::move(*progress);
  if (result.progress.run.placement != run.run().placement) {
    return Error{ErrorCode::already_exists,
                 "another process has taken run " + run.id() + " over; `dth run show " + run.id() +
                     "` tells how it stands",
                 ""};
  }
  result.interrupted =
      driver.interrupted() || (result.abandoned.empty() && !is_over(result.progress.run.state) &&
                               !runs::awaits_approval(result.progress.run));
  return result;
}

}  // namespace

Result<LocalRunResult> execute_run(LocalServices services, LocalRunOptions options) {
  BlockingPool blocking(1);
  asio::io_context context(1);
  Driver driver(context.get_executor(), services.state, services.ledger, services.clock, blocking,
                options);
  engine::Plugin* const plugins[] = {&services.plugin};
  engine::WorkerProcessOptions process_options{
      .registration = registration_of(options.process, state::WorkerKind::command),
      .lanes = options.lanes,
      .slots = services.plugin.job_slots_of(*options.task, options.lanes),
      .is_registered = options.is_registered,
      .first_run = options.run,
      .on_change = [&] { asio::post(context, [&] { driver.look(); }); },
      .on_note =
          [&](const std::string& line) {
            asio::post(context, [&options, line] { options.on_note(line); });
          }};
  auto process =
      engine::WorkerProcess::start({services.clock, services.state, services.ledger, blocking},
                                   services.sealer, plugins, std::move(process_options));
  if (process.has_error()) return process.error();
  engine::SharedRun& run = (*process)->first_run();
  {
    AsyncScope scope(context.get_executor());
    scope.spawn(driver.watch(process->get(), &run));
    scope.spawn(driver.listen());
    context.run();
  }
  auto result = result_of(driver, **process, run, services.state);
  if (result.has_value()) options.on_progress(result->progress, {});
  return result;
}

Result<std::vector<std::string>> check_stores(engine::Plugin& plugin,
                                              std::shared_ptr<const engine::Task> task,
                                              Clock& clock) {
  asio::io_context context(1);
  auto lane = plugin.open_lane({.executor = context.get_executor(), .clock = clock});
  Result<std::vector<std::string>> notes = std::vector<std::string>();
  {
    AsyncScope scope(context.get_executor());
    scope.spawn(check_coroutine(std::move(lane), std::move(task), &notes));
    context.run();
  }
  return notes;
}

void tell_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) std::fprintf(stderr, "dth: note: %s\n", note.c_str());
}

}  // namespace dth::cli
