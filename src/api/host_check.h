#pragma once

#include <string>
#include <vector>

#include "net/server/http_server.h"

namespace dth::api {

// Keeps pages of other sites from talking to a hub through the browser of somebody who can reach
// it.
//
// A page may have its own name resolve to 127.0.0.1 (DNS rebinding): then its requests are of its
// own origin, but bear its name in Host. And a WebSocket is subject to no same-origin policy: only
// Origin tells where it comes from.
class HostCheck {
 public:
  // Takes any name: for addresses that others can reach, where names are the certificate's affair.
  static HostCheck any(std::vector<std::string> names) { return HostCheck(std::move(names), true); }
  // Takes localhost, loopback addresses and these names.
  static HostCheck only(std::vector<std::string> names) {
    return HostCheck(std::move(names), false);
  }

  // Is the name that the request was sent to one of the hub's?
  bool allows_host(const net::ServerRequest& request) const;
  // Is the request from no page, or from one of the hub's own?
  bool allows_origin(const net::ServerRequest& request) const;

 private:
  HostCheck(std::vector<std::string> names, bool takes_any);
  bool is_ours(std::string_view host_and_port) const;

  std::vector<std::string> names_;  // lower case
  bool takes_any_;
};

}  // namespace dth::api
