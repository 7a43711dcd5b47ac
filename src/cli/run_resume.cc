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

Error nothing_to_resume() {
  return {ErrorCode::invalid_argument,
          "there is no interrupted run to resume; `dth run list` shows the runs that there are, "
          "--database names another state",
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
  if (runs->empty()) return nothing_to_resume();
  std::string names;
  for (const runs::RunView& view : *runs) names += (names.empty() ? "" : ", ") + name_of(view);
  return Error{ErrorCode::invalid_argument,
               "several runs are unfinished; name the one to resume: " + names, ""};
}

Result<std::string> find_id(const RunResumeCommand& command) {
  if (!command.run.empty()) {
    auto found = read_run(command.database, command.run);
    if (found.has_error()) return found.error();
    return found->view.run.id;
  }
  auto state = ReadState::open(command.database);
  if (state.has_error() && state.error().code == ErrorCode::not_found) return nothing_to_resume();
  if (state.has_error()) return state.error();
  auto view = find_interrupted(**state);
  if (view.has_error()) return view.error();
  return view->run.id;
}

Result<Summary> resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  auto id = find_id(command);
  if (id.has_error()) return id.error();
  auto path = database_path(command.database);
  if (path.has_error()) return path.error();
  auto session = Session::open(plugin, *path);
  if (session.has_error()) return session.error();
  auto resumed = (*session)->service().resume(*id, command.changes, (*session)->process());
  if (resumed.has_error()) return resumed.error();
  SystemClock clock;
  auto reachable = check_stores(plugin, resumed->task, clock);
  if (reachable.has_error()) return reachable.error();
  tell_notes(*reachable);
  std::fprintf(stderr, "dth: going on with the unfinished run %s\n", id->c_str());
  return (*session)->execute(resumed->run, resumed->task, command.execute);
}

}  // namespace

int run_resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  auto summary = resume(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  const std::string database = command.database.empty() ? "" : " --database " + command.database;
  return report(*summary, command.execute.output,
                "`dth run resume " + summary->run.id + database + "`");
}

}  // namespace dth::cli
