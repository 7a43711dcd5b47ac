#include "net/server/router.h"

#include <algorithm>

#include "net/header_text.h"

namespace dth::net {
namespace {

bool takes(const Route& route, std::string_view method) {
  return std::ranges::find(route.methods, method) != route.methods.end();
}

// Why a route cannot be, or nothing.
std::string_view fault_of(const Route& route) {
  if (!route.path.starts_with('/')) return "its path does not begin with a slash";
  if (route.prefix && !route.path.ends_with('/'))
    return "it is a prefix that does not end in a slash";
  if (!route.handler) return "it has no handler";
  if (route.methods.empty() || !std::ranges::all_of(route.methods, is_token))
    return "it has no methods that HTTP could have";
  return {};
}

std::string allow_of(const std::vector<Route>& routes) {
  std::vector<std::string_view> methods;
  const auto add = [&](std::string_view method) {
    if (std::ranges::find(methods, method) == methods.end()) methods.push_back(method);
  };
  for (const Route& route : routes) {
    for (const std::string& method : route.methods) {
      add(method);
      if (method == "GET") add("HEAD");
    }
  }
  add("OPTIONS");
  std::string text;
  for (std::string_view method : methods) text.append(text.empty() ? "" : ", ").append(method);
  return text;
}

}  // namespace

Result<Router> Router::make(std::vector<Route> routes) {
  Router router;
  for (Route& route : routes) {
    const std::string_view fault = fault_of(route);
    if (!fault.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "the route " + route.path + " cannot be served: " + std::string(fault), ""};
    }
    Place& place = (route.prefix ? router.prefixes_ : router.exact_)[route.path];
    for (const Route& other : place.routes) {
      for (const std::string& method : other.methods) {
        if (takes(route, method)) {
          return Error{ErrorCode::invalid_argument, "two routes serve " + method + " " + route.path,
                       ""};
        }
      }
    }
    place.routes.push_back(std::move(route));
    place.allow = allow_of(place.routes);
  }
  return router;
}

const Router::Place* Router::find(std::string_view path) const {
  if (const auto found = exact_.find(path); found != exact_.end()) return &found->second;
  // From the longest beginning that ends in a slash; paths are bounded by the head's size.
  for (std::size_t end = path.rfind('/'); end != path.npos && !prefixes_.empty();) {
    const auto found = prefixes_.find(path.substr(0, end + 1));
    if (found != prefixes_.end()) return &found->second;
    if (end == 0) break;
    end = path.rfind('/', end - 1);
  }
  return nullptr;
}

Router::Match Router::match(std::string_view path, std::string_view method) const {
  const Place* place = find(path);
  if (place == nullptr) return {};
  Match match{nullptr, true, place->allow};
  for (const Route& route : place->routes) {
    if (takes(route, method)) match.route = &route;
  }
  if (match.route != nullptr || method != "HEAD") return match;
  for (const Route& route : place->routes) {
    if (takes(route, "GET")) match.route = &route;
  }
  return match;
}

}  // namespace dth::net
