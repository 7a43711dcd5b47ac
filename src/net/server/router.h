#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "net/server/http_server.h"

namespace dth::net {

// Finds the route of a path and method.
class Router {
 public:
  // invalid_argument for a path without a slash at its beginning, a prefix without one at its end,
  // a route without method or handler, or two routes for the same.
  static Result<Router> make(std::vector<Route> routes);

  struct Match {
    const Route* route = nullptr;
    bool found_path = false;
    std::string_view allow;  // the value of Allow, where the path was found
  };
  Match match(std::string_view path, std::string_view method) const;

 private:
  struct Place {
    std::vector<Route> routes;
    std::string allow;
  };
  const Place* find(std::string_view path) const;

  std::map<std::string, Place, std::less<>> exact_;
  std::map<std::string, Place, std::less<>> prefixes_;
};

}  // namespace dth::net
