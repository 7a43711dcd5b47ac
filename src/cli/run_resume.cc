#include <cstdio>

#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"

namespace dth::cli {
namespace {

constexpr std::size_t runs_max = 10'000;

std::string name_of(const runs::RunView& view) {
  return view.run.id + " (" + std::string(options::command_of(view.spec.action)) + ")";
}

Error nothing_to_resume(const std::filesystem::path& state) {
  return {ErrorCode::invalid_argument,
          "there is no interrupted run to resume in " + state.string() +
              "; `dth run list` shows the runs that there are, --database names another state",
          ""};
}

// The one run that is not over; of several the one that no process works on.
Result<runs::RunView> find_interrupted(ReadState& state) {
  auto runs = state.reader().unfinished(runs_max);
  if (runs.has_error()) return runs.error();
  if (runs->size() > 1) {
    std::erase_if(*runs,
                  [](const auto& view) { return view.status != runs::RunStatus::interrupted; });
  }
  if (runs->size() == 1) return std::move(runs->front());
  if (runs->empty()) return nothing_to_resume(state.path());
  std::string names;
  for (const runs::RunView& view : *runs) names += (names.empty() ? "" : ", ") + name_of(view);
  return Error{ErrorCode::invalid_argument,
               "several runs are unfinished; name the one to resume: " + names, ""};
}

// The run that the command means.
Result<ReadRun> find_meant(const RunResumeCommand& command) {
  if (!command.run.empty()) return read_run(command.database, command.run);
  auto path = database_path(command.database);
  if (path.has_error()) return path.error();
  auto state = ReadState::open_file(*path);
  if (state.has_error() && state.error().code == ErrorCode::not_found)
    return nothing_to_resume(*path);
  if (state.has_error()) return state.error();
  auto view = find_interrupted(**state);
  if (view.has_error()) return view.error();
  return ReadRun{std::move(*state), std::move(*view)};
}

// Does it stand still, and a process lives that will go on with it?
Result<bool> is_for_another(ReadRun& found) {
  const runs::RunStatus status = found.view.status;
  if (status != runs::RunStatus::waiting && status != runs::RunStatus::paused) return false;
  auto workers = found.state->state().workers().list(SystemClock().now());
  if (workers.has_error()) return workers.error();
  return runs::has_live_worker(found.view.run, *workers);
}

// Nothing where another process goes on with it.
Result<std::optional<Summary>> resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  auto found = find_meant(command);
  if (found.has_error()) return found.error();
  auto elsewhere = is_for_another(*found);
  if (elsewhere.has_error()) return elsewhere.error();
  const std::string id = found->view.run.id;
  auto session = Session::open(plugin, found->state->path(), *command.ledgers);
  if (session.has_error()) return session.error();
  const std::optional<std::string> here =
      *elsewhere ? std::nullopt : std::optional((*session)->process());
  auto task = (*session)->service().task_to_resume(found->view, command.changes);
  if (task.has_error()) return task.error();
  // What does not fit is told before anything is changed.
  SystemClock clock;
  auto reachable = check_stores(plugin, *task, clock);
  if (reachable.has_error()) return reachable.error();
  if (here) {
    auto writable = (*session)->check_ledger((*task)->spec().options);
    if (writable.has_error()) return writable.error();
  }
  auto resumed = (*session)->service().resume(id, command.changes, here);
  if (resumed.has_error()) return resumed.error();
  if (*elsewhere) {
    std::fprintf(stderr, "dth: run %s goes on in the process that works on it\n", id.c_str());
    return std::optional<Summary>();
  }
  tell_notes(*reachable);
  std::fprintf(stderr, "dth: going on with the unfinished run %s\n", id.c_str());
  auto summary = (*session)->execute(resumed->run, resumed->task, command.execute);
  if (summary.has_error()) return summary.error();
  return std::optional(std::move(*summary));
}

}  // namespace

int run_resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  auto summary = resume(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  if (!*summary) return 0;
  const std::string database = command.database.empty() ? "" : " --database " + command.database;
  return report(**summary, command.execute.output,
                "`dth run resume " + (*summary)->run.id + database + "`");
}

}  // namespace dth::cli
