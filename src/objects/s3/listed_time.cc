#include "objects/s3/listed_time.h"

#include <string>

#include "net/http_date.h"

namespace dth::objects::s3 {
namespace {

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

std::optional<TimePoint> if_known(std::optional<TimePoint> time) {
  return time && time->time_since_epoch() > TimePoint::duration::zero() ? time : std::nullopt;
}

std::optional<TimePoint> parse_listed_time(std::string_view text) {
  constexpr std::size_t date_size = 10, seconds_size = 19;  // "2026-01-02", and with "T03:04:05"
  if (auto time = parse_time(text)) return if_known(time);
  if (auto time = net::parse_http_date(text)) return if_known(time);
  if (text.size() < seconds_size) return std::nullopt;
  std::string plain(text);
  if (plain[date_size] == ' ' || plain[date_size] == 't') plain[date_size] = 'T';
  std::chrono::minutes offset{0};
  if (plain.back() == 'z') {
    plain.back() = 'Z';
  } else if (const std::size_t sign = plain.find_first_of("+-", seconds_size); sign != plain.npos) {
    const auto east = parse_offset(std::string_view(plain).substr(sign));
    if (!east) return std::nullopt;
    offset = *east;
    plain.resize(sign);
    plain += 'Z';
  } else if (plain.back() != 'Z') {
    plain += 'Z';
  }
  auto time = parse_time(plain);
  if (time) *time -= offset;
  return if_known(time);
}

}  // namespace dth::objects::s3
