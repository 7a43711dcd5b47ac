#include "api/host_check.h"

#include <algorithm>

#include "base/ascii.h"

namespace dth::api {
namespace {

// "Hub.Example.org.:8080": hub.example.org; "[::1]:80": ::1.
std::string name_of(std::string_view host_and_port) {
  if (host_and_port.starts_with('[')) {
    const std::size_t end = host_and_port.find(']');
    return end == std::string_view::npos ? "" : ascii_lower(host_and_port.substr(1, end - 1));
  }
  std::string name = ascii_lower(host_and_port.substr(0, host_and_port.find(':')));
  if (name.ends_with('.')) name.pop_back();
  return name;
}

// 127.x.y.z with nothing but digits and dots: no name looks like that.
bool is_loopback_address(std::string_view name) {
  return name == "::1" ||
         (name.starts_with("127.") && std::all_of(name.begin(), name.end(), [](char c) {
            return c == '.' || (c >= '0' && c <= '9');
          }));
}

// Of digits and dots, or in brackets: names are neither.
bool is_address(std::string_view host_and_port, std::string_view name) {
  if (host_and_port.starts_with('[')) return name.find(':') != name.npos;
  return !name.empty() && name.back() >= '0' && name.back() <= '9' &&
         name.find_first_not_of("0123456789.") == name.npos;
}

// In lower case, and without a port that is the scheme's own.
std::string without_port(std::string_view host_and_port, std::string_view default_port) {
  if (host_and_port.ends_with(default_port)) host_and_port.remove_suffix(default_port.size());
  return ascii_lower(host_and_port);
}

}  // namespace

bool is_loopback_host(std::string_view host_and_port) {
  const std::string name = name_of(host_and_port);
  return name == "localhost" || is_loopback_address(name);
}

bool is_from_this_host(const net::ServerRequest& request) {
  std::string_view peer = request.remote_address;
  constexpr std::string_view mapped = "::ffff:";
  if (peer.starts_with(mapped)) peer.remove_prefix(mapped.size());
  if (!is_loopback_address(peer) || !is_loopback_host(request.headers.value_of("Host")))
    return false;
  for (const auto& header : request.headers) {
    const std::string name = ascii_lower(header.name);
    if (name == "forwarded" || name == "via" || name == "x-real-ip" ||
        name.starts_with("x-forwarded-"))
      return false;
  }
  const auto origin = request.headers.find("Origin");
  if (!origin) return true;
  const std::size_t scheme = origin->find("://");
  return scheme != std::string_view::npos && is_loopback_host(origin->substr(scheme + 3));
}

HostCheck::HostCheck(std::vector<std::string> names, bool is_public) : is_public_(is_public) {
  for (const std::string& name : names) names_.push_back(ascii_lower(name));
}

bool HostCheck::is_ours(std::string_view host_and_port) const {
  const std::string name = name_of(host_and_port);
  return name == "localhost" || is_loopback_address(name) ||
         (is_public_ && is_address(host_and_port, name)) ||
         std::find(names_.begin(), names_.end(), name) != names_.end();
}

bool HostCheck::allows_host(const net::ServerRequest& request) const {
  return (is_public_ && names_.empty()) || is_ours(request.headers.find("Host").value_or(""));
}

bool HostCheck::allows_origin(const net::ServerRequest& request) const {
  const auto site = request.headers.find("Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none") return false;
  const auto origin = request.headers.find("Origin");
  if (!origin) return true;
  const std::size_t scheme = origin->find("://");
  if (scheme == std::string_view::npos) return false;  // "null"
  const std::string_view default_port = origin->starts_with("https:") ? ":443" : ":80";
  const std::string from = without_port(origin->substr(scheme + 3), default_port);
  if (from.empty()) return false;
  const auto host = request.headers.find("Host").value_or("");
  if (without_port(host, default_port) == from) return true;
  // A proxy in front may pass another name on. It is at the default port: pages of other ports of
  // its host are not the hub's.
  return std::find(names_.begin(), names_.end(), from) != names_.end();
}

}  // namespace dth::api
