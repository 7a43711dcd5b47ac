#pragma once

#include <optional>
#include <string>

#include "cli/database.h"
#include "cli/session.h"
#include "engine/plugin.h"

namespace dth::cli {

struct CopyCommand {
  const LedgerPlaces* ledgers = nullptr;
  engine::TaskSpec spec;  // source and destination among its options
  DatabaseFlags database;
  bool detach = false;    // create the run and leave it to `dth worker`
  std::string placement;  // here, any, label:NAME; empty: here, or any with `detach`
  std::optional<int> weight;
  bool restart = false;  // give up the unfinished run between these places and begin a new one
  ExecuteOptions execute;
};

// Runs `dth copy` and the commands of the plugin's other actions: begins a run, or takes up the
// unfinished one between the same places. Prints the summary on standard output, progress and
// errors on standard error. Returns the exit code.
int run_copy(engine::Plugin& plugin, CopyCommand command);

}  // namespace dth::cli
