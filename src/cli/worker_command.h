#pragma once

#include <string>

#include "engine/plugin.h"

namespace dth::cli {

struct WorkerCommand {
  std::string database;
  unsigned lanes = 0;  // 0: one a processor, at most 8
};

// `dth worker`: executes runs that any process may execute (`dth copy --detach`), until SIGTERM or
// SIGINT; a second one ends the process at once. Returns the exit code.
int run_worker(engine::Plugin& plugin, const WorkerCommand& command);

}  // namespace dth::cli
