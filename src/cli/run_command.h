#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/database.h"
#include "cli/output.h"
#include "cli/session.h"
#include "engine/plugin.h"

// `dth run …`: what can be done with runs that there are. In each `database` is what
// --database and the like say (database.h), and a run is an id or "latest". All return the exit
// code.
namespace dth::cli {

struct RunListCommand {
  DatabaseFlags database;
  std::size_t count_max = 50;
  OutputFormat output = OutputFormat::table;
};
int run_list(const RunListCommand& command);

struct RunShowCommand {
  DatabaseFlags database;
  std::string run;
  OutputFormat output = OutputFormat::table;
};
int run_show(const RunShowCommand& command);

struct RunFailuresCommand {
  DatabaseFlags database;
  std::string run;
  std::size_t count_max = 0;     // 0: all
  std::string format = "table";  // table, json, csv
};
int run_failures(const RunFailuresCommand& command);

struct RunPauseCommand {
  DatabaseFlags database;
  std::string run;
};
int run_pause(engine::Plugin& plugin, const RunPauseCommand& command);

// `dth run set`: what of a run may be changed while it runs.
struct RunSetCommand {
  DatabaseFlags database;
  std::string run;
  std::optional<int> weight;
};
int run_set(engine::Plugin& plugin, const RunSetCommand& command);

struct RunResumeCommand {
  const LedgerPlaces* ledgers = nullptr;
  DatabaseFlags database;
  std::string run;          // empty: the one that is not over
  bool here = false;        // also one that was left to workers
  bool waits = false;       // of a hub's run: until it is over
  options::Values changes;  // options that may differ from those of the run
  ExecuteOptions execute;
};
int run_resume(engine::Plugin& plugin, const RunResumeCommand& command);

struct RunRetryCommand {
  const LedgerPlaces* ledgers = nullptr;
  DatabaseFlags database;
  std::string run;
  std::vector<std::string> keys;  // empty: all that failed
  bool waits = false;             // of a hub's run: until it is over
  options::Values changes;
  ExecuteOptions execute;
};
int run_retry(engine::Plugin& plugin, const RunRetryCommand& command);

// `dth run approve` and `dth run reject`: decide deletions that wait for an approval.
struct RunApproveCommand {
  DatabaseFlags database;
  std::string run;
  std::int64_t deletions = 0;  // the number that was counted
};
int run_approve(engine::Plugin& plugin, const RunApproveCommand& command);

struct RunRejectCommand {
  const LedgerPlaces* ledgers = nullptr;
  DatabaseFlags database;
  std::string run;
  std::string comment;
};
// Waits until it is over.
int run_reject(engine::Plugin& plugin, const RunRejectCommand& command);

struct RunCancelCommand {
  const LedgerPlaces* ledgers = nullptr;
  DatabaseFlags database;
  std::string run;
};
// Waits until it is over.
int run_cancel(engine::Plugin& plugin, const RunCancelCommand& command);

}  // namespace dth::cli
