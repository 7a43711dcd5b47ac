// Strings and block strings (section 2.9.4 of the specification).
#include <algorithm>
#include <limits>

#include "graphql/syntax/characters.h"
#include "graphql/syntax/lexer.h"

namespace dth::graphql {
namespace {

bool is_scalar_value(char32_t point) {
  return point <= 0xD7FF || (point >= 0xE000 && point <= 0x10FFFF);
}

bool is_leading_surrogate(char32_t point) { return point >= 0xD800 && point <= 0xDBFF; }
bool is_trailing_surrogate(char32_t point) { return point >= 0xDC00 && point <= 0xDFFF; }

// Nothing where the four characters are no hexadecimal digits.
std::optional<char32_t> four_digits(std::string_view source, std::size_t position) {
  char32_t point = 0;
  for (std::size_t i = position; i < position + 4; ++i) {
    const int digit = i < source.size() ? hexadecimal_digit(source[i]) : -1;
    if (digit < 0) return std::nullopt;
    point = point << 4 | static_cast<char32_t>(digit);
  }
  return point;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n' && text[i] != '\r') continue;
    lines.push_back(text.substr(start, i - start));
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    start = i + 1;
  }
  lines.push_back(text.substr(start));
  return lines;
}

}  // namespace

Token Lexer::read_string() {
  const auto start = static_cast<std::uint32_t>(position_);
  std::string value;
  std::size_t chunk = ++position_;
  bool has_escapes = false;
  while (position_ < source_.size()) {
    const char c = source_[position_];
    if (c == '"') {
      const std::string_view rest = source_.substr(chunk, position_ - chunk);
      ++position_;
      if (!has_escapes) return {TokenKind::string, start, rest};
      return {TokenKind::string, start, document_.keep_text(value += rest)};
    }
    if (c == '\n' || c == '\r') break;
    if (c != '\\') {
      ++position_;
      continue;
    }
    has_escapes = true;
    value += source_.substr(chunk, position_ - chunk);
    if (!read_escape(&value)) return end_token();
    chunk = position_;
  }
  return failed(position_, "Unterminated string.");
}

bool Lexer::read_escape(std::string* value) {
  switch (at(position_ + 1)) {
    case 'u':
      return read_unicode_escape(value);
    case '"':
      *value += '"';
      break;
    case '\\':
      *value += '\\';
      break;
    case '/':
      *value += '/';
      break;
    case 'b':
      *value += '\b';
      break;
    case 'f':
      *value += '\f';
      break;
    case 'n':
      *value += '\n';
      break;
    case 'r':
      *value += '\r';
      break;
    case 't':
      *value += '\t';
      break;
    default:
      failed(position_,
             "Invalid character escape sequence: \"" + std::string(slice(position_, 2)) + "\".");
      return false;
  }
  position_ += 2;
  return true;
}

// \uXXXX, a pair of surrogates so written, or \u{X...}.
bool Lexer::read_unicode_escape(std::string* value) {
  if (at(position_ + 2) == '{') {
    char32_t point = 0;
    std::size_t size = 3;
    while (size < 12) {
      const char c = at(position_ + size++);
      if (c == '}') {
        if (size < 5 || !is_scalar_value(point)) break;
        append_utf8(point, value);
        position_ += size;
        return true;
      }
      const int digit = hexadecimal_digit(c);
      if (digit < 0 || point > 0x10FFFF) break;
      point = point << 4 | static_cast<char32_t>(digit);
    }
    failed(position_,
           "Invalid Unicode escape sequence: \"" + std::string(slice(position_, size)) + "\".");
    return false;
  }
  const auto point = four_digits(source_, position_ + 2);
  if (point && is_scalar_value(*point)) {
    append_utf8(*point, value);
    position_ += 6;
    return true;
  }
  if (point && is_leading_surrogate(*point) && at(position_ + 6) == '\\' &&
      at(position_ + 7) == 'u') {
    const auto trailing = four_digits(source_, position_ + 8);
    if (trailing && is_trailing_surrogate(*trailing)) {
      append_utf8(0x10000 + ((*point - 0xD800) << 10) + (*trailing - 0xDC00), value);
      position_ += 12;
      return true;
    }
  }
  failed(position_,
         "Invalid Unicode escape sequence: \"" + std::string(slice(position_, 6)) + "\".");
  return false;
}

Token Lexer::read_block_string() {
  const auto start = static_cast<std::uint32_t>(position_);
  position_ += 3;
  std::string raw;
  while (position_ < source_.size()) {
    if (source_.substr(position_, 3) == "\"\"\"") {
      position_ += 3;
      return {TokenKind::block_string, start, document_.keep_text(dedent_block_string(raw))};
    }
    if (source_.substr(position_, 4) == "\\\"\"\"") {
      raw += "\"\"\"";
      position_ += 4;
    } else {
      raw += source_[position_++];
    }
  }
  return failed(position_, "Unterminated string.");
}

std::string dedent_block_string(std::string_view raw) {
  const auto lines = split_lines(raw);
  std::size_t common = std::numeric_limits<std::size_t>::max();
  std::size_t first = lines.size(), last = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_blank(lines[i])) continue;
    first = std::min(first, i);
    last = i;
    if (i > 0) common = std::min(common, lines[i].find_first_not_of(" \t"));
  }
  std::string value;
  for (std::size_t i = first; i <= last && i < lines.size(); ++i) {
    if (i > first) value += '\n';
    value += i == 0 ? lines[i] : lines[i].substr(std::min(common, lines[i].size()));
  }
  return value;
}

}  // namespace dth::graphql
