#include "config/setting_table.h"

#include <array>

namespace dth::config {
namespace {

using options::Option;
using options::OptionType;

constexpr auto format_names = options::names_of(log_formats);
constexpr auto level_names = options::names_of(log_levels);

constexpr options::Range counts = {1, 1'000'000'000};

constexpr std::array settings = {
    Option{.name = "data_dir",
           .type = OptionType::text,
           .group = "Storage",
           .help = "where the hub keeps what is its own, and its state as state.db, which the "
                   "commands of the same user share by default",
           .default_text = "$XDG_STATE_HOME/dth",
           .placeholder = "DIR"},
    Option{.name = "listen",
           .type = OptionType::address,
           .group = "Network",
           .help = "where it answers; port 0 takes a free one and tells which",
           .default_text = "127.0.0.1:8080",
           .placeholder = "HOST:PORT"},
    Option{.name = "database",
           .type = OptionType::text,
           .group = "Storage",
           .help = "the state whose runs it shows and executes: sqlite:FILE, or "
                   "postgresql://USER@HOST/NAME; "
                   "where none is given, state.db in data_dir",
           .placeholder = "DATABASE"},
    Option{.name = "database_password_file",
           .type = OptionType::text,
           .group = "Storage",
           .help = "the password of a PostgreSQL server is the first line of that file",
           .placeholder = "FILE"},
    Option{.name = "master_key",
           .type = OptionType::text,
           .group = "Security",
           .help = "the file with the key that seals credentials, only its owner's to read; where "
                   "none is given: the variable DTH_MASTER_KEY_BASE64, the systemd credential "
                   "dth-master-key, or master.key in data_dir, which the first start makes",
           .placeholder = "FILE"},
    Option{.name = "credential_process",
           .type = OptionType::flag,
           .group = "Security",
           .help = "let AWS profiles of this host that credentials name run programs "
                   "(credential_process)",
           .default_text = "off"},
    Option{.name = "private_endpoints",
           .type = OptionType::flag,
           .group = "Security",
           .help = "let endpoints lead to private networks (10.0.0.0/8 and the like)",
           .default_text = "on"},
    Option{.name = "loopback_endpoints",
           .type = OptionType::flag,
           .group = "Security",
           .help = "let endpoints lead to this host itself",
           .default_text = "on"},
    Option{.name = "audit_retention",
           .type = OptionType::duration,
           .group = "Security",
           .help = "how long entries of the audit log are kept; where none is given, for ever",
           .placeholder = "TIME",
           .range = {86'400, 1'000'000'000}},
    Option{.name = "no_worker",
           .type = OptionType::flag,
           .group = "Worker",
           .help = "execute no runs: dth worker and the like do",
           .default_text = "off"},
    Option{.name = "worker_lanes",
           .type = OptionType::count,
           .group = "Worker",
           .help = "threads that execute runs; 0: one a processor, at most 8",
           .default_text = "0",
           .placeholder = "N",
           .range = {0, 64}},
    Option{.name = "worker_labels",
           .type = OptionType::names,
           .group = "Worker",
           .help = "runs with --placement label:NAME are executed here too, for these names",
           .placeholder = "NAMES"},
    Option{.name = "signing_key",
           .type = OptionType::text,
           .group = "Worker",
           .help = "the key that signs the ledgers of runs that end here, or none: another worker "
                   "ends them; where it is not given, this machine's own",
           .placeholder = "FILE"},
    Option{.name = "tls_certificate",
           .type = OptionType::text,
           .group = "Network",
           .help = "certificate with its chain, PEM: HTTPS instead of HTTP",
           .placeholder = "FILE"},
    Option{.name = "tls_key",
           .type = OptionType::text,
           .group = "Network",
           .help = "private key of the certificate, PEM",
           .placeholder = "FILE"},
    Option{.name = "insecure_http",
           .type = OptionType::flag,
           .group = "Network",
           .help = "allow HTTP without TLS on addresses that others can reach",
           .default_text = "off"},
    Option{.name = "host_names",
           .type = OptionType::names,
           .group = "Network",
           .help =
               "names other than localhost by which it is reached (a proxy in front passes them "
               "on); on an address that others can reach, none means any name",
           .placeholder = "NAMES"},
    Option{.name = "trusted_proxies",
           .type = OptionType::text,
           .group = "Network",
           .help = "addresses or networks of proxies in front, separated by commas: their "
                   "X-Forwarded-For and X-Forwarded-Proto say where requests come from and whether "
                   "by TLS",
           .placeholder = "NETWORKS"},
    Option{.name = "metrics_listen",
           .type = OptionType::address,
           .group = "Network",
           .help = "serve /metrics there, over HTTP, and not beside the API",
           .placeholder = "HOST:PORT"},
    Option{.name = "log_format",
           .type = OptionType::choice,
           .group = "Log",
           .help = "lines for people or for programs",
           .default_text = "console",
           .placeholder = "FORMAT",
           .choices = format_names},
    Option{.name = "log_level",
           .type = OptionType::choice,
           .group = "Log",
           .help = "what is logged: this and what is worse; SIGHUP reads it again",
           .default_text = "info",
           .placeholder = "LEVEL",
           .choices = level_names},
    Option{.name = "introspection",
           .type = OptionType::flag,
           .group = "Security",
           .help = "let clients ask for the GraphQL schema",
           .default_text = "on"},
    Option{.name = "request_bytes_max",
           .type = OptionType::size,
           .group = "Limits",
           .help = "longest request body and WebSocket message",
           .default_text = "1MiB",
           .placeholder = "SIZE",
           .range = {1, 1 << 30}},
    Option{.name = "connections_max",
           .type = OptionType::count,
           .group = "Limits",
           .help = "connections at once; beyond them only /healthz, /readyz and /metrics are "
                   "answered",
           .default_text = "2000",
           .placeholder = "N",
           .range = counts},
    Option{.name = "client_connections_max",
           .type = OptionType::count,
           .group = "Limits",
           .help = "connections of one client at once; a client is an IPv4 address or an IPv6 /64, "
                   "and behind a proxy everybody is one",
           .default_text = "500",
           .placeholder = "N",
           .range = counts},
    Option{.name = "client_operations_max",
           .type = OptionType::count,
           .group = "Limits",
           .help = "GraphQL operations of one client that are executed at once; more wait",
           .default_text = "16",
           .placeholder = "N",
           .range = counts},
    Option{.name = "client_subscriptions_max",
           .type = OptionType::count,
           .group = "Limits",
           .help = "subscriptions of one client at once",
           .default_text = "100",
           .placeholder = "N",
           .range = counts},
    Option{.name = "client_cost_per_second",
           .type = OptionType::count,
           .group = "Limits",
           .help = "work of one client in a second, in units of about a microsecond; more is "
                   "refused with 429, and events are skipped",
           .default_text = "250000",
           .placeholder = "N",
           .range = counts},
    Option{.name = "api_memory_max",
           .type = OptionType::size,
           .group = "Limits",
           .help = "memory of all requests, messages and answers in flight; what does not fit is "
                   "refused with 503",
           .default_text = "256MiB",
           .placeholder = "SIZE",
           .range = {1 << 20, 1ll << 40}},
    Option{.name = "graphql_depth_max",
           .type = OptionType::count,
           .group = "Limits",
           .help = "how deep the fields of a GraphQL operation may nest",
           .default_text = "24",
           .placeholder = "N",
           .range = counts},
    Option{.name = "graphql_cost_max",
           .type = OptionType::count,
           .group = "Limits",
           .help = "what a GraphQL operation may cost: about as many fields and list items as it "
                   "may answer",
           .default_text = "100000",
           .placeholder = "N",
           .range = counts},
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

std::span<const Option> all_settings() { return settings; }

const Option* find_setting(std::string_view name) { return options::find_option(settings, name); }

std::string flag_of(const Option& setting) { return "--" + spelled(setting.name, '-', false); }

std::string variable_of(const Option& setting) { return "DTH_" + spelled(setting.name, '_', true); }

std::string reference_table() {
  std::string table =
      "| key | flag | variable | default | what it is |\n| --- | --- | --- | --- | --- |\n";
  for (const Option& setting : settings) {
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
