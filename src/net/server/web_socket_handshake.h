#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/server/http_server.h"

namespace dth::net {

// Does the request ask for a WebSocket (RFC 6455, 4.2.1)? It may still be no good handshake.
bool wants_websocket(const ServerRequest& request);

struct WebSocketHandshake {
  unsigned status = 101;  // else the refusal's
  std::string_view why;
  HttpHeaders headers;  // of the answer
  std::string subprotocol;
};

// What to answer. Of `subprotocols`, where there are any, the first that the client offers is
// taken.
WebSocketHandshake answer_websocket(const ServerRequest& request, bool http_1_0,
                                    const std::vector<std::string>& subprotocols);

}  // namespace dth::net
