#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/sources.h"

namespace dth::config {

struct Address {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  // "127.0.0.1:80", "[::1]:80"
  std::string to_string() const;
  // 127.0.0.0/8, ::1, localhost: only this machine reaches it.
  bool is_loopback() const;
};

// invalid_argument says what an address looks like.
Result<Address> parse_address(std::string_view text);

// The settings as the program uses them.
struct HubSettings {
  std::string data_dir;
  Address listen;
  std::string tls_certificate;  // empty: plain HTTP
  std::string tls_key;
  bool insecure_http = false;
  std::vector<std::string> host_names;
  std::optional<Address> metrics_listen;
  LogFormat log_format = LogFormat::console;
  LogLevel log_level = LogLevel::info;
  bool introspection = true;
  std::uint64_t request_bytes_max = 0;
  std::uint64_t connections_max = 0;
  std::uint64_t graphql_depth_max = 0;
  std::uint64_t graphql_cost_max = 0;
};

// A setting's value in effect and where it came from: a place of GivenValue, or "default".
struct EffectiveValue {
  const Setting* setting = nullptr;
  std::string text;
  std::string where;
  // As people are shown it: *** for a secret.
  std::string shown() const;
};

struct Sources {
  std::string file = {};  // none where empty
  Values environment = {};
  Values flags = {};
  std::string data_dir = {};  // where none is given; empty: one must be
};

// The file below the environment below the flags. Where there are problems, the settings are not to
// be used; all problems are told, not only the first.
struct Resolution {
  HubSettings settings;
  std::vector<EffectiveValue> effective;  // in the table's order
  std::vector<Problem> problems;
};
Resolution resolve(const Sources& sources);

}  // namespace dth::config
