#include "cli/copy_command.h"

#include "cli/configured_endpoints.h"
#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/places.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

// The run to execute: the unfinished one of this state, or a new one.
Result<state::Run> find_or_create_run(engine::Plugin& plugin, Session& session,
                                      const CopyCommand& command) {
  auto unfinished = session.unfinished_run();
  if (unfinished.has_error()) return unfinished.error();
  if (*unfinished && !command.restart) {
    auto before = options::parse_values((*unfinished)->spec);
    if (before.has_error()) return before.error();
    const std::string difference =
        options::describe_difference(plugin.options(), *before, command.spec);
    if (!difference.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "the state holds an unfinished run with other options: " + difference +
                       "; give the same options (or say `dth run resume`) to go on with it, "
                       "--restart to give it up and begin "
                       "again, or another --state",
                   ""};
    }
    auto taken_up = session.take_up(**unfinished);
    if (taken_up.has_error()) return taken_up.error();
    return std::move(**unfinished);
  }
  if (*unfinished) {
    auto given_up = session.give_up(**unfinished);
    if (given_up.has_error()) return given_up.error();
  }
  return session.create(command.spec, plugin.first_jobs(command.spec));
}

Result<std::unique_ptr<Session>> open_session(engine::Plugin& plugin, const CopyCommand& command,
                                              bool dry_run) {
  if (dry_run) return Session::open_in_memory(plugin);
  auto path = command.state_path.empty() ? default_state_path(command.spec)
                                         : Result<fs::path>(fs::path(command.state_path));
  if (path.has_error()) return path.error();
  return Session::open(plugin, *path);
}

Result<Summary> copy(engine::Plugin& plugin, const CopyCommand& command) {
  auto valid = plugin.check_spec(command.spec);
  if (valid.has_error()) return valid.error();
  const bool dry_run = options::option_value(plugin.options(), command.spec, "dry-run") == "true";
  // What cannot be reached is told before anything is written.
  SystemClock clock;
  auto reachable = check_stores(plugin, command.spec, clock);
  if (reachable.has_error()) return reachable.error();
  tell_notes(*reachable);
  auto session = open_session(plugin, command, dry_run);
  if (session.has_error()) return session.error();
  auto run = find_or_create_run(plugin, **session, command);
  if (run.has_error()) return run.error();
  return (*session)->execute(*run, command.spec, command.execute);
}

}  // namespace

int run_copy(engine::Plugin& plugin, CopyCommand command) {
  auto notes = take_configured_endpoints(&command.spec);
  if (notes.has_error()) return complain(notes.error());
  tell_notes(*notes);
  auto summary = copy(plugin, command);
  if (summary.has_error()) return complain(summary.error());
  return report(*summary, command.execute.output, "the same command");
}

}  // namespace dth::cli
