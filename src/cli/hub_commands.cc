#include <memory>

#include "cli/command_line.h"
#include "cli/hub_command.h"
#include "config/setting_table.h"

namespace dth::cli {
namespace {

// The hub's settings, each an option.
void add_settings(Command& command, HubFlags* flags) {
  add_value(command, "--config", &flags->config,
            "settings in a file of YAML; variables DTH_... go before it, and flags before these")
      .placeholder = "FILE";
  for (const options::Option& setting : config::all_settings()) {
    std::string& value = flags->values[std::string(setting.name)];
    std::string help(setting.help);
    const bool is_toggle = setting.type == options::OptionType::flag;
    if (is_toggle && setting.default_text == "on")
      help += "; " + config::flag_of(setting) + "=off does not";
    if (!setting.choices.empty()) {
      help += ":";
      for (const std::string_view choice : setting.choices) help += " " + std::string(choice);
    }
    if (!is_toggle && !setting.default_text.empty())
      help += " [" + std::string(setting.default_text) + "]";
    CommandOption& option = add_value(command, config::flag_of(setting), &value, help);
    option.group = "Settings";
    option.placeholder = is_toggle ? "" : std::string(setting.placeholder);
    if (is_toggle) option.kind = CommandOption::Kind::flag;
    option.choices.assign(setting.choices.begin(), setting.choices.end());
  }
}

}  // namespace

void add_hub_commands(CommandLine& line) {
  Command& serve_app = add_command(
      line.root, "serve", "Serve the API, and execute the runs that it and --detach begin");
  auto flags = std::make_shared<HubFlags>();
  add_settings(serve_app, flags.get());
  serve_app.footer =
      "Each setting is also a variable (--log-level: DTH_LOG_LEVEL) and a key of the file "
      "(log_level).\n"
      "Runs that it shows are those of `dth copy` and the like, by the same user, or with "
      "--database sqlite:DIR/state.db.\n"
      "It executes runs that were begun with --detach, as dth worker does, unless --no-worker.\n"
      "SIGTERM and SIGINT stop it; SIGHUP reads certificate, key and log level again.";
  serve_app.run = [&line, flags] {
    return serve(line.plugin, line.credentials, line.ledgers, *flags);
  };

  Command& config_app = add_command(line.root, "config", "The settings of dth serve");
  Command& check = add_command(
      config_app, "check",
      "Tell what is wrong with the settings, or which are in effect and where each comes from");
  auto checked = std::make_shared<HubFlags>();
  auto output = std::make_shared<OutputFormat>(OutputFormat::table);
  add_settings(check, checked.get());
  add_output_option(check, output.get());
  check.run = [checked, output] { return config_check(*checked, *output); };
}

}  // namespace dth::cli
