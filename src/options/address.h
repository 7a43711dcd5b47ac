#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dth::options {

// Where a server listens.
struct Address {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  // "127.0.0.1:80", "[::1]:80"
  std::string to_string() const;
  // 127.0.0.0/8, ::1, localhost: only this machine reaches it.
  bool is_loopback() const;
  bool operator==(const Address&) const = default;
};

// "127.0.0.1:8080", "[::1]:8080", "hub.example.org:80"; nothing for anything else.
std::optional<Address> parse_address(std::string_view text);

// Letters, digits, dots, hyphens, underscores; colons of an IPv6 address. At most 253 characters.
bool is_host_name(std::string_view name);

}  // namespace dth::options
