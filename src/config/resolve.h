#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/sources.h"
#include "options/address.h"

namespace dth::config {

// The settings as the program uses them.
struct HubSettings {
  std::string data_dir;
  options::Address listen;
  std::string database;  // empty: state.db in data_dir
  std::string database_password_file;
  std::string master_key;  // empty: KeyPlaces has the others
  bool credential_process = false;
  bool private_endpoints = true;
  bool loopback_endpoints = true;
  std::optional<std::chrono::seconds> audit_retention;
  bool no_worker = false;
  unsigned worker_lanes = 0;  // 0: as many as suit the machine
  std::vector<std::string> worker_labels;
  std::string signing_key;      // a file, or "none"; empty: this machine's own
  std::string tls_certificate;  // empty: plain HTTP
  std::string tls_key;
  bool insecure_http = false;
  std::vector<std::string> host_names;
  std::string trusted_proxies;
  std::optional<options::Address> metrics_listen;
  LogFormat log_format = LogFormat::console;
  LogLevel log_level = LogLevel::info;
  bool introspection = true;
  std::uint64_t request_bytes_max = 0;
  std::uint64_t connections_max = 0;
  std::uint64_t client_connections_max = 0;
  std::uint64_t client_operations_max = 0;
  std::uint64_t client_subscriptions_max = 0;
  std::uint64_t client_cost_per_second = 0;
  std::uint64_t api_memory_max = 0;
  std::uint64_t graphql_depth_max = 0;
  std::uint64_t graphql_cost_max = 0;
};

// A setting's value in effect and where it came from: a place of GivenValue, or "default".
struct EffectiveValue {
  const options::Option* setting = nullptr;
  std::string text;
  std::string where;
  Source source = Source::default_;
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
