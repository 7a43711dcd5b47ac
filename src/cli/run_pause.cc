#include <cstdio>

#include "cli/exit_code.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/run_steering.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"
#include "runs/run_service.h"

namespace dth::cli {
namespace {

// Returns the id of the run.
Result<std::string> pause(engine::Plugin& plugin, const RunPauseCommand& command) {
  auto found = read_run(command.database, command.run);
  if (found.has_error()) return found.error();
  const runs::RunView& view = found->view;
  if (view.is_over()) {
    return Error{ErrorCode::invalid_argument,
                 "run " + view.run.id + " is over (" + std::string(runs::to_string(view.status)) +
                     "), so it cannot be paused",
                 ""};
  }
  auto state = found->state->place().open(StatePlace::Access::work);
  if (state.has_error()) return state.error();
  SystemClock clock;
  engine::Plugin* const plugins[] = {&plugin};
  auto paused = runs::RunService(**state, plugins, clock).pause(view.run.id);
  if (paused.has_error()) return paused.error();
  return view.run.id;
}

}  // namespace

int run_pause(engine::Plugin& plugin, const RunPauseCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return print_error(hub.error());
  if (!hub->empty()) {
    return steer_remote_run(*hub, {.document = &client::documents::pause_run,
                                   .run = command.run,
                                   .done = "is paused: what is in flight ends within seconds"});
  }
  auto run = pause(plugin, command);
  if (run.has_error()) return print_error(run.error());
  const std::string database = database_argument(command.database);
  std::fprintf(stderr,
               "dth: run %s is paused: what is in flight ends within seconds; "
               "`dth run resume %s%s` resumes it\n",
               run->c_str(), run->c_str(), database.c_str());
  return 0;
}

}  // namespace dth::cli
