#include "cli/copy_command.h"

#include <cstdio>

#include <boost/json.hpp>

#include "base/json_writer.h"
#include "cli/configured_endpoints.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/run_object.h"
#include "credentials/process_environment.h"
#include "ledger/objects/ledger_place.h"

namespace dth::cli {
namespace {

// A run to execute, and its task.
struct FoundTask {
  state::Run run;
  std::shared_ptr<const engine::Task> task;
};

// invalid_argument: the unfinished run's options are not those of the command.
Result<void> check_same_options(const engine::Plugin& plugin, const runs::RunView& unfinished,
                                const CopyCommand& command) {
  const std::string difference =
      engine::describe_difference(plugin.option_table(), unfinished.spec, command.spec);
  if (difference.empty()) return Result<void>();
  return Error{ErrorCode::invalid_argument,
               "there is an unfinished run (" + unfinished.run.id +
                   ") between these places with "
                   "other options: " +
                   difference +
                   "; give the same options (or say `dth run resume`) to resume it, or --restart "
                   "to give it up and begin again",
               ""};
}

// The unfinished run of the same action between the same places, or a new one.
Result<FoundTask> find_or_create_run(engine::Plugin& plugin, Session& session,
                                     const CopyCommand& command,
                                     std::shared_ptr<const engine::Task> task) {
  auto unfinished = session.service().find_unfinished(plugin, command.spec);
  if (unfinished.has_error()) return unfinished.error();
  if (*unfinished && !command.restart) {
    const runs::RunView& found = **unfinished;
    if (auto same = check_same_options(plugin, found, command); same.has_error())
      return same.error();
    auto resumed =
        session.service().resume(found.run.id, command.spec.options, runs::Here{session.process()});
    if (resumed.has_error()) return resumed.error();
    if (command.weight && *command.weight != resumed->run.weight) {
      std::fprintf(stderr, "dth: note: run %s keeps its weight %d\n", found.run.id.c_str(),
                   resumed->run.weight);
    }
    std::fprintf(stderr, "dth: going on with the unfinished run %s\n", found.run.id.c_str());
    return FoundTask{std::move(resumed->run), std::move(resumed->task)};
  }
  if (*unfinished) {
    if (auto abandoned = session.abandon((*unfinished)->run.id); abandoned.has_error())
      return abandoned.error();
  }
  auto run = session.create(*task, command.weight.value_or(1));
  if (run.has_error()) return run.error();
  return FoundTask{std::move(*run), std::move(task)};
}

// The same command may create the run at the same moment: then there is one to find.
Result<FoundTask> find_or_create_once(engine::Plugin& plugin, Session& session,
                                      const CopyCommand& command,
                                      const std::shared_ptr<const engine::Task>& task) {
  auto found = find_or_create_run(plugin, session, command, task);
  if (found.has_value() || found.error().code != ErrorCode::already_exists) return found;
  return find_or_create_run(plugin, session, command, task);
}

Result<std::unique_ptr<Session>> open_session(engine::Plugin& plugin, const CopyCommand& command,
                                              bool is_dry_run) {
  auto place = find_state(command.database);
  if (place.has_error()) return place.error();
  if (is_dry_run) return Session::open_in_memory(plugin);
  return Session::open(plugin, *place, *command.ledgers);
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
  if (auto writable = (*session)->check_ledger((*task)->spec().options); writable.has_error())
    return writable.error();
  auto found = find_or_create_once(plugin, **session, command, *task);
  if (found.has_error()) return found.error();
  return (*session)->execute(found->run, found->task, command.execute);
}

Result<void> print_detached(Session& session, const std::string& run, OutputFormat output) {
  if (output == OutputFormat::table) {
    put(run + "\n");
    return Result<void>();
  }
  auto view = session.service().reader().find(run);
  if (view.has_error()) return view.error();
  const boost::json::object object = run_object(*view, *session.database());
  put(output == OutputFormat::json ? write_json(object) + "\n" : to_yaml(object));
  return Result<void>();
}

// Who is to execute the run. Nothing: this process.
Result<std::optional<state::Placement>> placement_of(const CopyCommand& command) {
  using Kind = state::Placement::Kind;
  constexpr std::string_view label = "label:";
  const std::string& given = command.placement;
  const std::optional<state::Placement> anybody = state::Placement{};
  if (given.empty()) return command.detach ? anybody : std::nullopt;
  if (given == "any") return anybody;
  if (given.starts_with(label) && given.size() > label.size())
    return std::optional(state::Placement{Kind::label, given.substr(label.size())});
  if (given == "here" && !command.detach) return std::optional<state::Placement>();
  return Error{ErrorCode::invalid_argument,
               given == "here" ? "--placement here and --detach contradict each other; leave one "
                                 "of them"
                               : "invalid value \"" + given +
                                     "\" for --placement: expected here, any or label:NAME",
               ""};
}

// On a server, workers of any host may take the run; the ledger of one that names no place is in a
// directory of each host.
Result<void> check_shared_ledger(const CopyCommand& command) {
  if (command.spec.options.count(std::string(ledger::ledger_side)) != 0) return {};
  auto place = find_state(command.database);
  if (place.has_error()) return place.error();
  if (place->is_file()) return {};
  return Error{ErrorCode::invalid_argument,
               "a run that is left to workers needs --ledger where runs are recorded on a server: "
               "without it each host would write the ledger into a directory of its own, and none "
               "could close the run; name a place that all workers reach, such as --ledger "
               "s3://BUCKET/PREFIX/",
               ""};
}

// Leaves the run to workers, and prints it.
Result<void> detach(engine::Plugin& plugin, const CopyCommand& command,
                    state::Placement placement) {
  if (command.restart) {
    return Error{
        ErrorCode::invalid_argument,
        "a run that is left to workers and --restart do not go together: `dth run cancel` gives "
        "the unfinished run up first",
        ""};
  }
  if (auto shared = check_shared_ledger(command); shared.has_error()) return shared;
  SystemClock clock;
  auto task = plugin.parse(command.spec, clock.now());
  if (task.has_error()) return task.error();
  if ((*task)->traits().is_dry_run) {
    return Error{ErrorCode::invalid_argument,
                 "--detach and --dry-run contradict each other: what a dry run finds is shown by "
                 "its own command; leave one of them",
                 ""};
  }
  auto reachable = check_stores(plugin, *task, clock);
  if (reachable.has_error()) return reachable.error();
  tell_notes(*reachable);
  auto session = open_session(plugin, command, false);
  if (session.has_error()) return session.error();
  if (auto writable = (*session)->check_ledger((*task)->spec().options); writable.has_error())
    return writable.error();
  auto unfinished = (*session)->service().find_unfinished(plugin, command.spec);
  if (unfinished.has_error()) return unfinished.error();
  if (*unfinished) {
    return Error{ErrorCode::already_exists,
                 "there is an unfinished run (" + (*unfinished)->run.id +
                     ") between these places; let it end, or end it: `dth run cancel " +
                     (*unfinished)->run.id + "`",
                 ""};
  }
  const runs::RunPlace place{.placement = std::move(placement),
                             .weight = command.weight.value_or(1)};
  auto run = (*session)->service().start(plugin, **task, place);
  if (run.has_error()) return run.error();
  return print_detached(**session, run->id, command.execute.output);
}

}  // namespace

int run_copy(engine::Plugin& plugin, CopyCommand command) {
  auto notes = take_configured_endpoints(&command.spec.options, credentials::process_environment());
  if (notes.has_error()) return print_error(notes.error());
  tell_notes(*notes);
  auto placement = placement_of(command);
  if (placement.has_error()) return print_error(placement.error());
  if (*placement) {
    auto detached = detach(plugin, command, std::move(**placement));
    return detached.has_error() ? print_error(detached.error()) : 0;
  }
  auto summary = copy(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  return report(*summary, command.execute.output, "the same command");
}

}  // namespace dth::cli
