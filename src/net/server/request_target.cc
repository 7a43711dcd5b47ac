#include "net/server/request_target.h"

#include <algorithm>

#include "base/encoding.h"
#include "net/header_text.h"

namespace dth::net {
namespace {

// What browsers send unencoded goes beyond RFC 3986; what no URL has, and what could end one, does
// not pass.
bool is_target_char(unsigned char c) {
  return c > ' ' && c < 0x7f && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\';
}

bool is_decoded_char(unsigned char c) { return c >= ' ' && c != 0x7f; }

// A slash that was encoded is no separator, and must not become one.
bool hides_separator(std::string_view encoded) {
  for (std::size_t at = encoded.find('%'); at != encoded.npos; at = encoded.find('%', at + 1)) {
    const std::string_view code = encoded.substr(at + 1, 2);
    if (code == "2f" || code == "2F" || code == "5c" || code == "5C") return true;
  }
  return false;
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

std::optional<std::string> decode_path(std::string_view encoded) {
  if (!encoded.starts_with('/') || hides_separator(encoded)) return std::nullopt;
  auto path = percent_decode(encoded);
  if (!path || !std::ranges::all_of(*path, is_decoded_char) || !is_valid_utf8(*path) ||
      has_dot_segment(*path)) {
    return std::nullopt;
  }
  return path;
}

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool is_address_char(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' ||
         c == '.';
}

}  // namespace

bool is_host(std::string_view text) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos || end == 1 ||
        !std::ranges::all_of(text.substr(1, end - 1), is_address_char))
      return false;
    rest = text.substr(end + 1);
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    if (end == 0 || !std::ranges::all_of(text.substr(0, end), is_name_char)) return false;
    rest = text.substr(end);
  }
  return rest.empty() || (rest.front() == ':' && rest.size() <= 6 && is_digits(rest.substr(1)));
}

std::optional<RequestTarget> parse_request_target(std::string_view target, bool is_options) {
  RequestTarget result;
  if (target == "*") {
    if (!is_options) return std::nullopt;
    result.path = "*";
    return result;
  }
  if (!std::ranges::all_of(target, is_target_char)) return std::nullopt;
  const std::size_t scheme = target.find("://");
  if (!target.starts_with('/') && scheme != target.npos) {
    const std::string_view name = target.substr(0, scheme);
    if (!equals_ignoring_case(name, "http") && !equals_ignoring_case(name, "https"))
      return std::nullopt;
    target.remove_prefix(scheme + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    result.authority = std::string(target.substr(0, end));
    if (!is_host(result.authority)) return std::nullopt;
    target.remove_prefix(end);
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  const std::string_view encoded = target.substr(0, question);
  auto path = decode_path(encoded.empty() && !result.authority.empty() ? "/" : encoded);
  if (!path) return std::nullopt;
  result.path = std::move(*path);
  if (question < target.size()) result.query = std::string(target.substr(question + 1));
  return result;
}

}  // namespace dth::net
