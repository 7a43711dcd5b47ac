#include "objects/mtime.h"

#include <charconv>
#include <cstdint>
#include <cstdio>

namespace dth::objects {

std::string format_mtime(const timespec& time) {
  // Before 1970 the decimals count back from the second above, as numbers do.
  const bool negative = time.tv_sec < 0 && time.tv_nsec > 0;
  const long long seconds = negative ? time.tv_sec + 1 : time.tv_sec;
  const long nanoseconds = negative ? 1'000'000'000 - time.tv_nsec : time.tv_nsec;
  char text[48];
  std::snprintf(text, sizeof text, "%s%lld.%09ld", negative && seconds == 0 ? "-" : "", seconds,
                nanoseconds);
  std::string result = text;
  while (result.ends_with('0')) result.pop_back();
  if (result.ends_with('.')) result.pop_back();
  return result;
}

std::optional<timespec> parse_mtime(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  std::string decimals(dot == text.npos ? "" : text.substr(dot + 1));
  std::uint64_t seconds = 0, nanoseconds = 0;
  constexpr std::uint64_t seconds_max = 1ull << 40;  // thirty thousand years
  auto [end, failure] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  if (failure != std::errc() || end != whole.data() + whole.size() || seconds > seconds_max)
    return std::nullopt;
  if (dot != text.npos) {
    if (decimals.empty() || decimals.find_first_not_of("0123456789") != decimals.npos)
      return std::nullopt;
    decimals.resize(9, '0');
    std::from_chars(decimals.data(), decimals.data() + 9, nanoseconds);
  }
  timespec time{static_cast<time_t>(seconds), static_cast<long>(nanoseconds)};
  if (negative) {
    time.tv_sec = -time.tv_sec;
    if (nanoseconds > 0) {
      time.tv_sec -= 1;
      time.tv_nsec = 1'000'000'000 - time.tv_nsec;
    }
  }
  return time;
}

}  // namespace dth::objects
