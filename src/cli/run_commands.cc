#include "cli/command_line.h"
#include "cli/run_command.h"

namespace dth::cli {
namespace {

constexpr std::uint64_t limit_max = 1'000'000'000'000;

void add_state_option(CLI::App& app, std::string* path) {
  app.add_option("--state", *path, "the state that holds the run; without it all in the state directory are looked through")->option_text("FILE");
}

void add_run(CLI::App& app, std::string* run) {
  app.add_option("RUN", *run, "the run's id, or latest")->required()->option_text(" ");
}

void add_list(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("list", "List runs, the newest first");
  auto command = std::make_shared<RunListCommand>();
  app.add_option("--state", command->state_path, "the state whose runs are listed; without it those of all states in the state directory")->option_text("FILE");
  add_number(app, "--limit", "so many runs at most [50]", {1, 1'000'000}, [command](std::uint64_t count) { command->count_max = count; });
  add_output_option(line, app, &command->output);
  app.callback([&line, command] { line.chosen = [command] { return run_list(*command); }; });
}

void add_show(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("show", "Show what a run was to do and has done, also while it goes on");
  auto command = std::make_shared<RunShowCommand>();
  add_run(app, &command->run);
  add_state_option(app, &command->state_path);
  add_output_option(line, app, &command->output);
  app.callback([&line, command] { line.chosen = [command] { return run_show(*command); }; });
}

void add_failures(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("failures", "List the items of a run that failed, and why");
  auto command = std::make_shared<RunFailuresCommand>();
  add_run(app, &command->run);
  add_state_option(app, &command->state_path);
  add_number(app, "--limit", "so many at most [all]", {0, limit_max}, [command](std::uint64_t count) { command->count_max = count; });
  add_choice(line, app, "-o,--output", "table, json or csv [table]", {"table", "json", "csv"}, [command](const std::string& word) { command->format = word; });
  app.callback([&line, command] { line.chosen = [command] { return run_failures(*command); }; });
}

void add_resume(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("resume", "Go on with an unfinished run, with the options that it was begun with");
  auto given = std::make_shared<GivenOptions>();
  auto command = std::make_shared<RunResumeCommand>();
  app.add_option("RUN", command->run, "the run's id, or latest [the one that is unfinished]")->option_text(" ");
  add_state_option(app, &command->state_path);
  add_execute_options(line, app, &command->execute);
  add_changeable_options(line, app, given.get());
  app.footer(credentials_footer());
  app.callback([&line, given, command] {
    command->changes = given->spec();
    line.chosen = [&line, command] { return run_resume(line.plugin, *command); };
  });
}

void add_retry(CommandLine& line, CLI::App& parent) {
  CLI::App& app = *parent.add_subcommand("retry", "Try the failed items of a run again, as a new run");
  auto given = std::make_shared<GivenOptions>();
  auto command = std::make_shared<RunRetryCommand>();
  add_run(app, &command->run);
  add_repeatable(app, "--key", &command->keys, "only the item of this key")->option_text("KEY");
  add_state_option(app, &command->state_path);
  add_execute_options(line, app, &command->execute);
  add_changeable_options(line, app, given.get());
  app.footer(credentials_footer());
  app.callback([&line, given, command] {
    command->changes = given->spec();
    line.chosen = [&line, command] { return run_retry(line.plugin, *command); };
  });
}

}  // namespace

void add_run_commands(CommandLine& line) {
  CLI::App& app = *line.root.add_subcommand("run", "See, go on with and repeat runs");
  app.require_subcommand(1);
  add_list(line, app);
  add_show(line, app);
  add_failures(line, app);
  add_resume(line, app);
  add_retry(line, app);
}

}  // namespace dth::cli
