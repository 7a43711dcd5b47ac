#include "cli/app.h"

#include <algorithm>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "cli/words.h"

namespace dth::cli {
namespace {

struct CommandGroup {
  const char* heading;
  std::vector<std::string> commands;
};

// The headings of the program's help. Commands of a plugin are what it is for.
const CommandGroup groups[] = {
    {"Runs", {"run", "worker", "ledger"}},
    {"Use a hub",
     {"context", "login", "logout", "task", "apply", "diff", "endpoint", "credential", "user",
      "token", "audit"}},
    {"Run a hub, on its own host", {"serve", "config", "admin", "vault", "database"}},
    {"Others", {"key", "completion", "man", "doctor"}}};

void group_commands(Command* program) {
  for (Command& command : program->commands) {
    command.group = "Copy objects";
    for (const CommandGroup& group : groups) {
      if (std::ranges::count(group.commands, command.name()) > 0) command.group = group.heading;
    }
  }
}

}  // namespace

int run(int argc, char** argv, engine::Plugin& object_copy, objects::StoreOpener& opener,
        control::HubCredentials& credentials) {
  Command program = make_program(
      "dth", "Data Transfer Hub: moves objects between clouds, every item tracked and proved");
  const LedgerPlaces ledgers(opener);
  CommandLine line{program, object_copy, ledgers, credentials};
  add_local_commands(line);
  add_run_commands(line);
  add_worker_command(line);
  add_hub_commands(line);
  add_vault_commands(line);
  add_admin_commands(line);
  add_context_commands(line);
  add_user_commands(line);
  add_task_commands(line);
  add_endpoint_commands(line);
  add_credential_commands(line);
  add_ledger_commands(line);
  add_database_commands(line);
  add_reference_commands(line);
  group_commands(&program);
  const std::vector<std::string> typed(argv + 1, argv + std::max(argc, 1));
  const auto parsed = parse(program, std::string("dth ") + DTH_VERSION, typed);
  if (parsed.has_error()) {
    const std::string hint = "Try: " + command_of(program, typed) + " --help";
    std::fprintf(stderr, "dth: %s\n%s\n", printable(parsed.error().message).c_str(), hint.c_str());
    return exit_usage;
  }
  if (const auto* text = std::get_if<std::string>(&*parsed)) {
    put(*text);
    return finish_output(0);
  }
  return finish_output(std::get<const Command*>(*parsed)->run());
}

}  // namespace dth::cli
