#include <limits>
#include <memory>

#include "cli/command_line.h"
#include "cli/database.h"
#include "cli/remote/hub_connection.h"
#include "cli/run_command.h"

namespace dth::cli {
namespace {

constexpr std::uint64_t failures_limit_max = 1'000'000'000'000;
constexpr std::uint64_t deletions_max = std::numeric_limits<std::int64_t>::max();

void add_run(Command& app, std::string* run) {
  add_place(app, "RUN", run, "the run's id, or latest").is_required = true;
}

void add_list(Command& parent) {
  Command& app = add_command(parent, "list", "List runs, the newest first");
  auto command = std::make_shared<RunListCommand>();
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  add_number(app, "--limit", "so many runs at most [50]", {1, 1'000'000},
             [command](std::uint64_t count) { command->count_max = count; });
  add_output_option(app, &command->output);
  app.run = [command] { return run_list(*command); };
}

void add_show_run(Command& parent) {
  Command& app =
      add_command(parent, "show", "Show what a run was to do and has done, also while it runs");
  auto command = std::make_shared<RunShowCommand>();
  add_run(app, &command->run);
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  add_output_option(app, &command->output);
  app.run = [command] { return run_show(*command); };
}

void add_failures(Command& parent) {
  Command& app = add_command(parent, "failures", "List the items of a run that failed, and why");
  auto command = std::make_shared<RunFailuresCommand>();
  add_run(app, &command->run);
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  add_number(app, "--limit", "so many at most [all]", {0, failures_limit_max},
             [command](std::uint64_t count) { command->count_max = count; });
  add_choice(app, "-o,--output", "table, json or csv [table]", {"table", "json", "csv"},
             [command](const std::string& word) { command->format = word; });
  app.run = [command] { return run_failures(*command); };
}

void add_pause(CommandLine& line, Command& parent) {
  Command& app = add_command(parent, "pause", "Stop a run until it is resumed");
  auto command = std::make_shared<RunPauseCommand>();
  add_run(app, &command->run);
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  app.run = [&line, command] { return run_pause(line.plugin, *command); };
}

void add_set(CommandLine& line, Command& parent) {
  Command& app = add_command(parent, "set", "Change a run that is not over");
  auto command = std::make_shared<RunSetCommand>();
  add_run(app, &command->run);
  add_number(app, "--weight", "its share of the work of processes that execute several",
             {1, state::weight_max},
             [command](std::uint64_t weight) { command->weight = static_cast<int>(weight); });
  add_database_option(app, &command->database);
  app.run = [&line, command] { return run_set(line.plugin, *command); };
}

void add_resume(CommandLine& line, Command& parent) {
  Command& app = add_command(
      parent, "resume", "Go on with an unfinished run, with the options that it was begun with");
  auto given = std::make_shared<GivenOptions>();
  auto command = std::make_shared<RunResumeCommand>();
  command->ledgers = &line.ledgers;
  add_place(app, "RUN", &command->run, "the run's id, or latest [the one that is unfinished]");
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  add_flag(app, "--here", &command->here, "execute it here, also where it was left to workers");
  add_flag(app, "--wait", &command->waits,
           "with --hub: wait until the run is over; the exit code says how it ended");
  add_execute_options(app, &command->execute);
  add_changeable_options(line, app, given.get());
  app.footer = credentials_footer();
  app.run = [&line, given, command] {
    command->changes = given->values_by_name();
    return run_resume(line.plugin, *command);
  };
}

void add_retry(CommandLine& line, Command& parent) {
  Command& app = add_command(parent, "retry", "Try the failed items of a run again, as a new run");
  auto given = std::make_shared<GivenOptions>();
  auto command = std::make_shared<RunRetryCommand>();
  command->ledgers = &line.ledgers;
  add_run(app, &command->run);
  add_values(app, "--key", &command->keys, "only the item of this key").placeholder = "KEY";
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  add_flag(app, "--wait", &command->waits,
           "with --hub: wait until the run is over; the exit code says how it ended");
  add_execute_options(app, &command->execute);
  add_changeable_options(line, app, given.get());
  app.footer = credentials_footer();
  app.run = [&line, given, command] {
    command->changes = given->values_by_name();
    return run_retry(line.plugin, *command);
  };
}

void add_approve(CommandLine& line, Command& parent) {
  Command& app = add_command(parent, "approve", "Let a run delete as many objects as it counted");
  auto command = std::make_shared<RunApproveCommand>();
  add_run(app, &command->run);
  add_number(
      app, "--deletions", "the number that the run counted (dth run show)", {1, deletions_max},
      [command](std::uint64_t count) { command->deletions = static_cast<std::int64_t>(count); })
      .is_required = true;
  add_database_option(app, &command->database);
  app.run = [&line, command] { return run_approve(line.plugin, *command); };
}

void add_reject(CommandLine& line, Command& parent) {
  Command& app =
      add_command(parent, "reject", "Cancel a run that waits to delete objects: none is deleted");
  auto command = std::make_shared<RunRejectCommand>();
  command->ledgers = &line.ledgers;
  add_run(app, &command->run);
  add_value(app, "--comment", &command->comment, "why, for people").placeholder = "TEXT";
  add_database_option(app, &command->database);
  app.footer = credentials_footer();
  app.run = [&line, command] { return run_reject(line.plugin, *command); };
}

void add_cancel(CommandLine& line, Command& parent) {
  Command& app =
      add_command(parent, "cancel", "End a run that is not over, and take away what it left open");
  auto command = std::make_shared<RunCancelCommand>();
  command->ledgers = &line.ledgers;
  add_run(app, &command->run);
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  app.footer = credentials_footer();
  app.run = [&line, command] { return run_cancel(line.plugin, *command); };
}

}  // namespace

void add_run_commands(CommandLine& line) {
  Command& app = add_command(
      line.root, "run", "Show, pause, resume, change, retry and cancel runs, also those of a hub");
  add_list(app);
  add_show_run(app);
  add_failures(app);
  add_pause(line, app);
  add_set(line, app);
  add_resume(line, app);
  add_retry(line, app);
  add_approve(line, app);
  add_reject(line, app);
  add_cancel(line, app);
}

}  // namespace dth::cli
