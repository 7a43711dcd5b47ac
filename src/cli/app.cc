#include "cli/app.h"

#include <algorithm>
#include <sstream>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/words.h"

namespace dth::cli {
namespace {

int complain_of_usage(const std::string& problem, const std::string& command) {
  std::fprintf(stderr, "dth: %s\nTry: %s --help\n", printable(problem).c_str(), command.c_str());
  return exit_usage;
}

}  // namespace

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
  take_values_as_typed(app);
  const std::vector<std::string> typed(argv + 1, argv + std::max(argc, 1));
  auto words = read_words(app, typed);
  if (words.has_error()) return complain_of_usage(words.error().message, command_of(app, typed));
  try {
    app.parse(std::vector<std::string>(words->rbegin(), words->rend()));
  } catch (const CLI::ParseError& problem) {
    const std::string command = command_of(app, typed);
    if (problem.get_exit_code() != 0) return complain_of_usage(problem.what(), command);
    std::ostringstream text;
    app.exit(problem, text, text);
    put(text.str());
    return finish_output(0);
  }
  return finish_output(line.chosen());
}

}  // namespace dth::cli
