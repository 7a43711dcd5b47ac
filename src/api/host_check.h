#pragma once

#include <string>
#include <vector>

#include "net/server/http_server.h"

namespace dth::api {

// Is it localhost or a loopback address? `host_and_port`: as in Host.
bool is_loopback_host(std::string_view host_and_port);

// Does the request come from this host itself, by no proxy? Host and Origin are written by the
// client and whatever is between: the connection's own address has to be a loopback one as well,
// and no header may tell that somebody forwarded it.
bool is_from_this_host(const net::ServerRequest& request);

// Keeps pages of other sites from talking to a hub through the browser of somebody who can reach
// it.
//
// A page may have its own name resolve to 127.0.0.1 (DNS rebinding): then its requests are of its
// own origin, but bear its name in Host. And a WebSocket is subject to no same-origin policy: only
// Origin tells where it comes from.
class HostCheck {
 public:
  // `names` are the hub's, beside localhost and loopback addresses. A public hub, one that others
  // can reach, also goes by any address, which no page can make its own name; and by any name where
  // none are given.
  HostCheck(std::vector<std::string> names, bool is_public);

  // Is the name that the request was sent to one of the hub's?
  bool allows_host(const net::ServerRequest& request) const;
  // Is the request from no page, or from one of the hub's own? By Sec-Fetch-Site, which browsers
  // send where there is no Origin as well, and by Origin: it names what Host names, with the port,
  // or one of the hub's names at the default port of its scheme (a proxy in front may pass another
  // Host on).
  bool allows_origin(const net::ServerRequest& request) const;

 private:
  bool is_ours(std::string_view host_and_port) const;

  std::vector<std::string> names_;  // lower case
  bool is_public_;
};

}  // namespace dth::api
