#include <cstdio>

#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/run_steering.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"

namespace dth::cli {
namespace {

Result<std::optional<Summary>> retry(engine::Plugin& plugin, const RunRetryCommand& command) {
  auto found = read_run(command.database, command.run);
  if (found.has_error()) return found.error();
  const std::string id = found->view.run.id;
  auto session = Session::open(plugin, found->state->place(), *command.ledgers);
  if (session.has_error()) return session.error();
  auto task = (*session)->service().retry(id, command.keys, command.changes);
  if (task.has_error()) return task.error();
  if (!*task) {
    std::fprintf(stderr, "dth: no item failed in run %s; there is nothing to try again\n",
                 id.c_str());
    return std::optional<Summary>();
  }
  SystemClock clock;
  auto reachable = check_stores(plugin, *task, clock);
  if (reachable.has_error()) return reachable.error();
  auto writable = (*session)->check_ledger((*task)->spec().options);
  if (writable.has_error()) return writable.error();
  tell_notes(*reachable);
  auto run = (*session)->create(**task);
  if (run.has_error()) return run.error();
  auto summary = (*session)->execute(*run, *task, command.execute);
  if (summary.has_error()) return summary.error();
  return std::optional(std::move(*summary));
}

}  // namespace

int run_retry(engine::Plugin& plugin, const RunRetryCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return print_error(hub.error());
  if (!hub->empty()) {
    if (!command.changes.empty()) return print_error(options_stay("retried"));
    return steer_remote_run(*hub, {.document = &client::documents::retry_run,
                                   .run = command.run,
                                   .done = "tries the failed items again",
                                   .keys = command.keys,
                                   .waits = command.waits,
                                   .output = command.execute.output});
  }
  auto summary = retry(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  if (!*summary) return 0;
  return report(
      **summary, command.execute.output,
      "`dth run resume " + (*summary)->run.id + database_argument(command.database) + "`");
}

}  // namespace dth::cli
