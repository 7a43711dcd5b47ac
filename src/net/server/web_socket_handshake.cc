#include "net/server/web_socket_handshake.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "base/encoding.h"
#include "net/header_text.h"

namespace dth::net {
namespace {

constexpr std::string_view key_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t key_bytes = 16;

WebSocketHandshake refused(unsigned status, std::string_view why) { return {status, why, {}, {}}; }

// Any of the lines of that name has the element.
bool any_has_element(const HttpHeaders& headers, std::string_view name, std::string_view element) {
  return std::ranges::any_of(headers, [&](const auto& field) {
    return equals_ignoring_case(field.name, name) && has_element(field.value, element);
  });
}

std::vector<std::string_view> offered_subprotocols(const HttpHeaders& headers) {
  std::vector<std::string_view> offered;
  for (const auto& [name, value] : headers) {
    if (!equals_ignoring_case(name, "Sec-WebSocket-Protocol")) continue;
    for (std::string_view list = value; !list.empty();) offered.push_back(next_element(&list));
  }
  return offered;
}

std::string accept_value(std::string_view key) {
  const std::string text = std::string(key).append(key_suffix);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return base64_encode(as_bytes({reinterpret_cast<const char*>(digest.data()), size}));
}

}  // namespace

bool wants_websocket(const ServerRequest& request) {
  return any_has_element(request.headers, "Upgrade", "websocket") &&
         any_has_element(request.headers, "Connection", "upgrade");
}

WebSocketHandshake answer_websocket(const ServerRequest& request, bool http_1_0,
                                    const std::vector<std::string>& subprotocols) {
  if (request.method != "GET" || http_1_0 || !wants_websocket(request))
    return refused(400, "no WebSocket handshake");
  const auto version = request.headers.find("Sec-WebSocket-Version");
  if (!version || *version != "13") {
    WebSocketHandshake result =
        refused(version ? 426 : 400, "WebSocket of version 13 is spoken here");
    result.headers.add("Sec-WebSocket-Version", "13");
    return result;
  }
  const auto key = request.headers.find("Sec-WebSocket-Key");
  const auto decoded = base64_decode(key.value_or(""));
  if (!decoded || decoded->size() != key_bytes)
    return refused(400, "Sec-WebSocket-Key is not 16 bytes in base 64");
  WebSocketHandshake result;
  result.headers.add("Sec-WebSocket-Accept", accept_value(*key));
  if (subprotocols.empty()) return result;
  const auto offered = offered_subprotocols(request.headers);
  for (const std::string& ours : subprotocols) {
    if (std::ranges::find(offered, ours) == offered.end()) continue;
    result.subprotocol = ours;
    result.headers.add("Sec-WebSocket-Protocol", ours);
    return result;
  }
  return refused(400, "none of the offered subprotocols is spoken here");
}

}  // namespace dth::net
