#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dth::graphql {

// Characters of the lexical grammar, and of UTF-8 that is known to be valid.

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
inline bool is_name_continue(char c) { return is_name_start(c) || is_digit(c); }

// -1 where it is none.
inline int hexadecimal_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// In capitals, with zeros in front up to `width`.
std::string hexadecimal(char32_t number, std::size_t width);

// Of the character that begins at `position`, 1 to 4.
inline std::size_t code_point_bytes(std::string_view text, std::size_t position) {
  const auto byte = static_cast<unsigned char>(text[position]);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

char32_t code_point_at(std::string_view text, std::size_t position);

// How long a text is in UTF-16, as clients count.
std::size_t utf16_size(std::string_view text);

void append_utf8(char32_t point, std::string* out);

}  // namespace dth::graphql
