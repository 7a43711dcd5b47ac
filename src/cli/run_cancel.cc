#include <cstdio>

#include <boost/asio/io_context.hpp>

#include "base/async_scope.h"
#include "cli/exit_code.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/run_steering.h"
#include "cli/run_command.h"
#include "cli/run_end.h"
#include "cli/run_lookup.h"

namespace dth::cli {
namespace {

constexpr std::chrono::milliseconds poll_interval{200};
// The process that works on it looks once a second, and what is in flight has ten to end.
constexpr std::chrono::seconds wait_max{60};

// Is it over? Errors: why it will not be.
Result<bool> is_over_now(ReadState& state, const std::string& run) {
  auto view = state.reader().find(run);
  if (view.has_error()) return view.error();
  if (view->status == runs::RunStatus::interrupted) {
    return Error{ErrorCode::unavailable,
                 "the process that worked on run " + run +
                     " has ended before the run had; give the command again",
                 ""};
  }
  return view->is_over();
}

Async<void> wait_coroutine(Clock* clock, ReadState* state, std::string run, Result<void>* result) {
  const MonotonicTime until = clock->monotonic_now() + wait_max;
  for (;;) {
    auto over = is_over_now(*state, run);
    if (over.has_error()) *result = over.error();
    if (over.has_error() || *over) co_return;
    if (clock->monotonic_now() >= until) break;
    auto slept = co_await clock->sleep_for(poll_interval);
    if (slept.has_error()) co_return;
  }
  *result = Error{ErrorCode::timeout,
                  "run " + run + " is told to end, and has not yet; `dth run show " + run +
                      "` tells how it stands",
                  ""};
}

// A process that lives works on it: that one ends it.
Result<void> wait_until_over(ReadState& state, const std::string& run) {
  SystemClock clock;
  boost::asio::io_context context(1);
  Result<void> result;
  {
    AsyncScope scope(context.get_executor());
    scope.spawn(wait_coroutine(&clock, &state, run, &result));
    context.run();
  }
  return result;
}

Result<runs::RunView> cancel(engine::Plugin& plugin, const RunCancelCommand& command) {
  auto found = read_run(command.database, command.run);
  if (found.has_error()) return found.error();
  const runs::RunView& view = found->view;
  if (view.is_over()) {
    return Error{ErrorCode::invalid_argument,
                 "run " + view.run.id + " is over already (" +
                     std::string(runs::to_string(view.status)) + ")",
                 ""};
  }
  return cancel_and_wait(plugin, *command.ledgers, *found);
}

}  // namespace

Result<runs::RunView> cancel_and_wait(engine::Plugin& plugin, const LedgerPlaces& ledgers,
                                      ReadRun& found) {
  const std::string id = found.view.run.id;
  auto session = Session::open(plugin, found.state->place(), ledgers);
  if (session.has_error()) return session.error();
  // This process ends it itself where no other one may: also a run that waits for a worker.
  auto ended = (*session)->abandon(id);
  if (ended.has_error() && ended.error().code == ErrorCode::already_exists) {
    ended = (*session)->service().cancel(id);
    if (ended.has_value()) ended = wait_until_over(*found.state, id);
  }
  auto view = found.state->reader().find(id);
  const bool is_over = view.has_value() && view->is_over();
  if (ended.has_error() && !is_over) return ended.error();
  return view;
}

int run_cancel(engine::Plugin& plugin, const RunCancelCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return print_error(hub.error());
  if (!hub->empty()) {
    return steer_remote_run(*hub,
                            {.document = &client::documents::cancel_run,
                             .run = command.run,
                             .done = "is being cancelled: `dth run show` tells when it is over"});
  }
  auto over = cancel(plugin, command);
  if (over.has_error()) return print_error(over.error());
  std::fprintf(stderr, "dth: run %s is over: %s\n", over->run.id.c_str(),
               std::string(runs::to_string(over->status)).c_str());
  return 0;
}

}  // namespace dth::cli
