#pragma once

#include <string>
#include <string_view>

#include "net/client/http_client.h"

namespace dth::client {

// Where a hub is: "https://hub.example.org", with a port and a path where it has them.
struct HubAddress {
  net::HttpEndpoint endpoint;

  std::string url() const;  // the same hub has the same text: no slash at its end
  std::string graphql_target() const { return endpoint.path + "/graphql"; }
};

// Errors: invalid_argument for what is not the address of a hub, and for plain HTTP to another host
// than this one, which would show token and password to everybody on the way.
Result<HubAddress> parse_hub_address(std::string_view text);

}  // namespace dth::client
