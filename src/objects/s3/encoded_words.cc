#include "objects/s3/encoded_words.h"

#include <algorithm>
#include <optional>

#include "base/encoding.h"

namespace dth::objects::s3 {
namespace {

// Of an encoded word; of these "=?UTF-8?B?" and "?=" take 12, and base64 makes 4 of 3.
constexpr std::size_t word_size_max = 75;
constexpr std::size_t word_bytes_max = (word_size_max - 12) / 4 * 3;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

// The "Q" encoding: =XX is a byte, _ a space.
std::optional<std::string> decode_q(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') {
      bytes += ' ';
    } else if (text[i] == '=') {
      auto byte = hex_decode(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) return std::nullopt;
      bytes += *byte;
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

// The bytes of the encoded word that `text` begins with, which is taken off.
std::optional<std::string> take_word(std::string_view* text) {
  if (!text->starts_with("=?")) return std::nullopt;
  const std::size_t charset_end = text->find('?', 2);
  if (charset_end == text->npos || charset_end + 3 > text->size() ||
      (*text)[charset_end + 2] != '?')
    return std::nullopt;
  if (!equals_ignoring_case(text->substr(2, charset_end - 2), "utf-8")) return std::nullopt;
  const char encoding = (*text)[charset_end + 1];
  const std::size_t begin = charset_end + 3, end = text->find("?=", begin);
  if (end == text->npos) return std::nullopt;
  const std::string_view encoded = text->substr(begin, end - begin);
  text->remove_prefix(end + 2);
  if (encoding == 'B' || encoding == 'b') return base64_decode(encoded);
  if (encoding == 'Q' || encoding == 'q') return decode_q(encoded);
  return std::nullopt;
}

}  // namespace

std::string decode_words(std::string_view value) {
  std::string decoded;
  std::string_view rest = value;
  while (!rest.empty()) {
    auto word = take_word(&rest);
    if (!word) return std::string(value);
    decoded += *word;
    // Between encoded words white space stands for nothing.
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
  }
  return is_ascii(decoded) || !is_valid_utf8(decoded) ? std::string(value) : decoded;
}

std::string encode_words(std::string_view value) {
  if (is_ascii(value) || !is_valid_utf8(value)) return std::string(value);
  std::string words;
  for (std::size_t begin = 0; begin < value.size();) {
    std::size_t end = std::min(value.size(), begin + word_bytes_max);
    while (end < value.size() && is_continuation(value[end])) --end;  // no character is cut
    words += (words.empty() ? "=?UTF-8?B?" : " =?UTF-8?B?") +
             base64_encode(as_bytes(value.substr(begin, end - begin))) + "?=";
    begin = end;
  }
  return words;
}

}  // namespace dth::objects::s3
