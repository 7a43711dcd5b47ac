#include "base/zoned_time.h"

#include <algorithm>
#include <string>

namespace dth {
namespace {

constexpr std::size_t date_size = 10, seconds_size = 19;  // "2026-01-02", and with "T03:04:05"

std::optional<int> two_digits(std::string_view text) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

// "+02:00", "-0730", "+02"
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  const bool is_west = text.front() == '-';
  text.remove_prefix(1);
  const auto hours = two_digits(text.substr(0, 2));
  std::string_view rest = text.substr(std::min<std::size_t>(2, text.size()));
  if (rest.starts_with(':')) rest.remove_prefix(1);
  const auto minutes = rest.empty() ? 0 : two_digits(rest);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes east{*hours * 60 + *minutes};
  return is_west ? -east : east;
}

}  // namespace

std::optional<TimePoint> parse_zoned_time(std::string_view text) {
  if (text.size() <= seconds_size) return std::nullopt;
  std::string utc(text);
  if (utc[date_size] == ' ' || utc[date_size] == 't') utc[date_size] = 'T';
  if (utc.back() == 'z') utc.back() = 'Z';
  std::chrono::minutes east{0};
  if (const std::size_t sign = utc.find_first_of("+-", seconds_size); sign != utc.npos) {
    const auto offset = parse_offset(std::string_view(utc).substr(sign));
    if (!offset) return std::nullopt;
    east = *offset;
    utc.resize(sign);
    utc += 'Z';
  }
  auto time = parse_time(utc);
  if (time) *time -= east;
  return time;
}

}  // namespace dth
