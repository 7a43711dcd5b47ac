#include "cli/copy_command.h"

#include "cli/configured_endpoints.h"
#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/paths.h"
#include "credentials/process_environment.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

// A run to execute, and its task.
struct FoundTask {
  state::Run run;
  std::shared_ptr<const engine::Task> task;
};

// The unfinished run of this state, or nothing where there is none or it was abandoned for
// --restart. invalid_argument: its options are not those of the command.
Result<std::optional<state::Run>> resume_unfinished(engine::Plugin& plugin, Session& session,
                                                    const CopyCommand& command) {
  auto unfinished = session.unfinished_run();
  if (unfinished.has_error() || !*unfinished) return unfinished;
  if (command.restart) {
    auto abandoned = session.abandon(**unfinished);
    if (abandoned.has_error()) return abandoned.error();
    return std::optional<state::Run>();
  }
  auto before = engine::parse_task_spec((*unfinished)->spec);
  if (before.has_error()) return before.error();
  const std::string difference =
      engine::describe_difference(plugin.option_table(), *before, command.spec);
  if (!difference.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the state holds an unfinished run with other options: " + difference +
                     "; give the same options (or say `dth run resume`) to resume it, "
                     "--restart to give it up and begin "
                     "again, or another --state",
                 ""};
  }
  auto resumed = session.resume(**unfinished);
  if (resumed.has_error()) return resumed.error();
  return unfinished;
}

// The unfinished run, whose relative times count from its own begin, or a new one of the task.
Result<FoundTask> find_or_create_run(engine::Plugin& plugin, Session& session,
                                     const CopyCommand& command,
                                     std::shared_ptr<const engine::Task> task) {
  auto unfinished = resume_unfinished(plugin, session, command);
  if (unfinished.has_error()) return unfinished.error();
  if (!*unfinished) {
    auto run = session.create(*task);
    if (run.has_error()) return run.error();
    return FoundTask{std::move(*run), std::move(task)};
  }
  auto resumed = plugin.parse(command.spec, (*unfinished)->created_at);
  if (resumed.has_error()) return resumed.error();
  return FoundTask{std::move(**unfinished), std::move(*resumed)};
}

Result<std::unique_ptr<Session>> open_session(engine::Plugin& plugin, const CopyCommand& command,
                                              bool is_dry_run) {
  if (is_dry_run) return Session::open_in_memory(plugin);
  auto path = command.state_path.empty() ? default_state_path(command.spec)
                                         : Result<fs::path>(fs::path(command.state_path));
  if (path.has_error()) return path.error();
  return Session::open(plugin, *path);
}

Result<Summary> copy(engine::Plugin& plugin, const CopyCommand& command) {
  SystemClock clock;
  auto task = plugin.parse(command.spec, clock.now());
  if (task.has_error()) return task.error();
  // What cannot be reached is told before anything is written.
  auto reachable = check_stores(plugin, *task, clock);
  if (reachable.has_error()) return reachable.error();
  tell_notes(*reachable);
  auto session = open_session(plugin, command, (*task)->traits().is_dry_run);
  if (session.has_error()) return session.error();
  auto found = find_or_create_run(plugin, **session, command, *task);
  if (found.has_error()) return found.error();
  return (*session)->execute(found->run, found->task, command.execute);
}

}  // namespace

int run_copy(engine::Plugin& plugin, CopyCommand command) {
  auto notes = take_configured_endpoints(&command.spec.options, credentials::process_environment());
  if (notes.has_error()) return print_error(notes.error());
  tell_notes(*notes);
  auto summary = copy(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  return report(*summary, command.execute.output, "the same command");
}

}  // namespace dth::cli
