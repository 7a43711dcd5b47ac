#include "config/settings.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

#include "base/suggestions.h"
#include "options/option.h"

namespace dth::config {
namespace {

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message), ""}; }

Result<bool> parse_toggle(std::string_view text) {
  for (const std::string_view yes : {"on", "true", "yes"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"off", "false", "no"}) {
    if (text == no) return false;
  }
  return wrong("\"" + std::string(text) + "\" is neither on nor off");
}

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), count);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || count == 0 ||
      count > 1'000'000'000) {
    return wrong("\"" + std::string(text) + "\" is no whole number from 1 to 1,000,000,000");
  }
  return count;
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
  auto size = options::parse_size(text);
  if (size.has_error()) return size.error();
  if (*size == 0 || *size > (std::uint64_t{1} << 30))
    return wrong("\"" + std::string(text) + "\" is not within 1 byte and 1GiB");
  return size;
}

Result<std::string_view> parse_choice(const Setting& setting, std::string_view text) {
  for (const std::string_view choice : setting.choices) {
    if (choice == text) return choice;
  }
  std::vector<std::string> choices(setting.choices.begin(), setting.choices.end());
  std::string message = "\"" + std::string(text) + "\" is none of";
  for (std::size_t i = 0; i < choices.size(); ++i) message += (i == 0 ? " " : ", ") + choices[i];
  if (const auto near = suggestions_for(text, choices); !near.empty())
    message += ". Did you mean \"" + near.front() + "\"?";
  return wrong(message);
}

bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_' || c == ':';
         });
}

Result<std::vector<std::string>> parse_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view name = text.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (!is_host_name(name))
      return wrong("\"" + std::string(name) +
                   "\" is no host name: letters, digits, dots and hyphens");
    names.emplace_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

// Puts values where they belong; a value that is none becomes a problem at its place.
class Filler {
 public:
  explicit Filler(Resolution* resolution) : resolution_(resolution) {}

  template <class Parse, class Target>
  void fill(std::string_view name, Parse parse, Target* target) {
    const EffectiveValue& value = find(name);
    auto parsed = parse(std::string_view(value.text));
    if (parsed.has_error()) {
      resolution_->problems.push_back(
          {.where = value.where, .what = std::string(name) + ": " + parsed.error().message});
    } else {
      *target = std::move(*parsed);
    }
  }
  const EffectiveValue& find(std::string_view name) const {
    return *std::find_if(resolution_->effective.begin(), resolution_->effective.end(),
                         [&](const EffectiveValue& value) { return value.setting->name == name; });
  }
  void problem_at(std::string_view name, std::string what,
                  ErrorCode code = ErrorCode::invalid_argument) {
    resolution_->problems.push_back({find(name).where, std::move(what), code});
  }

 private:
  Resolution* resolution_;
};

Result<std::optional<Address>> parse_optional_address(std::string_view text) {
  if (text.empty()) return std::optional<Address>();
  auto address = parse_address(text);
  if (address.has_error()) return address.error();
  return std::optional<Address>(std::move(*address));
}

Result<std::string> take_text(std::string_view text) { return std::string(text); }

// What single values cannot tell.
void check_together(Filler& filler, const HubSettings& settings, std::vector<Problem>* problems) {
  if (settings.data_dir.empty()) {
    filler.problem_at("data_dir",
                      "data_dir: there is no default, because neither XDG_STATE_HOME nor HOME is "
                      "set; give a directory");
  }
  if (settings.tls_certificate.empty() != settings.tls_key.empty()) {
    const bool lacks_key = settings.tls_key.empty();
    filler.problem_at(lacks_key ? "tls_certificate" : "tls_key",
                      lacks_key ? "tls_certificate: it needs tls_key too"
                                : "tls_key: it needs tls_certificate too");
  }
  if (!problems->empty()) return;
  const bool is_plain = settings.tls_certificate.empty();
  if (is_plain && !settings.listen.is_loopback() && !settings.insecure_http) {
    filler.problem_at(
        "listen",
        "listen: " + settings.listen.to_string() +
            " can be reached by others, and plain HTTP would show them everything; give "
            "tls_certificate "
            "and tls_key, or listen on 127.0.0.1 behind a proxy, or allow it with insecure_http",
        ErrorCode::permission_denied);
  }
  if (settings.metrics_listen && settings.metrics_listen->port != 0 &&
      settings.metrics_listen->to_string() == settings.listen.to_string()) {
    filler.problem_at(
        "metrics_listen",
        "metrics_listen: that is where the API listens; leave it out, or take another port");
  }
}

Resolution collect(const Sources& sources) {
  Resolution resolution;
  Given file;
  if (!sources.file.empty()) file = read_file(sources.file);
  resolution.problems = std::move(file.problems);
  for (const Setting& setting : all_settings()) {
    EffectiveValue value{&setting, std::string(setting.default_text), "default"};
    if (setting.name == "data_dir") value.text = sources.data_dir;
    for (const Values* values :
         {&std::as_const(file.values), &sources.environment, &sources.flags}) {
      if (const auto given = values->find(setting.name); given != values->end()) {
        value.text = given->second.text;
        value.where = given->second.where;
      }
    }
    resolution.effective.push_back(std::move(value));
  }
  return resolution;
}

}  // namespace

std::string Address::to_string() const {
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return shown + ":" + std::to_string(port);
}

bool Address::is_loopback() const {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

Result<Address> parse_address(std::string_view text) {
  const Error error =
      wrong("\"" + std::string(text) + "\" is no HOST:PORT, like 127.0.0.1:8080 or [::1]:8080");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return error;
  std::string_view host = text.substr(0, colon);
  const std::string_view port_text = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!is_host_name(host) || (!bracketed && host.find(':') != std::string_view::npos)) return error;
  std::uint32_t port = 0;
  const auto parsed = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (port_text.empty() || parsed.ec != std::errc() ||
      parsed.ptr != port_text.data() + port_text.size() || port > 65535)
    return error;
  return Address{std::string(host), static_cast<std::uint16_t>(port)};
}

std::string EffectiveValue::shown() const {
  return setting->secret && !text.empty() ? "***" : text;
}

Resolution resolve(const Sources& sources) {
  Resolution resolution = collect(sources);
  HubSettings& settings = resolution.settings;
  Filler filler(&resolution);
  filler.fill("data_dir", take_text, &settings.data_dir);
  filler.fill("listen", parse_address, &settings.listen);
  filler.fill("tls_certificate", take_text, &settings.tls_certificate);
  filler.fill("tls_key", take_text, &settings.tls_key);
  filler.fill("insecure_http", parse_toggle, &settings.insecure_http);
  filler.fill("host_names", parse_names, &settings.host_names);
  filler.fill("metrics_listen", parse_optional_address, &settings.metrics_listen);
  const auto choice_of = [](std::string_view name) {
    return [setting = find_setting(name)](std::string_view text) {
      return parse_choice(*setting, text);
    };
  };
  std::string_view format = "console", level = "info";
  filler.fill("log_format", choice_of("log_format"), &format);
  filler.fill("log_level", choice_of("log_level"), &level);
  settings.log_format = format == "json" ? LogFormat::json : LogFormat::console;
  settings.log_level = parse_log_level(level).value_or(LogLevel::info);
  filler.fill("introspection", parse_toggle, &settings.introspection);
  filler.fill("request_bytes_max", parse_bytes, &settings.request_bytes_max);
  filler.fill("connections_max", parse_count, &settings.connections_max);
  filler.fill("graphql_depth_max", parse_count, &settings.graphql_depth_max);
  filler.fill("graphql_cost_max", parse_count, &settings.graphql_cost_max);
  check_together(filler, settings, &resolution.problems);
  return resolution;
}

}  // namespace dth::config
