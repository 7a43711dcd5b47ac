#include "cli/command_line.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cli/words.h"
#include "plugins/object_copy/location.h"

namespace dth::cli {
namespace {

std::string upper(std::string_view name) {
  std::string shown(name);
  for (char& c : shown) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return shown;
}

// An option whose value goes into a spec as it was typed, empty or not: CLI11 converts nothing.
CLI::Option* add_value(CLI::App& command, const std::string& names, const std::string& name, const std::string& help, GivenOptions* given) {
  const auto keep = [given, name](const CLI::results_t& typed) {
    given->values[name] = typed.back();
    return true;
  };
  return command.add_option(names, keep, help);
}

CLI::Option* add_list(CLI::App& command, const std::string& name, const std::string& help, GivenOptions* given) {
  return add_repeatable(command, "--" + name, &given->lists[name], help);
}

void add_option(CommandLine& line, CLI::App& command, const engine::Option& option, GivenOptions* given) {
  const std::string name(option.name);
  const std::string group = std::string(option.group) + " options";
  if (option.group == "locations" && option.type == engine::OptionType::text) {
    add_value(command, upper(name), name, std::string(option.help), given)->required()->option_text("LOCATION");
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
  CLI::Option* added = option.type == engine::OptionType::list ? add_list(command, name, help, given)
                                                               : add_value(command, "--" + name, name, help, given);
  added->group(group)->option_text(option.placeholder.empty() ? "TEXT" : std::string(option.placeholder));
  if (!option.choices.empty()) line.choices[added].assign(option.choices.begin(), option.choices.end());
}

// Stops the reading of the command line; CLI11 adds no words of its own to it.
[[noreturn]] void refuse(const std::string& message) { throw CLI::ConversionError(message, CLI::ExitCodes::ConversionError); }

}  // namespace

engine::Spec GivenOptions::spec() const {
  engine::Spec spec;
  std::error_code unknown;
  const std::string here = std::filesystem::current_path(unknown).string();
  for (const auto& [name, value] : values) {
    const bool location = name == "source" || name == "destination";
    spec[name] = location && !value.empty() ? object_copy::absolute_location(value, here) : value;
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
  add_number(command, "--lanes", "threads [one a processor, at most 8]", {1, 64}, [options](std::uint64_t lanes) { options->lanes = static_cast<unsigned>(lanes); });
  command.add_flag("-q,--quiet", options->quiet, "no progress");
  add_output_option(line, command, &options->output);
}

void add_output_option(CommandLine& line, CLI::App& command, OutputFormat* format) {
  static constexpr std::pair<const char*, OutputFormat> formats[] = {{"table", OutputFormat::table}, {"json", OutputFormat::json}, {"yaml", OutputFormat::yaml}};
  add_choice(line, command, "-o,--output", "table, json or yaml [table]", {"table", "json", "yaml"}, [format](const std::string& word) {
    for (const auto& [name, meant] : formats) {
      if (word == name) *format = meant;
    }
  });
}

CLI::Option* add_choice(CommandLine& line, CLI::App& command, const std::string& names, const std::string& help, const std::vector<std::string>& words,
                        std::function<void(const std::string&)> take) {
  const std::string shown = names.substr(names.find("--"));
  CLI::Option* option = command.add_option(names, [shown, words, take = std::move(take)](const CLI::results_t& typed) {
    if (std::find(words.begin(), words.end(), typed.back()) == words.end()) refuse(not_a_choice(shown, typed.back(), words));
    take(typed.back());
    return true;
  }, help);
  option->option_text("FORMAT");
  line.choices[option] = words;
  return option;
}

CLI::Option* add_number(CLI::App& command, const std::string& name, const std::string& help, NumberRange range, std::function<void(std::uint64_t)> take) {
  CLI::Option* option = command.add_option(name, [name, range, take = std::move(take)](const CLI::results_t& typed) {
    const std::string& text = typed.back();
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size() || number < range.least || number > range.greatest) {
      refuse("invalid value \"" + text + "\" for " + name + ": expected a whole number from " + std::to_string(range.least) + " to " +
             std::to_string(range.greatest));
    }
    take(number);
    return true;
  }, help);
  return option->option_text("N");
}

CLI::Option* add_repeatable(CLI::App& command, const std::string& name, std::vector<std::string>* values, const std::string& help) {
  const auto keep = [values](const CLI::results_t& typed) {
    *values = typed;
    return true;
  };
  return command.add_option(name, keep, help + " (may be given more than once)")->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

std::string credentials_footer() {
  return "Keys come from DTH_SOURCE_ACCESS_KEY_ID, DTH_SOURCE_SECRET_ACCESS_KEY and DTH_SOURCE_SESSION_TOKEN, and from\n"
         "DTH_DESTINATION_... likewise; without them from AWS's environment variables and profiles.\n"
         "Exit codes: 0 everything proved, 1 could not run, 2 usage, 3 a store cannot be reached, 5 finished with failed items,\n"
         "130 interrupted.";
}

}  // namespace dth::cli
