#include "cli/command_line.h"

#include <algorithm>
#include <filesystem>

#include "objects/location.h"

namespace dth::cli {
namespace {

std::string upper(std::string_view name) {
  std::string shown(name);
  for (char& c : shown) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return shown;
}

// The value goes into a spec as it was typed.
CommandOption& add_spec_value(Command& command, const std::string& names, const std::string& name,
                              const std::string& help, GivenOptions* given) {
  std::string unused;
  CommandOption& option = add_value(command, names, &unused, help);
  option.take = [given, name](const std::vector<std::string>& typed) -> Result<void> {
    given->values[name] = typed.back();
    return {};
  };
  return option;
}

// A run may be executed elsewhere than its command was given.
bool names_file(const std::string& option) {
  return option == "object-list" || option == "source-prefix-file" ||
         option.ends_with("-ca-bundle");
}

std::string absolute_path(const std::string& value, const std::string& here) {
  const bool is_relative = !value.empty() && !value.starts_with('/') && !value.starts_with("s3://");
  return is_relative && !here.empty() ? here + "/" + value : value;
}

}  // namespace

options::Values GivenOptions::values_by_name() const {
  options::Values spec;
  std::error_code unknown;
  const std::string here = std::filesystem::current_path(unknown).string();
  for (const auto& [name, value] : values) {
    const bool location = name == "source" || name == "destination";
    spec[name] = location && !value.empty()    ? objects::absolute_location(value, here)
                 : name == ledger::ledger_side ? ledger::absolute_ledger_place(value, here)
                 : names_file(name)            ? absolute_path(value, here)
                                               : value;
  }
  for (const auto& [name, set] : flags) {
    if (set) spec[name] = "true";
  }
  for (auto [name, members] : lists) {
    for (std::string& member : members) {
      if (name == "earlier-ledger") member = ledger::absolute_ledger_place(member, here);
    }
    if (!members.empty()) spec[name] = options::make_list(members);
  }
  return spec;
}

void add_declared_option(Command& command, const options::Option& option, GivenOptions* given) {
  const std::string name(option.name);
  const std::string group = std::string(option.group) + " options";
  if (option.group == "locations" && option.type == options::OptionType::text) {
    CommandOption& place =
        add_spec_value(command, upper(name), name, std::string(option.help), given);
    place.kind = CommandOption::Kind::place;
    place.placeholder = "LOCATION";
    place.is_required = true;
    return;
  }
  if (option.type == options::OptionType::flag) {
    add_flag(command, "--" + name, &given->flags[name], std::string(option.help)).group = group;
    return;
  }
  std::string help(option.help);
  if (!option.choices.empty()) {
    help += ":";
    for (std::string_view choice : option.choices) help += " " + std::string(choice);
  }
  if (!option.default_text.empty()) help += " [" + std::string(option.default_text) + "]";
  CommandOption& added = option.type == options::OptionType::list
                             ? add_values(command, "--" + name, &given->lists[name], help)
                             : add_spec_value(command, "--" + name, name, help, given);
  added.group = group;
  if (!option.placeholder.empty()) added.placeholder = option.placeholder;
  added.choices.assign(option.choices.begin(), option.choices.end());
}

void add_action_options(CommandLine& line, Command& command, options::Action action,
                        GivenOptions* given) {
  for (const options::Option& option : line.plugin.option_table()) {
    if (option.applies_to(action)) add_declared_option(command, option, given);
  }
}

void add_changeable_options(CommandLine& line, Command& command, GivenOptions* given) {
  for (const options::Option& option : line.plugin.option_table()) {
    if (option.may_change) add_declared_option(command, option, given);
  }
}

void add_execute_options(Command& command, ExecuteOptions* options) {
  add_number(command, "--lanes", "threads [one a processor, at most 8]", {1, 64},
             [options](std::uint64_t lanes) { options->lanes = static_cast<unsigned>(lanes); });
  add_flag(command, "-q,--quiet", &options->quiet, "no progress");
  add_output_option(command, &options->output);
}

void add_output_option(Command& command, OutputFormat* format) {
  static constexpr std::pair<const char*, OutputFormat> formats[] = {
      {"table", OutputFormat::table}, {"json", OutputFormat::json}, {"yaml", OutputFormat::yaml}};
  add_choice(command, "-o,--output", "table, json or yaml [table]", {"table", "json", "yaml"},
             [format](const std::string& word) {
               for (const auto& [name, meant] : formats) {
                 if (word == name) *format = meant;
               }
             });
}

std::string credentials_footer() {
  return "Keys come from DTH_SOURCE_ACCESS_KEY_ID, DTH_SOURCE_SECRET_ACCESS_KEY and "
         "DTH_SOURCE_SESSION_TOKEN, and from\n"
         "the same with DTH_DESTINATION_... (of --ledger: DTH_LEDGER_...); without them from "
         "AWS's\n"
         "environment variables and profiles.\n"
         "Exit codes: 0 everything verified, 1 could not run, 2 usage, 3 a store cannot be "
         "reached or the destination is full,\n"
         "5 finished with failed items, 130 interrupted.";
}

}  // namespace dth::cli
