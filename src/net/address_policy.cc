#include "net/address_policy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <arpa/inet.h>

#include "base/encoding.h"

namespace dth::net {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;
using V6Bytes = address_v6::bytes_type;

struct Network4 {
  std::uint32_t network;
  int bits;
  AddressKind kind;
};
constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
// The first that matches. https://www.iana.org/assignments/iana-ipv4-special-registry
constexpr std::array networks4 = {
    Network4{v4(0, 0, 0, 0), 8, AddressKind::never},
    Network4{v4(127, 0, 0, 0), 8, AddressKind::loopback},
    Network4{v4(169, 254, 0, 0), 16, AddressKind::never},  // link-local: metadata of most clouds
    Network4{v4(100, 100, 100, 200), 32, AddressKind::never},  // Alibaba Cloud's metadata
    Network4{v4(168, 63, 129, 16), 32, AddressKind::never},    // Azure's host
    Network4{v4(192, 0, 0, 192), 32, AddressKind::never},      // Oracle Cloud's metadata
    Network4{v4(224, 0, 0, 0), 4, AddressKind::never},         // multicast
    Network4{v4(240, 0, 0, 0), 4, AddressKind::never},         // reserved, broadcast
    Network4{v4(10, 0, 0, 0), 8, AddressKind::private_space},
    Network4{v4(100, 64, 0, 0), 10, AddressKind::private_space},
    Network4{v4(172, 16, 0, 0), 12, AddressKind::private_space},
    Network4{v4(192, 0, 0, 0), 24, AddressKind::private_space},
    Network4{v4(192, 168, 0, 0), 16, AddressKind::private_space},
    Network4{v4(198, 18, 0, 0), 15, AddressKind::private_space},
};

AddressKind kind_of(address_v4 address) {
  for (const Network4& each : networks4) {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - each.bits);
    if ((address.to_uint() & mask) == each.network) return each.kind;
  }
  return AddressKind::open;
}

bool begins_with(const V6Bytes& bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

address_v4 v4_at(const V6Bytes& bytes, std::size_t first, std::uint8_t flipped = 0) {
  address_v4::bytes_type part;
  for (std::size_t i = 0; i < part.size(); ++i)
    part[i] = static_cast<std::uint8_t>(bytes[first + i] ^ flipped);
  return address_v4(part);
}

AddressKind stricter(AddressKind one, AddressKind other) { return std::max(one, other); }

// Metadata services with addresses of their own among the private ones.
bool is_metadata(const V6Bytes& bytes) {
  constexpr std::array<std::string_view, 4> services = {
      "fd00:ec2::254",       // Amazon EC2
      "fd00:ec2::23",        // Amazon EKS, credentials of pods
      "fd20:ce::254",        // Google Cloud
      "fd00:c1::a9fe:a9fe",  // Oracle Cloud
  };
  return std::any_of(services.begin(), services.end(), [&](std::string_view service) {
    return boost::asio::ip::make_address_v6(std::string(service)).to_bytes() == bytes;
  });
}

AddressKind kind_of(const address_v6& address) {
  const V6Bytes bytes = address.to_bytes();
  if (address.is_unspecified()) return AddressKind::never;
  if (address.is_loopback()) return AddressKind::loopback;
  // ::ffff:a.b.c.d, ::ffff:0:a.b.c.d (SIIT), ::a.b.c.d
  if (begins_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0})) return kind_of(v4_at(bytes, 12));
  // NAT64: RFC 6052, and RFC 8215, whose networks are an administrator's own.
  if (begins_with(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
    return kind_of(v4_at(bytes, 12));
  if (begins_with(bytes, {0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}))
    return stricter(AddressKind::private_space, kind_of(v4_at(bytes, 12)));
  if (begins_with(bytes, {0x20, 0x02})) return kind_of(v4_at(bytes, 2));
  // Teredo: the server, and the client, whose bits are flipped.
  if (begins_with(bytes, {0x20, 0x01, 0x00, 0x00}))
    return stricter(kind_of(v4_at(bytes, 4)), kind_of(v4_at(bytes, 12, 0xff)));
  if (address.is_link_local() || address.is_multicast() || is_metadata(bytes))
    return AddressKind::never;
  AddressKind kind = AddressKind::open;
  const bool is_private = (bytes[0] & 0xfe) == 0xfc || address.is_site_local();
  if (is_private) kind = AddressKind::private_space;
  // ISATAP, RFC 5214
  const bool is_isatap =
      (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
  return is_isatap ? stricter(kind, kind_of(v4_at(bytes, 12))) : kind;
}

}  // namespace

AddressKind address_kind(const address& address) {
  return address.is_v4() ? kind_of(address.to_v4()) : kind_of(address.to_v6());
}

std::optional<Error> AddressPolicy::refusal(const address& address, std::string_view host) const {
  const AddressKind kind = address_kind(address);
  std::string why;
  switch (kind) {
    case AddressKind::open:
      return std::nullopt;
    case AddressKind::private_space:
      if (allows_private) return std::nullopt;
      why = "is in a private network, which this hub does not let endpoints reach";
      break;
    case AddressKind::loopback:
      if (allows_loopback) return std::nullopt;
      why = "is this host itself, which this hub does not let endpoints reach";
      break;
    case AddressKind::never:
      why = "is a link-local, metadata or reserved address, which no endpoint may reach";
      break;
  }
  const std::string text = address.to_string();
  const std::string named = printable(host);
  return Error{
      ErrorCode::permission_denied,
      (named == text ? text : named + " (" + text + ")") + " " + why + ": name another host", ""};
}

std::optional<Error> AddressPolicy::refusal_of_literal(std::string_view host) const {
  boost::system::error_code failure;
  // A dot at the end says that the name is whole: resolvers and proxies take it for the same.
  const std::string text(host.ends_with('.') ? host.substr(0, host.size() - 1) : host);
  const auto literal = boost::asio::ip::make_address(text, failure);
  if (!failure) return refusal(literal, host);
  // 0x7f.1, 2130706433: what resolvers take for an address, too.
  in_addr packed{};
  if (::inet_aton(text.c_str(), &packed) == 0) return std::nullopt;
  return refusal(address_v4(ntohl(packed.s_addr)), host);
}

}  // namespace dth::net
