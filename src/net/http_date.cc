#include "net/http_date.h"

#include <array>

namespace dth::net {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};

// Two digits.
std::string padded(unsigned value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

std::optional<unsigned> month_of(std::string_view name) {
  for (unsigned i = 0; i < month_names.size(); ++i) {
    if (month_names[i] == name) return i + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimePoint> parse_http_date(std::string_view text) {
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4)),
             hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2)), second = number(text.substr(23, 2));
  const auto month = month_of(text.substr(8, 3));
  if (!day || !year || !hour || !minute || !second || !month || *hour > 23 || *minute > 59 ||
      *second > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return TimePoint(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
         std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::string format_http_date(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::string text;
  text.append(day_names[std::chrono::weekday(day).c_encoding()]).append(", ");
  text.append(padded(static_cast<unsigned>(date.day()))).append(" ");
  text.append(month_names[static_cast<unsigned>(date.month()) - 1]).append(" ");
  text.append(std::to_string(static_cast<int>(date.year()))).append(" ");
  text.append(padded(static_cast<unsigned>(clock.hours().count()))).append(":");
  text.append(padded(static_cast<unsigned>(clock.minutes().count()))).append(":");
  text.append(padded(static_cast<unsigned>(clock.seconds().count()))).append(" GMT");
  return text;
}

}  // namespace dth::net
