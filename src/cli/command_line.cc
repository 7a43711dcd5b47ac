#include "cli/command_line.h"

#include <filesystem>

#include "plugins/object_copy/location.h"

namespace dth::cli {
namespace {

const std::map<std::string, OutputFormat> output_formats = {
    {"table", OutputFormat::table}, {"json", OutputFormat::json}, {"yaml", OutputFormat::yaml}};

std::string upper(std::string_view name) {
  std::string shown(name);
  for (char& c : shown) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return shown;
}

void add_option(CommandLine& line, CLI::App& command, const engine::Option& option, GivenOptions* given) {
  const std::string name(option.name);
  const std::string group = std::string(option.group) + " options";
  if (option.group == "locations" && option.type == engine::OptionType::text) {
    command.add_option(upper(name), given->values[name], std::string(option.help))->required()->option_text("LOCATION");
    return;
  }
  if (option.type == engine::OptionType::flag) {
    command.add_flag("--" + name, given->flags[name], std::string(option.help))->group(group);
    return;
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
  if (!option.choices.empty()) line.choices[added].assign(option.choices.begin(), option.choices.end());
}

}  // namespace

engine::Spec GivenOptions::spec() const {
  engine::Spec spec;
  std::error_code unknown;
  const std::string here = std::filesystem::current_path(unknown).string();
  for (const auto& [name, value] : values) {
    const bool location = name == "source" || name == "destination";
    if (!value.empty()) spec[name] = location ? object_copy::absolute_location(value, here) : value;
  }
  for (const auto& [name, set] : flags) {
    if (set) spec[name] = "true";
  }
  for (const auto& [name, members] : lists) {
    if (!members.empty()) spec[name] = engine::make_list(members);
  }
  return spec;
}

void add_mode_options(CommandLine& line, CLI::App& command, std::string_view mode, GivenOptions* given) {
  for (const engine::Option& option : line.plugin.options()) {
    if (option.group == "mode") continue;
    if (!option.modes.empty() && std::find(option.modes.begin(), option.modes.end(), mode) == option.modes.end()) continue;
    add_option(line, command, option, given);
  }
}

void add_changeable_options(CommandLine& line, CLI::App& command, GivenOptions* given) {
  for (const engine::Option& option : line.plugin.options()) {
    if (option.may_change && option.group != "mode") add_option(line, command, option, given);
  }
}

void add_execute_options(CommandLine& line, CLI::App& command, ExecuteOptions* options) {
  command.add_option("--lanes", options->lanes, "threads [one a processor, at most 8]")->option_text("N")->check(CLI::Range(1, 64));
  command.add_flag("-q,--quiet", options->quiet, "no progress");
  add_output_option(line, command, &options->output);
}

void add_output_option(CommandLine& line, CLI::App& command, OutputFormat* format) {
  CLI::Option* option = command.add_option("-o,--output", *format, "table, json or yaml [table]")
                            ->transform(CLI::CheckedTransformer(output_formats).description(""))
                            ->option_text("FORMAT");
  line.choices[option] = {"table", "json", "yaml"};
}

CLI::Option* add_choice(CommandLine& line, CLI::App& command, const std::string& names, std::string* value, const std::string& help,
                        const std::vector<std::string>& words) {
  CLI::Option* option = command.add_option(names, *value, help)->check(CLI::IsMember(words).description(""))->option_text("FORMAT");
  line.choices[option] = words;
  return option;
}

std::string credentials_footer() {
  return "Keys come from DTH_SOURCE_ACCESS_KEY_ID, DTH_SOURCE_SECRET_ACCESS_KEY and DTH_SOURCE_SESSION_TOKEN, and from\n"
         "DTH_DESTINATION_... likewise; without them from AWS's environment variables and profiles.\n"
         "Exit codes: 0 everything proved, 1 could not run, 2 usage, 3 a store cannot be reached, 5 finished with failed items,\n"
         "130 interrupted.";
}

}  // namespace dth::cli
