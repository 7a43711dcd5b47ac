#pragma once

#include <string>

#include "cli/ledger_places.h"
#include "engine/plugin.h"

namespace dth::cli {

struct WorkerCommand {
  const LedgerPlaces* ledgers = nullptr;
  std::string database;
  unsigned lanes = 0;  // 0: one a processor, at most 8
  // The file of the key that signs ledgers; empty: this machine's own; "none": runs are closed by
  // others.
  std::string signing_key;
};

// `dth worker`: executes runs that any process may execute (`dth copy --detach`), until SIGTERM or
// SIGINT; a second one ends the process at once. Returns the exit code.
int run_worker(engine::Plugin& plugin, const WorkerCommand& command);

}  // namespace dth::cli
