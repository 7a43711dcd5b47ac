#pragma once

#include <string>

#include "cli/session.h"
#include "engine/plugin.h"

namespace dth::cli {

struct CopyCommand {
  engine::TaskSpec spec;   // source and destination among its options
  std::string state_path;  // empty: under the state directory, named by source and destination
  bool restart = false;    // give up an unfinished run of that state and begin a new one
  ExecuteOptions execute;
};

// Runs `dth copy` and the commands of the plugin's other actions: begins a run, or takes up the
// unfinished one of the same state. Prints the summary on standard output, progress and errors on
// standard error. Returns the exit code.
int run_copy(engine::Plugin& plugin, CopyCommand command);

}  // namespace dth::cli
