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

constexpr std::size_t runs_max = 10'000;

std::string name_of(const runs::RunView& view) {
  return view.run.id + " (" + std::string(options::command_of(view.spec.action)) + ", " +
         std::string(runs::to_string(view.status)) + ")";
}

Error nothing_to_resume(const StatePlace& state) {
  return {ErrorCode::invalid_argument,
          "there is no interrupted run to resume in " + state.to_string() +
              "; `dth run list` shows the runs that there are, --database names another state",
          ""};
}

// The one run that is not over; of several the one that no process works on.
Result<runs::RunView> find_interrupted(ReadState& state) {
  auto runs = state.reader().unfinished(runs_max);
  if (runs.has_error()) return runs.error();
  if (runs->empty()) return nothing_to_resume(state.place());
  if (runs->size() == 1) return std::move(runs->front());
  std::vector<const runs::RunView*> meant;
  for (const runs::RunView& view : *runs) {
    if (view.status == runs::RunStatus::interrupted) meant.push_back(&view);
  }
  if (meant.size() == 1) return *meant.front();
  // Where none is interrupted, any of them may be meant: paused ones, or such as others work on.
  if (meant.empty()) {
    for (const runs::RunView& view : *runs) meant.push_back(&view);
  }
  std::string names;
  for (const runs::RunView* view : meant) names += (names.empty() ? "" : ", ") + name_of(*view);
  return Error{ErrorCode::invalid_argument,
               "several runs are unfinished; name the one to resume: " + names, ""};
}

// The run that the command means.
Result<ReadRun> find_meant(const RunResumeCommand& command) {
  if (!command.run.empty()) return read_run(command.database, command.run);
  auto place = find_state(command.database);
  if (place.has_error()) return place.error();
  auto state = ReadState::open_place(*place);
  if (state.has_error() && state.error().code == ErrorCode::not_found)
    return nothing_to_resume(*place);
  if (state.has_error()) return state.error();
  auto view = find_interrupted(**state);
  if (view.has_error()) return view.error();
  return ReadRun{std::move(*state), std::move(*view)};
}

// Where does it go on?
enum class Where {
  here,
  there,    // in a process that works on it, and lives
  workers,  // in whichever worker takes it; none lives now
};

Result<Where> find_where(ReadRun& found, const RunResumeCommand& command) {
  auto workers = found.state->state().workers().list(SystemClock().now());
  if (workers.has_error()) return workers.error();
  const state::Run& run = found.view.run;
  const bool has_worker = runs::has_live_worker(run, *workers);
  if (run.placement.kind != state::Placement::Kind::process) {
    if (command.here) return Where::here;
    return has_worker ? Where::there : Where::workers;
  }
  const runs::RunStatus status = found.view.status;
  const bool stands_still = status == runs::RunStatus::waiting || status == runs::RunStatus::paused;
  return stands_still && has_worker ? Where::there : Where::here;
}

void tell_where(Where where, const std::string& run) {
  const char* text = where == Where::there
                         ? "dth: run %s goes on in the process that works on it\n"
                         : "dth: run %s goes on when a worker takes it: start `dth worker`, or "
                           "give --here to execute it here\n";
  std::fprintf(stderr, text, run.c_str());
}

// Nothing where another process goes on with it.
Result<std::optional<Summary>> resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  auto found = find_meant(command);
  if (found.has_error()) return found.error();
  const std::string id = found->view.run.id;
  auto session = Session::open(plugin, found->state->place(), *command.ledgers);
  if (session.has_error()) return session.error();
  runs::RunService& service = (*session)->service();
  auto task = service.task_to_resume(found->view, command.changes);
  if (task.has_error()) return task.error();
  auto where = find_where(*found, command);
  if (where.has_error()) return where.error();
  if (*where != Where::here) {
    // Its stores are for that process to reach, and its credentials are there.
    auto resumed = service.resume(id, command.changes, std::nullopt);
    if (resumed.has_error()) return resumed.error();
    tell_where(*where, id);
    return std::optional<Summary>();
  }
  // What does not fit is told before anything is changed.
  SystemClock clock;
  auto reachable = check_stores(plugin, *task, clock);
  if (reachable.has_error()) return reachable.error();
  auto writable = (*session)->check_ledger((*task)->spec().options);
  if (writable.has_error()) return writable.error();
  const runs::Here here{.process = (*session)->process(), .from_workers = command.here};
  auto resumed = service.resume(id, command.changes, here);
  if (resumed.has_error()) return resumed.error();
  tell_notes(*reachable);
  std::fprintf(stderr, "dth: going on with the unfinished run %s\n", id.c_str());
  auto summary = (*session)->execute(resumed->run, resumed->task, command.execute);
  if (summary.has_error()) return summary.error();
  return std::optional(std::move(*summary));
}

}  // namespace

int run_resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return print_error(hub.error());
  if (!hub->empty()) {
    if (!command.changes.empty() || command.here) return print_error(options_stay("resumed"));
    return steer_remote_run(*hub, {.document = &client::documents::resume_run,
                                   .run = command.run.empty() ? "latest" : command.run,
                                   .done = "is resumed",
                                   .waits = command.waits,
                                   .output = command.execute.output});
  }
  auto summary = resume(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  if (!*summary) return 0;
  return report(
      **summary, command.execute.output,
      "`dth run resume " + (*summary)->run.id + database_argument(command.database) + "`");
}

}  // namespace dth::cli
