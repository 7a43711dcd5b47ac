#include <memory>

#include "cli/command_line.h"
#include "cli/copy_command.h"
#include "cli/database.h"
#include "cli/worker_command.h"

namespace dth::cli {

void add_local_commands(CommandLine& line) {
  for (const engine::OfferedAction& offered : line.plugin.offered_actions()) {
    const std::string name(options::command_of(offered.action));
    Command& app = add_command(line.root, name, std::string(offered.help));
    auto given = std::make_shared<GivenOptions>();
    auto command = std::make_shared<CopyCommand>();
    command->ledgers = &line.ledgers;
    add_action_options(line, app, offered.action, given.get());
    add_database_option(app, &command->database);
    add_flag(app, "--detach", &command->detach,
             "leave the run to `dth worker`, print its id and end");
    add_flag(app, "--restart", &command->restart,
             "give up the unfinished run between these places and begin a new one");
    add_execute_options(app, &command->execute);
    app.footer = credentials_footer();
    app.run = [&line, action = offered.action, given, command] {
      command->spec = {.action = action, .options = given->values_by_name()};
      return run_copy(line.plugin, *command);
    };
  }
}

void add_worker_command(CommandLine& line) {
  Command& app = add_command(line.root, "worker", "Execute the runs that were begun with --detach");
  auto command = std::make_shared<WorkerCommand>();
  command->ledgers = &line.ledgers;
  add_database_option(app, &command->database);
  add_number(app, "--lanes", "threads that work [one a processor, at most 8]", {1, 64},
             [command](std::uint64_t count) { command->lanes = static_cast<unsigned>(count); });
  add_value(app, "--signing-key", &command->signing_key,
            "the key that signs the ledgers of runs that end here, or none: another worker ends "
            "them [this machine's own]")
      .placeholder = "FILE|none";
  app.footer = credentials_footer();
  app.run = [&line, command] { return run_worker(line.plugin, *command); };
}

}  // namespace dth::cli
