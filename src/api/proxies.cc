#include "api/proxies.h"

#include <charconv>
#include <optional>

#include <boost/asio/ip/address.hpp>

#include "base/ascii.h"

namespace dth::api {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> parse_address(std::string_view text) {
  boost::system::error_code failure;
  auto address = ip::make_address(std::string(text), failure);
  if (failure) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

std::vector<unsigned char> bytes_of(const ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto bytes = address.to_v6().to_bytes();
  return {bytes.begin(), bytes.end()};
}

// As the server names clients: the address, of IPv6 its first 64 bits.
std::string client_name(const ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  for (std::size_t i = 8; i < bytes.size(); ++i) bytes[i] = 0;
  return ip::address_v6(bytes).to_string() + "/64";
}

// "1.2.3.4", "1.2.3.4:567", "[::1]:567".
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const std::size_t colon = text.find(':');
  const bool is_v4 = colon != text.npos && text.find(':', colon + 1) == text.npos;
  return is_v4 ? text.substr(0, colon) : text;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(std::string_view networks) {
  TrustedProxies proxies;
  while (!networks.empty()) {
    const std::size_t comma = networks.find(',');
    const std::string text(trimmed(networks.substr(0, comma)));
    networks = comma == networks.npos ? "" : networks.substr(comma + 1);
    const std::size_t slash = text.find('/');
    const auto address = parse_address(std::string_view(text).substr(0, slash));
    Network network;
    if (address) network.bytes = bytes_of(*address);
    network.bits = static_cast<unsigned>(8 * network.bytes.size());
    bool is_fit = address.has_value();
    if (is_fit && slash != std::string::npos) {
      const char* end = text.data() + text.size();
      unsigned bits = 0;
      const auto parsed = std::from_chars(text.data() + slash + 1, end, bits);
      is_fit = parsed.ec == std::errc() && parsed.ptr == end && bits <= network.bits;
      network.bits = bits;
    }
    if (!is_fit) {
      return Error{ErrorCode::invalid_argument,
                   "\"" + text + "\" is not an address or a network such as 10.0.0.0/8", ""};
    }
    proxies.networks_.push_back(std::move(network));
  }
  return proxies;
}

bool TrustedProxies::contains(std::string_view text) const {
  const auto address = parse_address(text);
  if (!address) return false;
  const auto bytes = bytes_of(*address);
  for (const Network& network : networks_) {
    if (network.bytes.size() != bytes.size()) continue;
    bool same = true;
    for (unsigned bit = 0; same && bit < network.bits; ++bit) {
      const unsigned char mask = static_cast<unsigned char>(0x80u >> (bit % 8));
      same = (bytes[bit / 8] & mask) == (network.bytes[bit / 8] & mask);
    }
    if (same) return true;
  }
  return false;
}

void TrustedProxies::apply(net::ServerRequest* request) const {
  if (networks_.empty() || !contains(request->remote_address)) return;
  std::string chain;
  for (const auto& header : request->headers) {
    if (ascii_lower(header.name) != "x-forwarded-for") continue;
    chain += (chain.empty() ? "" : ",") + std::string(header.value);
  }
  // From the right: what stands left of the first address that is no proxy's anybody can write.
  std::string_view rest = chain;
  while (!rest.empty()) {
    const std::size_t comma = rest.rfind(',');
    const std::string_view last =
        without_port(trimmed(comma == rest.npos ? rest : rest.substr(comma + 1)));
    rest = comma == rest.npos ? "" : rest.substr(0, comma);
    const auto address = parse_address(last);
    if (!address) break;
    request->remote_address = address->to_string();
    request->client = client_name(*address);
    if (!contains(last)) break;
  }
  const std::string protocol = ascii_lower(trimmed(request->headers.value_of("X-Forwarded-Proto")));
  if (!protocol.empty()) request->secure = protocol == "https";
}

}  // namespace dth::api
