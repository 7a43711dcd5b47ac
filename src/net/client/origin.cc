#include <charconv>

#include "base/ascii.h"
#include "net/client/http_client.h"

namespace dth::net {
namespace {

Error bad_url(std::string_view url, std::string_view what) {
  // The URL may carry a password: it is shown only where it has no user part.
  const std::string shown =
      url.find('@') == std::string_view::npos ? "\"" + std::string(url) + "\"" : "The endpoint URL";
  return Error{ErrorCode::invalid_argument,
               shown + " is not usable as an endpoint: " + std::string(what) +
                   "; write it as https://host[:port]",
               ""};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_address_character(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == '.' ||
         c == ':';
}

}  // namespace

std::string HttpOrigin::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string HttpOrigin::url() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return (tls ? "https://" : "http://") + name + ":" + std::to_string(port);
}

Result<HttpOrigin> parse_origin(std::string_view url) {
  HttpOrigin origin;
  std::string_view rest = url;
  // Schemes are the same in upper and lower case: RFC 3986, 3.1.
  const auto begins = [&](std::string_view scheme) {
    return ascii_lower(rest.substr(0, scheme.size())) == scheme;
  };
  if (begins("https://")) {
    rest.remove_prefix(8);
  } else if (begins("http://")) {
    rest.remove_prefix(7);
    origin.tls = false;
    origin.port = 80;
  } else {
    return bad_url(url, "it does not begin with https:// or http://");
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('@') != std::string_view::npos)
    return bad_url(url, "it holds a user name, which belongs to the credentials");
  if (rest.find_first_of("/?#") != std::string_view::npos)
    return bad_url(url, "it has a path or a query");

  std::string_view port;
  bool has_port = false;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos)
      return bad_url(url, "the closing bracket of the address is missing");
    const std::string_view address = rest.substr(1, end - 1);
    if (address.find(':') == std::string_view::npos ||
        !std::ranges::all_of(address, is_address_character)) {
      return bad_url(url, "what is in the brackets is no IPv6 address");
    }
    origin.host = address;
    rest.remove_prefix(end + 1);
    has_port = rest.starts_with(':');
    if (!has_port && !rest.empty())
      return bad_url(url, "something follows the closing bracket that is no port");
    if (has_port) port = rest.substr(1);
  } else {
    const std::size_t colon = rest.find(':');
    has_port = colon != std::string_view::npos;
    if (has_port) port = rest.substr(colon + 1);
    origin.host = rest.substr(0, colon);
    // Names of hosts are compared byte by byte from here on.
    for (char& c : origin.host) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    if (origin.host.empty()) return bad_url(url, "the host is missing");
    if (port.find(':') != std::string_view::npos)
      return bad_url(url, "an IPv6 address needs brackets around it");
    if (!std::ranges::all_of(origin.host, is_host_character))
      return bad_url(url, "the host has a character that no host has");
  }
  if (has_port) {
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (failure != std::errc() || end != port.data() + port.size() || value < 1 || value > 65535) {
      return bad_url(url, "the port is not a number from 1 to 65535");
    }
    origin.port = static_cast<std::uint16_t>(value);
  }
  return origin;
}

Result<HttpEndpoint> parse_endpoint(std::string_view url) {
  constexpr std::string_view path_marks = "-._~!$&'()*+,;=:@%/";
  const std::size_t scheme = url.find("://");
  const std::size_t begin = url.find('/', scheme == url.npos ? 0 : scheme + 3);
  auto origin = parse_origin(url.substr(0, begin));
  if (origin.has_error()) return origin.error();
  HttpEndpoint endpoint{std::move(*origin), std::string(url.substr(std::min(begin, url.size())))};
  std::string& path = endpoint.path;
  while (path.ends_with('/')) path.pop_back();
  const auto is_sound = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           path_marks.find(c) != path_marks.npos;
  };
  if (!std::ranges::all_of(path, is_sound))
    return bad_url(url, "its path has a query, or a character that has to be percent-encoded");
  for (std::string_view rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view name = rest.substr(0, rest.find('/'));
    if (name.empty() || name == "." || name == "..")
      return bad_url(url, "its path has an empty name, \".\" or \"..\"");
    rest.remove_prefix(name.size());
  }
  return endpoint;
}

}  // namespace dth::net
