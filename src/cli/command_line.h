#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/ledger_places.h"
#include "cli/output.h"
#include "cli/session.h"
#include "control/vault/hub_credentials.h"
#include "engine/plugin.h"

namespace dth::cli {

// What all commands are made in: each adds itself to `root`. All of it must outlive what is run.
struct CommandLine {
  Command& root;
  engine::Plugin& plugin;
  const LedgerPlaces& ledgers;
  control::HubCredentials& credentials;
};

void add_local_commands(CommandLine& line);
void add_worker_command(CommandLine& line);  // a command for each action of the plugin
void add_database_commands(CommandLine& line);
void add_run_commands(CommandLine& line);         // dth run ...
void add_hub_commands(CommandLine& line);         // dth serve, dth config ...
void add_vault_commands(CommandLine& line);       // dth vault ..., dth audit ...
void add_admin_commands(CommandLine& line);       // dth admin ...
void add_ledger_commands(CommandLine& line);      // dth ledger ..., dth key ...
void add_context_commands(CommandLine& line);     // dth context ..., dth login, dth logout
void add_user_commands(CommandLine& line);        // dth user ..., dth token ...
void add_credential_commands(CommandLine& line);  // dth credential ...
void add_task_commands(CommandLine& line);        // dth task ..., dth apply, dth diff
void add_endpoint_commands(CommandLine& line);    // dth endpoint ...
void add_audit_list(Command& audit);              // dth audit list
void add_reference_commands(CommandLine& line);   // dth completion, dth man

// What was typed, until it is a spec. Must outlive the parsing.
struct GivenOptions {
  std::map<std::string, bool> flags;
  std::map<std::string, std::string> values;  // of those that were given
  std::map<std::string, std::vector<std::string>> lists;

  options::Values values_by_name() const;  // of those that were given
};

// The plugin's options that apply to the action, the two locations as positionals.
void add_action_options(CommandLine& line, Command& command, options::Action action,
                        GivenOptions* given);
// The plugin's options of all actions that may differ when an unfinished run is taken up again.
void add_changeable_options(CommandLine& line, Command& command, GivenOptions* given);

// One of a table of options.
void add_declared_option(Command& command, const options::Option& option, GivenOptions* given);

// --output, --lanes, --quiet: of whatever executes a run.
void add_execute_options(Command& command, ExecuteOptions* options);
// -o, --output: table, json or yaml.
void add_output_option(Command& command, OutputFormat* format);
// What those who reach stores have to know.
std::string credentials_footer();

}  // namespace dth::cli
