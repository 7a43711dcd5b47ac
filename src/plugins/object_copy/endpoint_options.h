#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "options/option.h"
#include "options/parsed_values.h"

namespace dth::object_copy {

// How one side of a copy is reached: what a spec says of it, for the code that opens stores.
struct SideSettings {
  std::string
      side;  // "source" or "destination": the prefix of its options and of its DTH_… variables
  std::string scheme = "s3";  // of its location: which kind of store it is
  std::string bucket;         // of a file: its directory
  bool read_only = false;     // nothing will be written there
  std::string endpoint_url;
  std::string region;
  std::string vendor;  // a vendor profile's name; empty: found out
  std::string profile;
  std::string addressing = "auto";  // auto, path, virtual
  std::string ca_bundle;
  std::string proxy;     // a URL without a user, or "none"; empty: what the environment says
  std::string role_arn;  // to assume on top of the credentials found
  std::string role_external_id;
  std::string role_session_name;
  std::string sts_endpoint_url;
  bool requester_pays = false;
  bool anonymous = false;
  bool unsigned_payload = false;
  std::chrono::seconds answer_timeout{60};  // from a request's last byte to the first of its answer
  bool writes_with_customer_key =
      false;  // SSE-C; its key comes from the environment, as credentials do
};

// The options that say how an endpoint is reached, of one side: --source-endpoint-url and so on.
// The table in the .cc declares each once for both sides, with the field of SideSettings that it
// sets.
std::span<const options::Option> endpoint_options(std::string_view side);

// Sets these fields of `settings`, whose `side` is known.
void read_endpoint_options(const options::ParsedValues& values, SideSettings* settings);

}  // namespace dth::object_copy
