#include "cli/app.h"

#include <filesystem>
#include <list>

#include <CLI/CLI.hpp>

#include "cli/copy_command.h"
#include "cli/ledger_command.h"
#include "plugins/object_copy/location.h"

namespace dth::cli {
namespace {

constexpr int exit_usage = 2;

// Where CLI11 puts what it parses, until it is a spec.
struct GivenOptions {
  std::map<std::string, bool> flags;
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> lists;
};

// Makes the command line's options of those of a plugin that mean something in the mode; the two locations are positional.
void add_options(CLI::App& command, std::span<const engine::Option> options, std::string_view mode, GivenOptions* given) {
  for (const engine::Option& option : options) {
    if (option.name == "mode") continue;
    if (!option.modes.empty() && std::find(option.modes.begin(), option.modes.end(), mode) == option.modes.end()) continue;
    const std::string name(option.name);
    const std::string group = std::string(option.group) + " options";
    if (option.group == "locations" && option.type == engine::OptionType::text) {
      std::string shown = name;
      for (char& c : shown) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      command.add_option(shown, given->values[name], std::string(option.help))->required()->option_text("LOCATION");
      continue;
    }
    if (option.type == engine::OptionType::flag) {
      command.add_flag("--" + name, given->flags[name], std::string(option.help))->group(group);
      continue;
    }
    std::string help(option.help);
    if (!option.choices.empty()) {
      help += ":";
      for (std::string_view choice : option.choices) help += " " + std::string(choice);
    }
    if (!option.default_text.empty()) help += " [" + std::string(option.default_text) + "]";
    CLI::Option* added = option.type == engine::OptionType::list
                             ? command.add_option("--" + name, given->lists[name], help + " (may be given more than once)")
                                   ->expected(1)
                                   ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                             : command.add_option("--" + name, given->values[name], help);
    added->group(group)->option_text(option.placeholder.empty() ? "TEXT" : std::string(option.placeholder));
  }
}

engine::Spec spec_of(std::string_view mode, const GivenOptions& given) {
  engine::Spec spec;
  spec["mode"] = mode;
  std::error_code unknown;
  const std::string here = std::filesystem::current_path(unknown).string();
  for (const auto& [name, value] : given.values) {
    if (!value.empty()) spec[name] = name == "source" || name == "destination" ? object_copy::absolute_location(value, here) : value;
  }
  for (const auto& [name, set] : given.flags) {
    if (set) spec[name] = "true";
  }
  for (const auto& [name, members] : given.lists) {
    if (!members.empty()) spec[name] = engine::make_list(members);
  }
  return spec;
}

// A command that executes a run in this process.
struct LocalCommand {
  CLI::App* app;
  std::string mode;
  GivenOptions given = {};
  CopyCommand copy = {};
};

const std::map<std::string, OutputFormat> output_formats = {
    {"table", OutputFormat::table}, {"json", OutputFormat::json}, {"yaml", OutputFormat::yaml}};

void add_local_options(LocalCommand& command, std::span<const engine::Option> options) {
  CLI::App& app = *command.app;
  CopyCommand& copy = command.copy;
  add_options(app, options, command.mode, &command.given);
  app.add_option("--state", copy.state_path, "the run's state; the same file goes on with an unfinished run")->option_text("FILE");
  app.add_flag("--restart", copy.restart, "give up the state's unfinished run and begin anew");
  app.add_option("--lanes", copy.lanes, "threads [one a processor, at most 8]")->option_text("N")->check(CLI::Range(1, 64));
  app.add_flag("-q,--quiet", copy.quiet, "no progress");
  app.add_option("-o,--output", copy.output, "table, json or yaml [table]")
      ->transform(CLI::CheckedTransformer(output_formats).description(""))
      ->option_text("FORMAT");
  app.footer(
      "Keys come from DTH_SOURCE_ACCESS_KEY_ID, DTH_SOURCE_SECRET_ACCESS_KEY and DTH_SOURCE_SESSION_TOKEN, and from\n"
      "DTH_DESTINATION_... likewise; without them from AWS's environment variables and profiles.\n"
      "Exit codes: 0 everything proved, 1 could not run, 2 usage, 5 finished with failed items, 130 interrupted.");
}

}  // namespace

int run(int argc, char** argv, engine::Plugin& object_copy) {
  CLI::App app("Data Transfer Hub: moves objects between clouds, every item tracked and proved", "dth");
  app.set_version_flag("--version", std::string("dth ") + DTH_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(38);

  std::list<LocalCommand> local_commands;  // CLI11 holds pointers into them
  for (const engine::Mode& mode : object_copy.modes()) {
    const std::string name(mode.name);
    local_commands.push_back({app.add_subcommand(name, std::string(mode.help)), name});
    add_local_options(local_commands.back(), object_copy.options());
  }

  LedgerShowCommand show;
  CLI::App* ledger_app = app.add_subcommand("ledger", "Read the record of what a run did");
  ledger_app->require_subcommand(1);
  CLI::App* show_app = ledger_app->add_subcommand("show", "Print a run's ledger, a line of JSON for each item");
  show_app->add_option("LEDGER", show.path, "the run's ledger: the directory that `dth copy` names at its end")->required()->option_text("DIRECTORY");
  show_app->add_option("--state", show.state_path, "the state of a run that is not over yet")->option_text("FILE");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return app.exit(problem);
    std::fprintf(stderr, "dth: %s\nTry: dth --help, or dth COMMAND --help\n", problem.what());
    return exit_usage;
  }
  for (LocalCommand& command : local_commands) {
    if (!command.app->parsed()) continue;
    command.copy.spec = spec_of(command.mode, command.given);
    return run_copy(object_copy, command.copy);
  }
  return run_ledger_show(show);
}

}  // namespace dth::cli
