#include "options/amounts.h"

#include <charconv>
#include <cstdio>

namespace dth::options {
namespace {

struct SizeUnit {
  std::string_view name;
  std::uint64_t bytes;
};

// The largest first of each kind: formatting takes the first that divides.
constexpr SizeUnit size_units[] = {{"TiB", 1ull << 40},
                                   {"GiB", 1ull << 30},
                                   {"MiB", 1ull << 20},
                                   {"KiB", 1ull << 10},
                                   {"TB", 1'000'000'000'000},
                                   {"GB", 1'000'000'000},
                                   {"MB", 1'000'000},
                                   {"kB", 1'000},
                                   {"B", 1}};
constexpr std::size_t binary_units = 4;

struct DurationUnit {
  char name;
  std::uint64_t seconds;
};

constexpr DurationUnit duration_units[] = {
    {'w', 604'800}, {'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}};
constexpr std::uint64_t duration_seconds_max = 100ull * 366 * 86'400;

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

std::string format_count(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t factor = 1;
  for (const SizeUnit& unit : size_units) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    factor = unit.bytes;
    break;
  }
  const auto number = parse_count(text);
  if (!number || (*number != 0 && factor > UINT64_MAX / *number)) return std::nullopt;
  return *number * factor;
}

std::string format_size(std::uint64_t bytes) {
  for (std::size_t i = 0; i < binary_units && bytes != 0; ++i) {
    const SizeUnit& unit = size_units[i];
    if (bytes % unit.bytes == 0) return std::to_string(bytes / unit.bytes) + std::string(unit.name);
  }
  return std::to_string(bytes);
}

std::string format_size_rounded(double bytes) {
  static constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(units)) {
    bytes /= 1024;
    ++unit;
  }
  char text[40];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return text;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto number = parse_count(text.substr(0, text.size() - 1));
  for (const DurationUnit& unit : duration_units) {
    if (text.back() != unit.name || !number || *number > duration_seconds_max / unit.seconds)
      continue;
    return std::chrono::seconds(static_cast<std::int64_t>(*number * unit.seconds));
  }
  return std::nullopt;
}

std::string format_duration(std::chrono::seconds duration) {
  const auto seconds = static_cast<std::uint64_t>(duration.count());
  for (const DurationUnit& unit : duration_units) {
    const bool reads_well = unit.name != 'w' && seconds != 0;
    if (reads_well && seconds % unit.seconds == 0)
      return std::to_string(seconds / unit.seconds) + unit.name;
  }
  return std::to_string(seconds) + "s";
}

std::optional<TimePoint> parse_time(std::string_view text, TimePoint now) {
  if (const auto ago = parse_duration(text)) return now - *ago;
  return dth::parse_time(text.size() == 10 ? std::string(text) + "T00:00:00Z" : std::string(text));
}

}  // namespace dth::options
