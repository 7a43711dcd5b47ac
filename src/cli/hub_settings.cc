#include "cli/hub_settings.h"

#include <cstdio>
#include <cstdlib>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/paths.h"

namespace dth::cli {

config::Resolution resolve_settings(const HubFlags& flags) {
  config::Sources sources;
  sources.file = flags.config;
  sources.environment = config::read_environment(
      [](const char* name) { return static_cast<const char*>(std::getenv(name)); });
  for (const auto& [name, text] : flags.values) {
    if (text.empty()) continue;
    const options::Option& setting = *config::find_setting(name);
    sources.flags.emplace(name, config::GivenValue{text, config::flag_of(setting)});
  }
  if (auto directory = state_directory(); directory.has_value())
    sources.data_dir = directory->string();
  return config::resolve(sources);
}

int print_error(const std::vector<config::Problem>& problems) {
  bool is_wrong = false;
  for (const config::Problem& problem : problems) {
    std::fprintf(stderr, "dth: %s\n", printable(problem.to_string()).c_str());
    is_wrong = is_wrong || problem.code == ErrorCode::invalid_argument;
  }
  return is_wrong ? exit_usage : exit_could_not_run;
}

int config_check(const HubFlags& flags, OutputFormat output) {
  const config::Resolution resolution = resolve_settings(flags);
  if (!resolution.problems.empty()) {
    print_error(resolution.problems);
    return exit_usage;
  }
  std::vector<std::vector<std::string>> rows;
  boost::json::object object;
  for (const config::EffectiveValue& value : resolution.effective) {
    const std::string name(value.setting->name);
    const std::string text = printable(value.shown()), where = printable(value.where);
    rows.push_back({name, text, where});
    object[name] = boost::json::object{{"value", text}, {"from", where}};
  }
  switch (output) {
    case OutputFormat::table:
      put(to_table({"SETTING", "VALUE", "FROM"}, rows));
      break;
    case OutputFormat::json:
      put(write_json(object) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(object));
      break;
  }
  return 0;
}

}  // namespace dth::cli
