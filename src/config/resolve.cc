#include "config/resolve.h"

#include <algorithm>

#include "options/parsed_values.h"

namespace dth::config {
namespace {

// The place of a setting's value, for problems of several together.
class Places {
 public:
  explicit Places(Resolution* resolution) : resolution_(resolution) {}

  void problem_at(std::string_view name, std::string what,
                  ErrorCode code = ErrorCode::invalid_argument) {
    const auto value = std::ranges::find_if(
        resolution_->effective,
        [&](const EffectiveValue& effective) { return effective.setting->name == name; });
    resolution_->problems.push_back({value->where, std::move(what), code});
  }

 private:
  Resolution* resolution_;
};

// What single values cannot tell.
void check_together(Places& places, const HubSettings& settings, std::vector<Problem>* problems) {
  if (settings.data_dir.empty()) {
    places.problem_at("data_dir",
                      "data_dir: there is no default, because neither XDG_STATE_HOME nor HOME is "
                      "set; give a directory");
  }
  if (settings.tls_certificate.empty() != settings.tls_key.empty()) {
    const bool lacks_key = settings.tls_key.empty();
    places.problem_at(lacks_key ? "tls_certificate" : "tls_key",
                      lacks_key ? "tls_certificate: it needs tls_key too"
                                : "tls_key: it needs tls_certificate too");
  }
  if (!problems->empty()) return;
  const bool is_plain = settings.tls_certificate.empty();
  if (is_plain && !settings.listen.is_loopback() && !settings.insecure_http) {
    places.problem_at(
        "listen",
        "listen: " + settings.listen.to_string() +
            " can be reached by others, and plain HTTP would show them everything; give "
            "tls_certificate "
            "and tls_key, or listen on 127.0.0.1 behind a proxy, or allow it with insecure_http",
        ErrorCode::permission_denied);
  }
  if (settings.metrics_listen && settings.metrics_listen->port != 0 &&
      settings.metrics_listen->to_string() == settings.listen.to_string()) {
    places.problem_at(
        "metrics_listen",
        "metrics_listen: that is where the API listens; leave it out, or take another port");
  }
}

Resolution collect(const Sources& sources) {
  Resolution resolution;
  Given file;
  if (!sources.file.empty()) file = read_file(sources.file);
  resolution.problems = std::move(file.problems);
  for (const options::Option& setting : all_settings()) {
    EffectiveValue value{&setting, std::string(setting.default_text), "default", Source::default_};
    if (setting.name == "data_dir") value.text = sources.data_dir;
    const std::pair<Source, const Values*> given_by[] = {{Source::file, &file.values},
                                                         {Source::variable, &sources.environment},
                                                         {Source::flag, &sources.flags}};
    for (const auto& [source, values] : given_by) {
      if (const auto given = values->find(setting.name); given != values->end()) {
        value.text = given->second.text;
        value.where = given->second.where;
        value.source = source;
      }
    }
    resolution.effective.push_back(std::move(value));
  }
  return resolution;
}

}  // namespace

std::string EffectiveValue::shown() const {
  return setting->secret && !text.empty() ? "***" : text;
}

Resolution resolve(const Sources& sources) {
  Resolution resolution = collect(sources);
  options::ParsedValues values(all_settings());
  std::string data_dir;
  for (const EffectiveValue& value : resolution.effective) {
    if (value.setting->name == "data_dir") data_dir = value.text;  // its default is the machine's
    if (value.where == "default") continue;
    auto set = values.set(*value.setting, value.text, value.setting->name);
    if (set.has_error()) resolution.problems.push_back({value.where, set.error().message});
  }
  HubSettings& settings = resolution.settings;
  settings.data_dir = std::move(data_dir);
  settings.listen = *values.address("listen");
  settings.database = values.text("database");
  settings.database_password_file = values.text("database_password_file");
  settings.master_key = values.text("master_key");
  settings.credential_process = values.flag("credential_process");
  settings.private_endpoints = values.flag("private_endpoints");
  settings.loopback_endpoints = values.flag("loopback_endpoints");
  settings.audit_retention = values.optional_duration("audit_retention");
  settings.no_worker = values.flag("no_worker");
  settings.worker_lanes = static_cast<unsigned>(values.number("worker_lanes"));
  settings.worker_labels = values.list("worker_labels");
  settings.signing_key = values.text("signing_key");
  settings.tls_certificate = values.text("tls_certificate");
  settings.tls_key = values.text("tls_key");
  settings.insecure_http = values.flag("insecure_http");
  settings.host_names = values.list("host_names");
  settings.trusted_proxies = values.text("trusted_proxies");
  settings.metrics_listen = values.address("metrics_listen");
  settings.log_format = values.choice("log_format", log_formats);
  settings.log_level = values.choice("log_level", log_levels);
  settings.introspection = values.flag("introspection");
  settings.request_bytes_max = values.number("request_bytes_max");
  settings.connections_max = values.number("connections_max");
  settings.client_connections_max = values.number("client_connections_max");
  settings.client_operations_max = values.number("client_operations_max");
  settings.client_subscriptions_max = values.number("client_subscriptions_max");
  settings.client_cost_per_second = values.number("client_cost_per_second");
  settings.api_memory_max = values.number("api_memory_max");
  settings.graphql_depth_max = values.number("graphql_depth_max");
  settings.graphql_cost_max = values.number("graphql_cost_max");
  Places places(&resolution);
  check_together(places, settings, &resolution.problems);
  return resolution;
}

}  // namespace dth::config
