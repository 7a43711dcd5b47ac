#include "net/client/proxy.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "base/ascii.h"
#include "base/encoding.h"

namespace dth::net {
namespace ip = boost::asio::ip;
namespace {

std::optional<ip::address> address_of(std::string_view host) {
  boost::system::error_code failure;
  const auto address = ip::make_address(host, failure);
  return failure ? std::nullopt : std::optional(address);
}

bool is_link_local(const ip::address& address) {
  if (address.is_v4()) return (address.to_v4().to_uint() >> 16) == 0xa9fe;  // 169.254.0.0/16
  const auto bytes = address.to_v6().to_bytes();
  // fd00:ec2::/32 is where EC2 has its metadata.
  const bool is_metadata =
      bytes[0] == 0xfd && bytes[1] == 0x00 && bytes[2] == 0x0e && bytes[3] == 0xc2;
  return address.to_v6().is_link_local() || is_metadata;
}

bool is_link_local(std::string_view host) {
  const auto address = address_of(host);
  return address && is_link_local(*address);
}

bool is_loopback(std::string_view host) {
  const auto address = address_of(host);
  if (address) return address->is_loopback();
  const std::string name = ascii_lower(host);
  return name == "localhost" || name.ends_with(".localhost");
}

// Is the address in the network "address/bits"?
bool is_in_network(const ip::address& address, std::string_view network) {
  boost::system::error_code failure;
  if (address.is_v4()) {
    const auto range = ip::make_network_v4(network, failure);
    return !failure &&
           ip::network_v4(address.to_v4(), range.prefix_length()).canonical() == range.canonical();
  }
  const auto range = ip::make_network_v6(network, failure);
  return !failure &&
         ip::network_v6(address.to_v6(), range.prefix_length()).canonical() == range.canonical();
}

Error bad_proxy(std::string_view url, std::string_view what) {
  const std::string shown =
      url.find('@') == url.npos ? "\"" + printable(url.substr(0, 200)) + "\"" : "the proxy's URL";
  return Error{ErrorCode::invalid_argument,
               shown + " names no proxy that can be used: " + std::string(what) +
                   "; write it as http://host:port",
               ""};
}

// The first variable of these that is set and not empty.
std::pair<std::string, std::string> first_set(const std::map<std::string, std::string>& environment,
                                              std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = environment.find(name);
    if (found != environment.end() && !found->second.empty()) return {name, found->second};
  }
  return {};
}

}  // namespace

Result<HttpProxy> parse_proxy(std::string_view url) {
  std::string_view rest = url;
  if (const std::size_t scheme_end = rest.find("://"); scheme_end != rest.npos) {
    const std::string scheme = ascii_lower(rest.substr(0, scheme_end));
    if (scheme == "https")
      return bad_proxy(url, "TLS to the proxy itself is not supported (TLS through it is)");
    if (scheme.starts_with("socks")) return bad_proxy(url, "SOCKS proxies are not supported");
    if (scheme != "http") return bad_proxy(url, "its scheme is not http");
    rest.remove_prefix(scheme_end + 3);
  }
  HttpProxy proxy;
  if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
    const std::string_view user = rest.substr(0, at);
    const std::size_t colon = user.find(':');
    const auto name = percent_decode(user.substr(0, colon));
    const auto password = percent_decode(colon == user.npos ? "" : user.substr(colon + 1));
    if (!name || !password)
      return bad_proxy(url, "its user or password is not percent-encoded properly");
    proxy.authorization = "Basic " + base64_encode(as_bytes(*name + ":" + *password));
    rest.remove_prefix(at + 1);
  }
  auto origin = parse_origin("http://" + std::string(rest));
  if (origin.has_error())
    return bad_proxy(url, "it has no host, a wrong port, or something behind them");
  proxy.origin = std::move(*origin);
  return proxy;
}

ProxyRules ProxyRules::always(HttpProxy proxy) {
  ProxyRules rules;
  rules.for_tls_ = rules.for_plain_ = Choice{std::move(proxy)};
  rules.local_too_ = true;
  return rules;
}

ProxyRules ProxyRules::of_environment(const std::map<std::string, std::string>& environment) {
  const auto choose = [&](std::initializer_list<const char*> names) -> std::optional<Choice> {
    const auto [name, url] = first_set(environment, names);
    if (name.empty()) return std::nullopt;
    auto proxy = parse_proxy(url);
    if (proxy.has_error())
      return Choice{{}, std::move(proxy.error()).with_context("the environment variable " + name)};
    return Choice{std::move(*proxy)};
  };
  ProxyRules rules;
  rules.for_tls_ = choose({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  // HTTP_PROXY is what a CGI server makes of a request's header "Proxy".
  rules.for_plain_ = choose({"http_proxy", "all_proxy", "ALL_PROXY"});
  std::string list = ascii_lower(first_set(environment, {"no_proxy", "NO_PROXY"}).second);
  for (std::string_view rest = list; !rest.empty();) {
    const std::size_t end = rest.find_first_of(", \t");
    if (end != 0) rules.exceptions_.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return rules;
}

Result<const HttpProxy*> ProxyRules::find(const HttpOrigin& origin) const {
  constexpr const HttpProxy* straight = nullptr;
  const std::optional<Choice>& choice = origin.tls ? for_tls_ : for_plain_;
  if (!choice || is_link_local(origin.host) || (!local_too_ && is_loopback(origin.host)))
    return straight;
  for (const std::string& entry : exceptions_) {
    if (is_proxy_exception(origin.host, entry)) return straight;
  }
  if (choice->error) return *choice->error;
  return &choice->proxy;
}

bool is_proxy_exception(std::string_view host, std::string_view entry) {
  if (entry == "*") return true;
  if (const auto address = address_of(host)) {
    if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
    return entry.find('/') == entry.npos ? address_of(entry) == address
                                         : is_in_network(*address, entry);
  }
  const std::string name =
      ascii_lower(host.ends_with('.') ? host.substr(0, host.size() - 1) : host);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.ends_with('.')) entry.remove_suffix(1);
  if (entry.empty() || !name.ends_with(entry)) return false;
  return name.size() == entry.size() || name[name.size() - entry.size() - 1] == '.';
}

Error proxy_refusal(const HttpProxy& proxy, const HttpOrigin& origin, int status) {
  Error error{ErrorCode::unavailable,
              "the proxy " + proxy.origin.url() + " does not let us through to " + origin.url(),
              "HTTP " + std::to_string(status) + " of the proxy"};
  if (status == 407) {
    error.code = ErrorCode::unauthenticated;
    error.message += proxy.authorization.empty() ? ": it wants a user and a password"
                                                 : ": it does not accept the user and password";
    error.message +=
        "; put them into the proxy's URL in the environment (DTH_SOURCE_PROXY, "
        "DTH_DESTINATION_PROXY or HTTPS_PROXY), as "
        "http://user:password@host:port";
  } else if (status >= 400 && status < 500) {
    error.code = ErrorCode::permission_denied;
    error.message += "; ask its administrator to allow this host, or name another proxy";
  } else {
    error.message += "; check that it works and can reach that host";
  }
  return error;
}

}  // namespace dth::net
