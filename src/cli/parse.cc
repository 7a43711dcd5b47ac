#include "cli/parse.h"

#include <sstream>

#include <CLI/CLI.hpp>

#include "cli/words.h"

namespace dth::cli {
namespace {

constexpr std::size_t help_column = 38;
constexpr int places_max = 1000;

std::string joined_names(const CommandOption& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ",") + name;
  return names;
}

// One command as CLI11 has it, and which of its options is which of ours.
struct Declared {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::vector<std::pair<const CommandOption*, CLI::Option*>> options = {};
  std::vector<Declared> commands = {};
};

CLI::Option* declare(const CommandOption& option, CLI::App* app) {
  if (option.kind == CommandOption::Kind::flag)
    return app->add_flag(joined_names(option), option.help)->group(option.group);
  CLI::Option* declared = app->add_option(joined_names(option), option.help)->group(option.group);
  if (!option.placeholder.empty()) declared->option_text(option.placeholder);
  if (option.is_required) declared->required();
  if (option.kind == CommandOption::Kind::values)
    declared->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (option.kind == CommandOption::Kind::places)
    declared->expected(0, places_max)->allow_extra_args(true);
  // By itself CLI11 takes "[a,b]" for a list of values, and words that follow a value for more of
  // them.
  if (!option.is_place()) declared->allow_extra_args(false);
  return declared;
}

// The tree beneath `app`, which stands for `command`. --help is CLI11's own, and --version too.
Declared declare(const Command& command, CLI::App* app) {
  Declared declared{.command = &command, .app = app};
  app->footer(command.footer);
  if (command.is_hidden) app->group("");
  if (!command.is_hidden && !command.group.empty()) app->group(command.group);
  if (!command.commands.empty()) app->require_subcommand(command.run ? 0 : 1, 1);
  for (const CommandOption& option : command.options) {
    if (option.take) declared.options.emplace_back(&option, declare(option, app));
  }
  for (const Command& child : command.commands) {
    declared.commands.push_back(declare(child, app->add_subcommand(child.name(), child.help)));
  }
  return declared;
}

const Declared* chosen(const Declared& declared) {
  for (const Declared& child : declared.commands) {
    if (child.app->parsed()) return chosen(child);
  }
  return &declared;
}

}  // namespace

Result<Parsed> parse(const Command& program, const std::string& version,
                     const std::vector<std::string>& typed) {
  auto words = read_words(program, typed);
  if (words.has_error()) return words.error();
  CLI::App app(program.help, program.name());
  app.set_version_flag("--version", version);
  app.get_formatter()->column_width(help_column);
  const Declared declared = declare(program, &app);
  try {
    app.parse(std::vector<std::string>(words->rbegin(), words->rend()));
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() != 0) return Error{ErrorCode::invalid_argument, problem.what(), ""};
    std::ostringstream text;
    app.exit(problem, text, text);
    return Parsed(text.str());
  }
  const Declared* const command = chosen(declared);
  for (const auto& [option, given] : command->options) {
    if (given->count() == 0) continue;
    auto taken = option->take(given->results());
    if (taken.has_error()) return taken.error();
  }
  return Parsed(command->command);
}

}  // namespace dth::cli
