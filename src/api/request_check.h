#pragma once

#include "api/admission.h"
#include "api/authenticator.h"
#include "api/host_check.h"
#include "api/proxies.h"

namespace dth::api {

// A header that no page of another site can send without being asked first (CSRF): every request
// that is signed in by a cookie bears it, but for the opening of a WebSocket, to which browsers add
// none; that one bears Origin.
inline constexpr std::string_view request_header = "X-DTH-Request";

// What is taken of who has not signed in.
inline constexpr std::size_t anonymous_body_bytes_max = 16 * 1024;

// Decides about every request by its head: is it sent to this hub, by a page of its own, and by
// whom? It tells the request whose share of the hub it takes (`client`, `memory`) and who sends it
// (`context`, a std::shared_ptr<const Principal>).
class RequestCheck {
 public:
  // All must outlive this.
  RequestCheck(HostCheck hosts, TrustedProxies proxies, Authenticator& authenticator,
               Admission& admission)
      : hosts_(std::move(hosts)),
        proxies_(std::move(proxies)),
        authenticator_(authenticator),
        admission_(admission) {}

  // Of a route that everybody may ask: health, the console's files. Nothing, or the refusal.
  std::optional<net::ServerResponse> check_host(net::ServerRequest* request) const;
  // Of a route of the API. WebSockets and event streams are for who has signed in.
  Async<std::optional<net::ServerResponse>> check_api(net::ServerRequest* request);

 private:
  HostCheck hosts_;
  TrustedProxies proxies_;
  Authenticator& authenticator_;
  Admission& admission_;
};

}  // namespace dth::api
