#include "api/request_check.h"

#include "api/graphql_service.h"
#include "base/ascii.h"

namespace dth::api {
namespace {

using net::ServerRequest;
using net::ServerResponse;

Error foreign_page() {
  return {ErrorCode::permission_denied,
          "Pages of other sites may ask nothing here, nor open a WebSocket. If the page is the "
          "hub's own, name its host with --host-names.",
          ""};
}

Error foreign_host() {
  return {ErrorCode::invalid_argument,
          "This hub does not go by the name that the request was sent to. Use localhost, or give "
          "the name with --host-names.",
          ""};
}

bool opens_websocket(const ServerRequest& request) {
  return ascii_lower(request.headers.value_of("Upgrade")).find("websocket") != std::string::npos;
}

ServerResponse challenge(const Error& error) {
  auto answer = refusal(401, error);
  answer.headers.add("WWW-Authenticate", "Bearer");
  return answer;
}

ServerResponse refusal_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::unauthenticated:
      return challenge(error);
    case ErrorCode::throttled: {
      auto answer = refusal(503, error);
      answer.headers.add("Retry-After", "1");
      return answer;
    }
    default:
      return refusal(503, Error{ErrorCode::unavailable,
                                "The hub's state cannot be asked who you are: try again in a "
                                "moment.",
                                ""});
  }
}

// Of a request that a cookie signs in.
std::optional<ServerResponse> check_cookie_use(const ServerRequest& request) {
  const bool has_header = !request.headers.value_of(request_header).empty();
  const bool has_origin = request.headers.find("Origin").has_value();
  if (opens_websocket(request) ? has_origin : has_header) return std::nullopt;
  return refusal(403, Error{ErrorCode::permission_denied,
                            "A request that is signed in by a cookie has to bear the header "
                            "\"X-DTH-Request: 1\", and a WebSocket Origin: so that no page of "
                            "another site can send it.",
                            ""});
}

}  // namespace

std::optional<ServerResponse> RequestCheck::check_host(ServerRequest* request) const {
  proxies_.apply(request);
  if (!hosts_.allows_host(*request)) return refusal(421, foreign_host());
  return std::nullopt;
}

Async<std::optional<ServerResponse>> RequestCheck::check_api(ServerRequest* request) {
  if (auto refused = check_host(request)) co_return refused;
  if (!hosts_.allows_origin(*request)) co_return refusal(403, foreign_page());
  bool from_cookie = false;
  auto authenticated = co_await authenticator_.authenticate(*request, &from_cookie);
  if (authenticated.has_error()) co_return refusal_of(authenticated.error());
  const std::shared_ptr<const Principal> principal = std::move(*authenticated);
  if (principal->is_anonymous()) {
    if (opens_websocket(*request) || request->path != "/graphql") {
      co_return challenge({ErrorCode::unauthenticated,
                           "This is for those who have signed in: send an API token with "
                           "\"Authorization: Bearer ...\", or sign in first.",
                           ""});
    }
    request->body_bytes_max = anonymous_body_bytes_max;
  } else {
    if (from_cookie) {
      if (auto refused = check_cookie_use(*request)) co_return refused;
    }
    request->client = principal->client();
  }
  request->memory = admission_.memory_of(request->client);
  request->context = principal;
  co_return std::nullopt;
}

}  // namespace dth::api
