#include "net/header_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace dth::net {
namespace {

// RFC 9110, 5.6.2.
constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto token_table = make_token_table();

// Is any of eight characters a control character? By arithmetic on all of them: a lane below 0x20, or one that an
// exclusive or made zero, borrows into its highest bit.
bool any_control(std::uint64_t eight) {
  constexpr std::uint64_t ones = 0x0101010101010101, high = ones * 0x80;
  const std::uint64_t del = eight ^ ones * 0x7f;
  return ((((eight - ones * 0x20) & ~eight) | ((del - ones) & ~del)) & high) != 0;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Eight characters at once: nearly no value has any.
bool has_controls(std::string_view text) {
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data(), sizeof eight);
    if (any_control(eight)) return true;
  }
  return std::ranges::any_of(text, is_control);
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

std::size_t token_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && token_table[static_cast<unsigned char>(text[size])]) ++size;
  return size;
}

bool is_token(std::string_view text) { return !text.empty() && token_size(text) == text.size(); }

bool is_header_value(std::string_view text) {
  return !has_controls(text) || (text.find('\r') == text.npos && text.find('\n') == text.npos && text.find('\0') == text.npos);
}

bool is_field_text(std::string_view text) {
  return !has_controls(text) || std::ranges::none_of(text, [](char c) { return is_control(c) && c != '\t'; });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view next_element(std::string_view* list) {
  const std::size_t comma = std::min(list->find(','), list->size());
  const std::string_view element = trimmed(list->substr(0, comma));
  list->remove_prefix(std::min(comma + 1, list->size()));
  return element;
}

bool has_element(std::string_view list, std::string_view element) {
  while (!list.empty()) {
    if (equals_ignoring_case(next_element(&list), element)) return true;
  }
  return false;
}

}  // namespace dth::net
