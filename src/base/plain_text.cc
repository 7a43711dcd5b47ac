#include "base/plain_text.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace dth {
namespace {

using namespace std::string_view_literals;

// SOFT HYPHEN; ZERO WIDTH SPACE, NON-JOINER, JOINER; WORD JOINER to INVISIBLE PLUS; ZERO WIDTH
// NO-BREAK SPACE.
constexpr std::array zero_width = {"\u00ad"sv, "\u200b"sv, "\u200c"sv, "\u200d"sv, "\u2060"sv,
                                   "\u2061"sv, "\u2062"sv, "\u2063"sv, "\u2064"sv, "\ufeff"sv};
// Of the general category Zs.
constexpr std::array spaces = {" "sv,      "\u00a0"sv, "\u1680"sv, "\u2000"sv, "\u2001"sv,
                               "\u2002"sv, "\u2003"sv, "\u2004"sv, "\u2005"sv, "\u2006"sv,
                               "\u2007"sv, "\u2008"sv, "\u2009"sv, "\u200a"sv, "\u202f"sv,
                               "\u205f"sv, "\u3000"sv};

std::size_t leading_space(std::string_view text) {
  const auto* space = std::ranges::find_if(
      spaces, [&](std::string_view candidate) { return text.starts_with(candidate); });
  return space == spaces.end() ? 0 : space->size();
}

bool ends_with_space(std::string_view text) {
  return std::ranges::any_of(spaces, [&](std::string_view space) { return text.ends_with(space); });
}

}  // namespace

bool is_plain_line(std::string_view text) {
  return is_plain_text(text) && text.find_first_of("\r\n\t"sv) == text.npos;
}

bool is_plain_text(std::string_view text) {
  if (!is_valid_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (display_control_bytes(text.substr(i)) > 0) return false;
  }
  return std::ranges::none_of(
      zero_width, [&](std::string_view hidden) { return text.find(hidden) != text.npos; });
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const std::size_t space = leading_space(text);
    if (space == 0) return false;
    text.remove_prefix(space);
  }
  return true;
}

bool is_plain_name(std::string_view text) {
  return is_plain_line(text) && !is_blank(text) && leading_space(text) == 0 &&
         !ends_with_space(text);
}

}  // namespace dth
