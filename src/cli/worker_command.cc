#include "cli/worker_command.h"

#include <csignal>
#include <cstdio>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>

#include "base/ids.h"
#include "base/wakeable_sleep.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/working_state.h"
#include "engine/worker_process.h"

namespace dth::cli {
namespace asio = boost::asio;
namespace {

using SignalSet = asio::basic_signal_set<Executor>;

constexpr std::chrono::seconds drain_grace{10};
constexpr std::chrono::hours idle_interval{1};  // it is told of what happens

// Waits for signals and for the end of the lanes.
class WorkerWatch {
 public:
  WorkerWatch(Executor executor, Clock& clock)
      : clock_(clock), signals_(executor, SIGINT, SIGTERM), sleep_(executor, clock) {}

  void wake() { sleep_.wake(); }

  Async<void> watch(engine::WorkerProcess* process) {
    std::optional<MonotonicTime> cancel_at;
    while (!process->ended()) {
      const MonotonicTime now = clock_.monotonic_now();
      if ((interrupted_ || process->failure()) && !cancel_at) {
        cancel_at = now + drain_grace;
        process->request_stop();
      }
      if (cancel_at && now >= *cancel_at) process->cancel();
      auto slept = co_await sleep_.sleep_for(cancel_at ? Duration(std::chrono::milliseconds(200))
                                                       : Duration(idle_interval));
      if (slept.has_error()) co_return;
    }
    signals_.cancel();
  }

  Async<void> listen() {
    for (;;) {
      boost::system::error_code failure;
      co_await signals_.async_wait(asio::redirect_error(use_async, failure));
      if (failure) co_return;
      if (interrupted_) std::_Exit(exit_interrupted);
      interrupted_ = true;
      std::fprintf(stderr,
                   "dth: stopping: what is in flight may end (%d s); once more to stop at once\n",
                   static_cast<int>(drain_grace.count()));
      wake();
    }
  }

 private:
  Clock& clock_;
  SignalSet signals_;
  WakeableSleep sleep_;
  bool interrupted_ = false;
};

Result<void> work(engine::Plugin& plugin, const WorkerCommand& command) {
  auto path = database_path(command.database);
  if (path.has_error()) return path.error();
  SystemClock clock;
  const std::string id = new_id(clock.now());
  auto working = WorkingState::open(*path, id, *command.ledgers, command.signing_key);
  if (working.has_error()) return working.error();
  BlockingPool blocking(1);
  asio::io_context context(1);
  WorkerWatch watch(context.get_executor(), clock);
  engine::WorkerProcessOptions options{
      .registration = registration_of(id), .lanes = lanes_wanted(command.lanes), .on_change = [&] {
        asio::post(context, [&] { watch.wake(); });
      }};
  options.registration.claims_anybody = true;
  options.closes_runs = (*working)->has_signing_key();
  engine::Plugin* const plugins[] = {&plugin};
  auto process =
      engine::WorkerProcess::start({clock, (*working)->state(), (*working)->ledger(), blocking},
                                   (*working)->sealer(), plugins, std::move(options));
  if (process.has_error()) return process.error();
  std::fprintf(stderr, "dth: worker %s works on %s\n", id.c_str(), path->c_str());
  {
    AsyncScope scope(context.get_executor());
    scope.spawn(watch.watch(process->get()));
    scope.spawn(watch.listen());
    context.run();
  }
  auto failure = (*process)->failure();
  return failure ? Result<void>(*failure) : Result<void>();
}

}  // namespace

int run_worker(engine::Plugin& plugin, const WorkerCommand& command) {
  auto worked = work(plugin, command);
  return worked.has_error() ? print_error(worked.error()) : 0;
}

}  // namespace dth::cli
