#include "cli/command_line.h"
#include "cli/hub_command.h"
#include "config/setting.h"

namespace dth::cli {
namespace {

// The hub's settings, each a flag.
void add_settings(CommandLine& line, CLI::App& app, HubFlags* flags) {
  app.add_option("--config", flags->config,
                 "settings in a file of YAML; variables DTH_... go before it, and flags before these")
      ->option_text("FILE");
  for (const config::Setting& setting : config::all_settings()) {
    std::string& value = flags->values[std::string(setting.name)];
    std::string help(setting.help);
    if (setting.type == config::SettingType::toggle) {
      const bool is_on = setting.default_text == "on";
      if (is_on) help += "; " + config::flag_of(setting) + "=off does not";
      app.add_flag(config::flag_of(setting), value, help)->group("Settings");
      continue;
    }
    if (!setting.choices.empty()) {
      help += ":";
      for (const std::string_view choice : setting.choices) help += " " + std::string(choice);
    }
    if (!setting.default_text.empty()) help += " [" + std::string(setting.default_text) + "]";
    CLI::Option* option = app.add_option(config::flag_of(setting), value, help)
                              ->group("Settings")
                              ->option_text(std::string(setting.placeholder));
    if (!setting.choices.empty()) line.choices[option].assign(setting.choices.begin(), setting.choices.end());
  }
}

}  // namespace

void add_hub_commands(CommandLine& line) {
  CLI::App& serve_app = *line.root.add_subcommand("serve", "Serve the API of the runs in a data directory");
  auto flags = std::make_shared<HubFlags>();
  add_settings(line, serve_app, flags.get());
  serve_app.footer(
      "Each setting is also a variable (--log-level: DTH_LOG_LEVEL) and a key of the file (log_level).\n"
      "Runs that it shows are those of `dth copy --state DIR/state.db` and the like.\n"
      "SIGTERM and SIGINT stop it; SIGHUP reads certificate, key and log level again.");
  serve_app.callback([&line, flags] { line.chosen = [&line, flags] { return serve(line.plugin, *flags); }; });

  CLI::App& config_app = *line.root.add_subcommand("config", "The settings of dth serve");
  config_app.require_subcommand(1);
  CLI::App& check = *config_app.add_subcommand(
      "check", "Tell what is wrong with the settings, or which are in effect and where each comes from");
  auto checked = std::make_shared<HubFlags>();
  auto output = std::make_shared<OutputFormat>(OutputFormat::table);
  add_settings(line, check, checked.get());
  add_output_option(line, check, output.get());
  check.callback(
      [&line, checked, output] { line.chosen = [checked, output] { return config_check(*checked, *output); }; });
}

}  // namespace dth::cli
