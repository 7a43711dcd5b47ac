#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/session.h"
#include "engine/plugin.h"

namespace dth::cli {

// What all commands are made in. Each one adds itself to `root`, and sets `chosen` when it is the one that was given.
struct CommandLine {
  CLI::App& root;
  engine::Plugin& plugin;
  std::function<int()> chosen = {};
  // The words that an option takes, for completion and reference.
  std::map<const CLI::Option*, std::vector<std::string>> choices = {};
};

void add_local_commands(CommandLine& line);      // a command for each mode of the plugin
void add_run_commands(CommandLine& line);        // dth run ...
void add_hub_commands(CommandLine& line);        // dth serve, dth config ...
void add_ledger_commands(CommandLine& line);     // dth ledger ..., dth key ...
void add_reference_commands(CommandLine& line);  // dth completion, dth man

// What was typed, until it is a spec. Must outlive the parsing.
struct GivenOptions {
  std::map<std::string, bool> flags;
  std::map<std::string, std::string> values;  // of those that were given
  std::map<std::string, std::vector<std::string>> lists;

  engine::Spec spec() const;  // of those that were given
};

// The plugin's options that mean something in the mode, the two locations as positionals.
void add_mode_options(CommandLine& line, CLI::App& command, std::string_view mode, GivenOptions* given);
// The plugin's options of all modes that may differ when an unfinished run is taken up again.
void add_changeable_options(CommandLine& line, CLI::App& command, GivenOptions* given);

// --output, --lanes, --quiet: of whatever executes a run.
void add_execute_options(CommandLine& line, CLI::App& command, ExecuteOptions* options);
// -o, --output: table, json or yaml.
void add_output_option(CommandLine& line, CLI::App& command, OutputFormat* format);
// An option that takes one of these words; `take` is given it when the command line is read.
CLI::Option* add_choice(CommandLine& line, CLI::App& command, const std::string& names, const std::string& help, const std::vector<std::string>& words,
                        std::function<void(const std::string&)> take);
// An option that takes a whole number within the range.
struct NumberRange {
  std::uint64_t least = 0;
  std::uint64_t greatest = 0;
};
CLI::Option* add_number(CLI::App& command, const std::string& name, const std::string& help, NumberRange range, std::function<void(std::uint64_t)> take);
// An option that may be given more than once: each value as it was typed.
CLI::Option* add_repeatable(CLI::App& command, const std::string& name, std::vector<std::string>* values, const std::string& help);

// What those who reach stores have to know.
std::string credentials_footer();

}  // namespace dth::cli
