#include "config/setting.h"

#include <algorithm>
#include <array>

namespace dth::config {
namespace {

constexpr std::array<std::string_view, 2> log_formats = {"console", "json"};
constexpr std::array<std::string_view, 4> log_levels = {"debug", "info", "warning", "error"};

constexpr std::array settings = {
    Setting{.name = "data_dir",
            .type = SettingType::path,
            .default_text = "$XDG_STATE_HOME/dth/hub",
            .placeholder = "DIR",
            .help = "where the hub keeps what is its own, created if it is missing"},
    Setting{.name = "listen",
            .type = SettingType::address,
            .default_text = "127.0.0.1:8080",
            .placeholder = "HOST:PORT",
            .help = "where it answers; port 0 takes a free one and tells which"},
    Setting{.name = "tls_certificate",
            .type = SettingType::path,
            .placeholder = "FILE",
            .help = "certificate with its chain, PEM: HTTPS instead of HTTP"},
    Setting{.name = "tls_key",
            .type = SettingType::path,
            .placeholder = "FILE",
            .help = "private key of the certificate, PEM"},
    Setting{.name = "insecure_http",
            .type = SettingType::toggle,
            .default_text = "off",
            .help = "allow HTTP without TLS on addresses that others can reach"},
    Setting{.name = "host_names",
            .type = SettingType::names,
            .placeholder = "NAMES",
            .help = "names besides localhost by which it is reached, when it listens on a loopback "
                    "address (a proxy in front "
                    "passes them on)"},
    Setting{.name = "metrics_listen",
            .type = SettingType::address,
            .placeholder = "HOST:PORT",
            .help = "serve /metrics there, over HTTP, and not beside the API"},
    Setting{.name = "log_format",
            .type = SettingType::choice,
            .default_text = "console",
            .placeholder = "FORMAT",
            .help = "lines for people or for programs",
            .choices = log_formats},
    Setting{.name = "log_level",
            .type = SettingType::choice,
            .default_text = "info",
            .placeholder = "LEVEL",
            .help = "what is logged: this and what is worse; SIGHUP reads it again",
            .choices = log_levels},
    Setting{.name = "introspection",
            .type = SettingType::toggle,
            .default_text = "on",
            .help = "let clients ask for the GraphQL schema"},
    Setting{.name = "request_bytes_max",
            .type = SettingType::size,
            .default_text = "1MiB",
            .placeholder = "SIZE",
            .help = "longest request body and WebSocket message"},
    Setting{.name = "connections_max",
            .type = SettingType::count,
            .default_text = "2000",
            .placeholder = "N",
            .help = "connections at once; more are refused with 503"},
    Setting{.name = "graphql_depth_max",
            .type = SettingType::count,
            .default_text = "24",
            .placeholder = "N",
            .help = "how deep the fields of a GraphQL operation may nest"},
    Setting{.name = "graphql_cost_max",
            .type = SettingType::count,
            .default_text = "100000",
            .placeholder = "N",
            .help = "what a GraphQL operation may cost: about as many fields and list items as it "
                    "may answer"},
};

std::string spelled(std::string_view name, char separator, bool upper) {
  std::string text(name);
  for (char& c : text) {
    if (c == '_') c = separator;
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

std::span<const Setting> all_settings() { return settings; }

const Setting* find_setting(std::string_view name) {
  const auto* found = std::find_if(settings.begin(), settings.end(),
                                   [&](const Setting& s) { return s.name == name; });
  return found == settings.end() ? nullptr : found;
}

std::string flag_of(const Setting& setting) { return "--" + spelled(setting.name, '-', false); }

std::string variable_of(const Setting& setting) {
  return "DTH_" + spelled(setting.name, '_', true);
}

std::string reference_table() {
  std::string table =
      "| key | flag | variable | default | what it is |\n| --- | --- | --- | --- | --- |\n";
  for (const Setting& setting : settings) {
    std::string help(setting.help);
    if (!setting.choices.empty()) {
      help += ":";
      for (const std::string_view choice : setting.choices) help += " " + std::string(choice);
    }
    const std::string placeholder =
        setting.placeholder.empty() ? "" : " " + std::string(setting.placeholder);
    table += "| `" + std::string(setting.name) + "` | `" + flag_of(setting) + placeholder +
             "` | `" + variable_of(setting) + "` | " +
             (setting.default_text.empty() ? "" : "`" + std::string(setting.default_text) + "`") +
             " | " + help + " |\n";
  }
  return table;
}

}  // namespace dth::config
