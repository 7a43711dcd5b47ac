#include "net/header_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

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

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return token_table[c]; });
}

bool is_header_value(std::string_view text) {
  return text.find('\r') == text.npos && text.find('\n') == text.npos &&
         text.find('\0') == text.npos;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  }
  return true;
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
