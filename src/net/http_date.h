#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dth::net {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7); nothing for what is not such a date.
std::optional<TimePoint> parse_http_date(std::string_view text);

// The inverse; fractions of a second are dropped.
std::string format_http_date(TimePoint time);

}  // namespace dth::net
