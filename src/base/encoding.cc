#include "base/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace dth {
namespace {

constexpr std::string_view hex_upper = "0123456789ABCDEF";
constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Both digits of each byte, one pair after the other.
constexpr std::array<char, 512> make_hex_pairs() {
  constexpr std::string_view hex_lower = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = hex_lower[byte >> 4];
    pairs[2 * byte + 1] = hex_lower[byte & 15];
  }
  return pairs;
}
constexpr std::array<char, 512> hex_pairs = make_hex_pairs();

constexpr std::array<signed char, 256> invert(std::string_view alphabet) {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
  }
  return values;
}

constexpr std::array<std::int8_t, 256> make_hex_values() {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (int i = 0; i < 10; ++i)
    table[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    table[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
    table[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return table;
}
constexpr std::array<std::int8_t, 256> hex_values = make_hex_values();

// -1: not a hexadecimal digit.
int hex_value(char c) { return hex_values[static_cast<unsigned char>(c)]; }

constexpr std::array<bool, 256> make_unreserved() {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) {
    table[static_cast<std::size_t>(c)] = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                                         (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                                         c == '_' || c == '~';
  }
  return table;
}
constexpr std::array<bool, 256> unreserved = make_unreserved();

bool is_continuation(unsigned char c) { return (c & 0xC0) == 0x80; }

// How many bytes the well-formed UTF-8 character at the start of `text` has (Unicode 15, table
// 3-7); 0 for none.
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned char first = at(0);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (!is_continuation(at(1))) return 0;
  if (first < 0xE0) return 2;
  if ((first == 0xE0 && at(1) < 0xA0) || (first == 0xED && at(1) > 0x9F)) return 0;
  if ((first == 0xF0 && at(1) < 0x90) || (first == 0xF4 && at(1) > 0x8F)) return 0;
  if (!is_continuation(at(2))) return 0;
  if (first < 0xF0) return 3;
  return is_continuation(at(3)) ? 4 : 0;
}

}  // namespace

std::string hex_encode(Bytes bytes) {
  std::string text;
  append_hex(bytes, &text);
  return text;
}

void append_hex(Bytes bytes, std::string* out) {
  out->resize(out->size() + bytes.size() * 2);
  char* to = out->data() + out->size() - bytes.size() * 2;
  for (const std::byte each : bytes) {
    std::memcpy(to, &hex_pairs[2 * std::to_integer<std::size_t>(each)], 2);
    to += 2;
  }
}

std::optional<std::string> hex_decode(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  return bytes;
}

std::string base64_encode(Bytes bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  const auto at = [&](std::size_t i) {
    return i < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i]) : 0;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    text += base64_alphabet[group >> 18];
    text += base64_alphabet[group >> 12 & 63];
    text += i + 1 < bytes.size() ? base64_alphabet[group >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? base64_alphabet[group & 63] : '=';
  }
  return text;
}

namespace {

// Gives each byte to `put`. Strict: whole groups, padding at the end only, and no bits set beyond
// the last byte, so that a text has one meaning.
template <class Put>
bool decode_base64(std::string_view text, Put put) {
  static constexpr std::array<signed char, 256> values = invert(base64_alphabet);
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (char c : text.substr(0, text.size() - padding)) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) return false;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFF;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      put(static_cast<char>(bits >> bit_count));
    }
  }
  return (bits & ((1u << bit_count) - 1)) == 0;
}

}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  if (!decode_base64(text, [&](char byte) { bytes += byte; })) return std::nullopt;
  return bytes;
}

bool is_base64_of(std::string_view text, std::size_t byte_count) {
  std::size_t count = 0;
  return decode_base64(text, [&](char) { ++count; }) && count == byte_count;
}

std::string percent_encode(std::string_view text, bool keep_slash) {
  std::string encoded;
  encoded.reserve(text.size() + text.size() / 4);
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved[byte] || (keep_slash && c == '/')) {
      encoded += c;
    } else {
      encoded += {'%', hex_upper[byte >> 4], hex_upper[byte & 15]};
    }
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return decoded;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    // Nearly all of it is ASCII: eight characters at once.
    std::uint64_t eight = 0;
    if (text.size() >= sizeof eight) {
      std::memcpy(&eight, text.data(), sizeof eight);
      if ((eight & 0x8080808080808080) == 0) {
        text.remove_prefix(sizeof eight);
        continue;
      }
    }
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

namespace {

void append_escaped(std::string_view bytes, std::string* out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out += {'\\', 'x', hex_upper[byte >> 4], hex_upper[byte & 15]};
  }
}

}  // namespace

std::size_t display_control_bytes(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = at(0), second = at(1), third = at(2);
  if (text.empty()) return 0;
  if (first < 0x20) return first == '\t' || first == '\n' || first == '\r' ? 0 : 1;
  if (first == 0x7F) return 1;
  if (first == 0xC2) return second >= 0x80 && second < 0xA0 ? 2 : 0;  // C1
  if (first == 0xD8) return second == 0x9C ? 2 : 0;                   // U+061C
  if (first != 0xE2) return 0;
  // U+200E, U+200F; U+2028 to U+202E; U+2066 to U+2069.
  const bool is_mark = second == 0x80 && (third == 0x8E || third == 0x8F);
  const bool is_override = second == 0x80 && third >= 0xA8 && third <= 0xAE;
  const bool is_isolate = second == 0x81 && third >= 0xA6 && third <= 0xA9;
  return is_mark || is_override || is_isolate ? 3 : 0;
}

bool may_hold_display_controls(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101, high = ones * 0x80;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), sizeof eight);
    const std::uint64_t del = eight ^ ones * 0x7F;
    if (((eight | (eight - ones * 0x20) | (del - ones)) & high) != 0) return true;
  }
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7F;
  });
}

std::string without_display_controls(std::string_view text) {
  if (!may_hold_display_controls(text)) return std::string(text);
  std::string shown;
  while (!text.empty()) {
    const std::size_t control = display_control_bytes(text);
    if (control > 0) {
      append_escaped(text.substr(0, control), &shown);
    } else {
      shown += text.front();
    }
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return shown;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    const auto first = static_cast<unsigned char>(character[0]);
    if (character == "\n") {
      shown += "\\n";
    } else if (character == "\\") {
      shown += "\\\\";
    } else if (length == 0 || first < 0x20 || display_control_bytes(character) > 0) {
      append_escaped(character, &shown);
    } else {
      shown += character;
    }
    text.remove_prefix(character.size());
  }
  return shown;
}

std::string hex_of_base64(std::string_view text) {
  const auto raw = base64_decode(text);
  return raw ? hex_encode(as_bytes(*raw)) : std::string();
}

}  // namespace dth
