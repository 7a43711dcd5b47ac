#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"

namespace dth::cli {
namespace {

constexpr std::size_t runs_max = 10'000;

std::string name_of(const FoundRun& found) {
  return found.run.id + " (" + std::string(options::command_of(found.spec.action)) + ", " +
         found.state_path.string() + ")";
}

// The one run that is not over.
Result<FoundRun> find_unfinished(const std::string& state_path) {
  std::vector<Error> unreadable;
  auto runs = list_runs(state_path, runs_max, &unreadable, RunChoice::unfinished);
  if (runs.has_error()) return runs.error();
  if (runs->size() == 1) return std::move(runs->front());
  if (runs->empty()) {
    return Error{ErrorCode::invalid_argument,
                 "there is no unfinished run to resume; `dth run list` shows the runs that "
                 "there are, --state names a state elsewhere",
                 ""};
  }
  std::string names;
  for (const FoundRun& found : *runs) names += (names.empty() ? "" : ", ") + name_of(found);
  return Error{ErrorCode::invalid_argument,
               "several runs are unfinished; name the one to resume: " + names, ""};
}

Result<Summary> resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  auto found = command.run.empty() ? find_unfinished(command.state_path)
                                   : find_run(command.state_path, command.run);
  if (found.has_error()) return found.error();
  if (is_over(found->run.state)) {
    return Error{
        ErrorCode::invalid_argument,
        "run " + found->run.id + " is over (" + std::string(state::to_string(found->run.state)) +
            "), so it cannot be resumed; `dth run retry` tries its failed items again, the "
            "command that began it begins a new run",
        ""};
  }
  engine::TaskSpec spec = found->spec;
  for (const auto& [name, value] : command.changes) spec.options[name] = value;
  auto task = plugin.parse(std::move(spec), found->run.created_at);
  if (task.has_error()) return task.error();
  auto session = Session::open(plugin, found->state_path);
  if (session.has_error()) return session.error();
  auto unfinished = (*session)->unfinished_run(found->run.id);
  if (unfinished.has_error()) return unfinished.error();
  // Another process may have gone on with it until just now.
  if (!*unfinished) {
    return Error{ErrorCode::invalid_argument,
                 "run " + found->run.id + " has ended meanwhile; `dth run show " + found->run.id +
                     "` tells how",
                 ""};
  }
  SystemClock clock;
  auto reachable = check_stores(plugin, *task, clock);
  if (reachable.has_error()) return reachable.error();
  tell_notes(*reachable);
  auto resumed = (*session)->resume(**unfinished);
  if (resumed.has_error()) return resumed.error();
  return (*session)->execute(**unfinished, *task, command.execute);
}

}  // namespace

int run_resume(engine::Plugin& plugin, const RunResumeCommand& command) {
  auto summary = resume(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  const std::string state = command.state_path.empty() ? "" : " --state " + command.state_path;
  return report(*summary, command.execute.output,
                "`dth run resume " + summary->run.id + state + "`");
}

}  // namespace dth::cli
