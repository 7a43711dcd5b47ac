#include "net/server/answer_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "net/header_text.h"
#include "net/http_date.h"

namespace dth::net {
namespace {

// They say where a message ends, or are added to each.
constexpr std::array<std::string_view, 9> own_headers = {
    "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Trailer",
    "Date",           "X-Request-Id",      "Server"};

struct Default {
  std::string_view name;
  std::string_view value;  // empty: depends on the server
};
constexpr std::array<Default, 7> defaults = {{
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Content-Security-Policy", ""},
    {"Strict-Transport-Security", ""},
}};
constexpr std::size_t policy_index = 5;
constexpr std::size_t transport_index = 6;
constexpr std::string_view transport_security = "max-age=31536000";

void append_line(std::string_view name, std::string_view value, std::string* text) {
  text->append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::uint64_t value, std::string* text) {
  char digits[20];
  text->append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace

std::string_view status_text(unsigned status) {
  static constexpr std::array<std::pair<unsigned, std::string_view>, 39> names = {{
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {426, "Upgrade Required"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  }};
  const auto found =
      std::ranges::find(names, status, &std::pair<unsigned, std::string_view>::first);
  return found == names.end() ? "Unknown" : found->second;
}

AnswerHeads::AnswerHeads(std::string content_security_policy, bool secure)
    : content_security_policy_(std::move(content_security_policy)), secure_(secure) {
  for (const Default& header : defaults) {
    if (!header.value.empty()) append_line(header.name, header.value, &all_defaults_);
  }
  if (!content_security_policy_.empty()) {
    append_line(defaults[policy_index].name, content_security_policy_, &all_defaults_);
  }
  if (secure_) append_line(defaults[transport_index].name, transport_security, &all_defaults_);
}

std::string_view AnswerHeads::date(TimePoint now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (date_.empty() || second != date_time_) {
    date_ = format_http_date(now);
    date_time_ = second;
  }
  return date_;
}

Result<void> AnswerHeads::write(unsigned status, const HttpHeaders& headers,
                                const AnswerFraming& framing, std::string_view id, TimePoint now,
                                std::string* text) {
  text->clear();
  text->append("HTTP/1.1 ");
  append_number(status, text);
  text->append(" ").append(status_text(status)).append("\r\n");
  append_line("Date", date(now), text);
  std::array<bool, defaults.size()> stated{};
  bool any_stated = false;
  for (const auto& [name, value] : headers) {
    const auto is_name = [&name = name](std::string_view other) {
      return equals_ignoring_case(name, other);
    };
    if (!is_token(name))
      return Error{ErrorCode::internal, "a header's name has a character that no name has", ""};
    if (!is_header_value(value)) {
      return Error{ErrorCode::internal,
                   "the value of the header " + std::string(name) + " holds a line break or a NUL",
                   ""};
    }
    if (std::ranges::any_of(own_headers, is_name)) {
      return Error{ErrorCode::internal,
                   "the header " + std::string(name) + " is the server's own to write", ""};
    }
    const auto found = std::ranges::find_if(defaults, is_name, &Default::name);
    if (found != defaults.end())
      any_stated = stated[static_cast<std::size_t>(found - defaults.begin())] = true;
    append_line(name, value, text);
  }
  append_line("X-Request-Id", id, text);
  if (!any_stated) {
    text->append(all_defaults_);
  } else {
    for (std::size_t i = 0; i < defaults.size(); ++i) {
      std::string_view value = defaults[i].value;
      if (i == policy_index) value = content_security_policy_;
      if (i == transport_index && secure_) value = transport_security;
      if (!stated[i] && !value.empty()) append_line(defaults[i].name, value, text);
    }
  }
  if (framing.length) {
    text->append("Content-Length: ");
    append_number(*framing.length, text);
    text->append("\r\n");
  }
  if (framing.chunked) append_line("Transfer-Encoding", "chunked", text);
  if (framing.upgrade) {
    text->append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
  } else if (framing.close) {
    append_line("Connection", "close", text);
  } else if (framing.keep_alive_1_0) {
    append_line("Connection", "keep-alive", text);
  }
  text->append("\r\n");
  return {};
}

}  // namespace dth::net
