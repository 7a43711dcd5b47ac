#include "cli/app.h"

#include "cli/command_line.h"
#include "cli/exit_code.h"

namespace dth::cli {

int run(int argc, char** argv, engine::Plugin& object_copy) {
  CLI::App app("Data Transfer Hub: moves objects between clouds, every item tracked and proved", "dth");
  app.set_version_flag("--version", std::string("dth ") + DTH_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(38);
  CommandLine line{app, object_copy};
  add_local_commands(line);
  add_run_commands(line);
  add_hub_commands(line);
  add_ledger_commands(line);
  add_reference_commands(line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return app.exit(problem);
    std::fprintf(stderr, "dth: %s\nTry: dth --help, or dth COMMAND --help\n", problem.what());
    return exit_usage;
  }
  return line.chosen();
}

}  // namespace dth::cli
