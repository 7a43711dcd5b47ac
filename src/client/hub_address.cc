#include "client/hub_address.h"

#include "base/ascii.h"
#include "base/encoding.h"

namespace dth::client {
namespace {

bool is_loopback(const std::string& host) {
  const std::string name = ascii_lower(host);
  if (name == "localhost" || name == "::1") return true;
  // "127.0.0.1.example.org" is a name that somebody else owns.
  return name.starts_with("127.") && name.find_first_not_of("0123456789.") == name.npos;
}

}  // namespace

std::string HubAddress::url() const { return endpoint.origin.url() + endpoint.path; }

Result<HubAddress> parse_hub_address(std::string_view text) {
  auto endpoint = net::parse_endpoint(text);
  if (endpoint.has_error()) {
    return Error{ErrorCode::invalid_argument,
                 printable(text) +
                     ": not the address of a hub. Expected https://HOST[:PORT][/PATH], such as "
                     "https://hub.example.org",
                 ""};
  }
  if (!endpoint->origin.tls && !is_loopback(endpoint->origin.host)) {
    return Error{ErrorCode::invalid_argument,
                 printable(text) +
                     ": plain HTTP would show your token to everybody on the way. Use https://, or "
                     "a tunnel to localhost, such as ssh -L 8080:localhost:8080 HOST",
                 ""};
  }
  return HubAddress{std::move(*endpoint)};
}

}  // namespace dth::client
