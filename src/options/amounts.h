#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

// Numbers, sizes, durations and times as people write and read them.
namespace dth::options {

// A whole number in decimal digits and nothing else; nothing for anything else.
std::optional<std::uint64_t> parse_count(std::string_view text);
// "1,234,567"
std::string format_count(std::int64_t number);

// Bytes of "123", "64KiB", "64MiB", "5GiB", "1TiB", "10MB"; nothing for anything else.
std::optional<std::uint64_t> parse_size(std::string_view text);
// The shortest text that parse_size() reads back: "64MiB", "1000".
std::string format_size(std::uint64_t bytes);
// Rounded, for people: "1.5 GiB".
std::string format_size_rounded(double bytes);

// "90s", "15m", "12h", "7d", "2w"; 0 or more, 100 years at most; nothing for anything else.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);
// In the largest unit that divides it: "15m", "90s".
std::string format_duration(std::chrono::seconds duration);

// A date (midnight UTC), a time in UTC (RFC 3339 with Z), or a duration before `now`; nothing for
// anything else.
std::optional<TimePoint> parse_time(std::string_view text, TimePoint now);

}  // namespace dth::options
