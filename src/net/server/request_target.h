#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dth::net {

struct RequestTarget {
  std::string path;       // decoded; "*" of OPTIONS
  std::string query;      // raw
  std::string authority;  // of an absolute target, which is then to be taken in place of Host
};

// Origin-form, absolute-form, and "*" where `is_options` (RFC 9112, 3.2). Nothing for anything
// else, and for what could mean one thing to whoever checked it and another to whoever uses it:
// segments . and .., slashes, backslashes and control characters that were encoded, what is not
// UTF-8 once decoded, an authority with a user's name.
std::optional<RequestTarget> parse_request_target(std::string_view target, bool is_options);

// May it be a Host header's value: a name or an address, perhaps with a port (RFC 9110, 7.2)?
bool is_host(std::string_view text);

}  // namespace dth::net
