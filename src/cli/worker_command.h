#pragma once

#include <string>
#include <vector>

#include "cli/database.h"
#include "cli/ledger_places.h"
#include "cli/output.h"
#include "control/vault/hub_credentials.h"
#include "engine/plugin.h"

namespace dth::cli {

struct WorkerCommand {
  const LedgerPlaces* ledgers = nullptr;
  DatabaseFlags database;
  unsigned lanes = 0;  // 0: one a processor, at most 8
  // The file of the key that signs ledgers; empty: this machine's own; "none": runs are closed by
  // others.
  std::string signing_key;
  std::vector<std::string> labels;
  // The file of the hub's master key: credentials of its vault can be used here. Empty: they
  // cannot.
  std::string master_key;
  // As the settings of the same names of a hub.
  bool private_endpoints = true, loopback_endpoints = true, credential_process = false;
};

// `dth worker`: executes runs that any process may execute (`dth copy --detach`), until SIGTERM or
// SIGINT; a second one ends the process at once. Returns the exit code.
int run_worker(engine::Plugin& plugin, control::HubCredentials& credentials,
               const WorkerCommand& command);

// `dth worker list` and `dth worker drain`: of all processes that execute runs of the state, also
// those of `dth copy` and the like.
struct WorkerListCommand {
  DatabaseFlags database;
  OutputFormat output = OutputFormat::table;
};
int worker_list(const WorkerListCommand& command);

struct WorkerDrainCommand {
  DatabaseFlags database;
  std::string worker;
};
int worker_drain(const WorkerDrainCommand& command);

}  // namespace dth::cli
