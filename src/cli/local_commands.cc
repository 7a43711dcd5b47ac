#include <memory>
#include <utility>

#include "cli/command_line.h"
#include "cli/copy_command.h"
#include "cli/database.h"
#include "cli/remote/hub_connection.h"
#include "cli/worker_command.h"
#include "config/setting_table.h"

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
    add_value(app, "--placement", &command->placement,
              "who executes the run: this process, any worker, or workers with that label [here]")
        .placeholder = "here|any|label:NAME";
    add_number(app, "--weight", "the run's share of the work of processes that execute several [1]",
               {1, state::weight_max},
               [command](std::uint64_t weight) { command->weight = static_cast<int>(weight); });
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

namespace {

void add_worker_list(Command& parent) {
  Command& app = add_command(parent, "list", "List the processes that execute runs");
  auto command = std::make_shared<WorkerListCommand>();
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  add_output_option(app, &command->output);
  app.run = [command] { return worker_list(*command); };
}

void add_worker_drain(Command& parent) {
  Command& app = add_command(parent, "drain", "Let a worker end its jobs, take no more, and end");
  auto command = std::make_shared<WorkerDrainCommand>();
  add_place(app, "WORKER", &command->worker, "its id, as in `dth worker list`").is_required = true;
  add_database_option(app, &command->database);
  add_hub_option(app, &command->database);
  app.run = [command] { return worker_drain(*command); };
}

}  // namespace

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
  add_values(app, "--label", &command->labels, "take runs with --placement label:NAME, too")
      .placeholder = "NAME";
  add_value(app, "--master-key", &command->master_key,
            "the master key of the hub whose runs it executes: they may use credentials of its "
            "vault, and anyone who controls this host can read all of them")
      .placeholder = "FILE";
  for (const auto& [name, value] :
       {std::pair("private_endpoints", &command->private_endpoints),
        std::pair("loopback_endpoints", &command->loopback_endpoints),
        std::pair("credential_process", &command->credential_process)}) {
    const options::Option* setting = config::find_setting(name);
    add_flag(app, config::flag_of(*setting), value,
             std::string(setting->help) + " [" + std::string(setting->default_text) + "]");
  }
  app.footer = credentials_footer();
  app.run = [&line, command] { return run_worker(line.plugin, line.credentials, *command); };
  add_worker_list(app);
  add_worker_drain(app);
}

}  // namespace dth::cli
