#include <cstdio>

#include "cli/exit_code.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"
#include "runs/run_service.h"

namespace dth::cli {
namespace {

// Returns the id of the run.
Result<std::string> change(engine::Plugin& plugin, const RunSetCommand& command) {
  if (!command.weight) {
    return Error{ErrorCode::invalid_argument, "nothing is to be changed: give --weight N", ""};
  }
  auto found = read_run(command.database, command.run);
  if (found.has_error()) return found.error();
  const runs::RunView& view = found->view;
  if (view.is_over()) {
    return Error{ErrorCode::invalid_argument,
                 "run " + view.run.id + " is over (" + std::string(runs::to_string(view.status)) +
                     "): its weight does not matter any more",
                 ""};
  }
  auto state = found->state->place().open(StatePlace::Access::work);
  if (state.has_error()) return state.error();
  SystemClock clock;
  engine::Plugin* const plugins[] = {&plugin};
  auto changed =
      runs::RunService(**state, plugins, clock).change_weight(view.run.id, *command.weight);
  if (changed.has_error()) return changed.error();
  return view.run.id;
}

}  // namespace

int run_set(engine::Plugin& plugin, const RunSetCommand& command) {
  auto run = change(plugin, command);
  if (run.has_error()) return print_error(run.error());
  std::fprintf(stderr, "dth: run %s has the weight %d from now on\n", run->c_str(),
               *command.weight);
  return 0;
}

}  // namespace dth::cli
