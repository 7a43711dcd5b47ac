#include "graphql/syntax/characters.h"

namespace dth::graphql {

std::string hexadecimal(char32_t number, std::size_t width) {
  std::string digits;
  for (; number > 0 || digits.size() < width; number >>= 4) {
    digits.insert(digits.begin(), "0123456789ABCDEF"[number & 0xF]);
  }
  return digits;
}

char32_t code_point_at(std::string_view text, std::size_t position) {
  const std::size_t size = code_point_bytes(text, position);
  const auto first = static_cast<unsigned char>(text[position]);
  if (size == 1) return first;
  char32_t point = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size && position + i < text.size(); ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[position + i]) & 0x3Fu);
  }
  return point;
}

std::size_t utf16_size(std::string_view text) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); i += code_point_bytes(text, i)) {
    size += code_point_bytes(text, i) == 4 ? 2 : 1;
  }
  return size;
}

void append_utf8(char32_t point, std::string* out) {
  if (point < 0x80) {
    *out += static_cast<char>(point);
  } else if (point < 0x800) {
    *out += static_cast<char>(0xC0 | point >> 6);
    *out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    *out += static_cast<char>(0xE0 | point >> 12);
    *out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    *out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    *out += static_cast<char>(0xF0 | point >> 18);
    *out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
    *out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    *out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

}  // namespace dth::graphql
