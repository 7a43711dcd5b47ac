#pragma once

#include <string>

#include "engine/plugin.h"

namespace dth::cli {

enum class OutputFormat { table, json, yaml };

struct CopyCommand {
  engine::Spec spec;           // the options given, source and destination among them
  std::string state_path;      // empty: under the state directory, named by source and destination
  bool restart = false;        // give up an unfinished run of that state and begin anew
  unsigned lanes = 0;          // 0: one a processor, at most 8
  bool quiet = false;
  OutputFormat output = OutputFormat::table;
};

// Runs `dth copy`: begins a run, or takes up the unfinished one of the same state. Prints the summary on standard
// output, progress and errors on standard error. Returns the exit code.
int run_copy(engine::Plugin& plugin, const CopyCommand& command);

}  // namespace dth::cli
