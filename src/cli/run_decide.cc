// `dth run approve` and `dth run reject`.
#include <cstdio>

#include "cli/exit_code.h"
#include "cli/run_command.h"
#include "cli/run_end.h"
#include "cli/run_lookup.h"
#include "options/amounts.h"
#include "runs/deletions.h"

namespace dth::cli {
namespace {

state::AuditEntry by_host(std::string action) {
  state::AuditEntry entry;
  entry.at = SystemClock().now();
  entry.actor_kind = state::ActorKind::host;
  entry.actor_name = "dth run";
  entry.action = std::move(action);
  return entry;
}

// A run that is not over, and its state to write to.
struct Undecided {
  ReadRun found;
  std::unique_ptr<state::State> state;
};

Result<Undecided> find_undecided(const DatabaseFlags& database, const std::string& run) {
  auto found = read_run(database, run);
  if (found.has_error()) return found.error();
  const runs::RunView& view = found->view;
  if (view.is_over()) {
    return Error{ErrorCode::invalid_argument,
                 "run " + view.run.id + " is over (" + std::string(runs::to_string(view.status)) +
                     "): there is nothing to decide any more",
                 ""};
  }
  auto state = found->state->place().open(StatePlace::Access::work);
  if (state.has_error()) return state.error();
  return Undecided{std::move(*found), std::move(*state)};
}

// Who goes on with a run that was approved.
std::string what_next(const runs::RunView& view, const std::string& database) {
  const std::string resume = "`dth run resume " + view.run.id + database + "`";
  if (view.status == runs::RunStatus::paused) return "it is paused: " + resume + " resumes it";
  const bool is_bound = view.run.placement.kind == state::Placement::Kind::process;
  if (is_bound && !view.process) return resume + " resumes it here";
  return "a worker counts again, and deletes so many at most";
}

Result<runs::RunView> approve(const RunApproveCommand& command) {
  auto undecided = find_undecided(command.database, command.run);
  if (undecided.has_error()) return undecided.error();
  const runs::RunView& view = undecided->found.view;
  auto planned = runs::approve_deletions(*undecided->state, view, command.deletions,
                                         by_host("approveDeletions"));
  if (planned.has_error()) return planned.error();
  if (*planned != command.deletions) {
    return Error{ErrorCode::precondition_failed,
                 runs::about_another_count(view.run.id, *planned, command.deletions), ""};
  }
  return undecided->found.state->reader().find(view.run.id);
}

Result<runs::RunView> reject(engine::Plugin& plugin, const RunRejectCommand& command) {
  auto undecided = find_undecided(command.database, command.run);
  if (undecided.has_error()) return undecided.error();
  ReadRun& found = undecided->found;
  auto rejected = runs::reject_deletions(*undecided->state, found.view, command.comment,
                                         by_host("rejectDeletions"));
  if (rejected.has_error()) return rejected.error();
  undecided->state.reset();
  return cancel_and_wait(plugin, *command.ledgers, found);
}

}  // namespace

int run_approve(engine::Plugin&, const RunApproveCommand& command) {
  auto view = approve(command);
  if (view.has_error()) return print_error(view.error());
  const std::string next = what_next(*view, database_argument(command.database));
  std::fprintf(stderr, "dth: the deletion of %s objects by run %s is approved; %s\n",
               options::format_count(command.deletions).c_str(), view->run.id.c_str(),
               next.c_str());
  return 0;
}

int run_reject(engine::Plugin& plugin, const RunRejectCommand& command) {
  auto view = reject(plugin, command);
  if (view.has_error()) return print_error(view.error());
  std::fprintf(
      stderr,
      "dth: the deletions of run %s are rejected: nothing was deleted, and its copies stay\n",
      view->run.id.c_str());
  return 0;
}

}  // namespace dth::cli
