#include "net/client/request_head.h"

#include <charconv>

namespace dth::net {
namespace {

constexpr std::array<std::string_view, 7> own_headers = {
    "host",   "user-agent",         "content-length", "connection", "transfer-encoding",
    "expect", "proxy-authorization"};

bool is_own(std::string_view name) {
  return std::ranges::any_of(own_headers,
                             [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

bool is_target(std::string_view text) {
  return text.starts_with('/') &&
         std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

Error refused(std::string what) {
  return Error{ErrorCode::invalid_argument, "request not sent: " + std::move(what), ""};
}

// The end of the line before it, and the line.
constexpr std::string_view agent_line = "\r\nUser-Agent: dth/" DTH_VERSION "\r\n";

}  // namespace

Result<void> write_request_head(const HttpRequest& request, std::string_view authority,
                                std::optional<std::uint64_t> body_size, std::string* text,
                                const HttpProxy* asked_proxy) {
  if (!is_token(request.method)) return refused("its method is no HTTP method");
  if (!is_target(request.target)) {
    return refused(
        "its target must begin with a slash and be percent-encoded, without spaces and control "
        "characters");
  }
  text->clear();
  text->append(request.method).append(" ");
  if (asked_proxy) text->append("http://").append(authority);
  text->append(request.target).append(" HTTP/1.1\r\nHost: ").append(authority).append(agent_line);
  if (asked_proxy && !asked_proxy->authorization.empty()) {
    text->append("Proxy-Authorization: ").append(asked_proxy->authorization).append("\r\n");
  }
  for (const HttpHeader header : request.headers) {
    if (!is_token(header.name))
      return refused("one of its header names has a character that no header name has");
    if (is_own(header.name))
      return refused("the header " + std::string(header.name) + " is set by the client itself");
    if (!is_header_value(header.value)) {
      return refused("the value of the header " + std::string(header.name) +
                     " holds a line break or a NUL, which HTTP cannot carry");
    }
  }
  text->append(request.headers.lines());
  if (body_size) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, *body_size).ptr;
    text->append("Content-Length: ").append(digits, end).append("\r\n");
  }
  // Not without content: RFC 9110, 10.1.1.
  if (request.expect_continue && body_size.value_or(0) > 0)
    text->append("Expect: 100-continue\r\n");
  text->append("\r\n");
  return {};
}

}  // namespace dth::net
