#pragma once

#include <optional>
#include <string_view>

#include <boost/asio/ip/address.hpp>

#include "base/error.h"

namespace dth::net {

// What an address leads to. IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64, 6to4,
// Teredo, ISATAP) are what that address is.
enum class AddressKind {
  open,           // anybody's
  private_space,  // RFC 1918, RFC 6598 (shared), RFC 4193 and the like
  loopback,       // this host
  // Link-local and unspecified addresses, multicast, broadcast, reserved ones, and the addresses at
  // which clouds serve instance metadata and credentials.
  never,
};
AddressKind address_kind(const boost::asio::ip::address& address);

// Which addresses a client may connect to. The rule for addresses that users give to the hub, who
// must not make it reach what only its host may reach. `never` is refused in every case.
//
// It is asked about the address that is connected to, after the name was resolved, at every hop: a
// name that resolves to something else a moment later gains nothing.
struct AddressPolicy {
  bool allows_private = true;
  bool allows_loopback = true;

  // Nothing: it may be connected to. permission_denied: why not; `host` is what the user named.
  std::optional<Error> refusal(const boost::asio::ip::address& address,
                               std::string_view host) const;
  // The same of a host that somebody else resolves (a proxy): where it is a literal address.
  std::optional<Error> refusal_of_literal(std::string_view host) const;
};

}  // namespace dth::net
