#include <memory>

#include "cli/command_line.h"
#include "cli/copy_command.h"

namespace dth::cli {

void add_local_commands(CommandLine& line) {
  for (const engine::OfferedAction& offered : line.plugin.offered_actions()) {
    const std::string name(options::command_of(offered.action));
    Command& app = add_command(line.root, name, std::string(offered.help));
    auto given = std::make_shared<GivenOptions>();
    auto command = std::make_shared<CopyCommand>();
    add_action_options(line, app, offered.action, given.get());
    add_value(app, "--state", &command->state_path,
              "the run's state; the same file resumes an unfinished run")
        .placeholder = "FILE";
    add_flag(app, "--restart", &command->restart,
             "give up the state's unfinished run and begin a new one");
    add_execute_options(app, &command->execute);
    app.footer = credentials_footer();
    app.run = [&line, action = offered.action, given, command] {
      command->spec = {.action = action, .options = given->values_by_name()};
      return run_copy(line.plugin, *command);
    };
  }
}

}  // namespace dth::cli
