#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace dth {

// A time with its zone, as other programs write RFC 3339 and ISO 8601: Z, z, "+02:00", "-0730" or
// "+02", and 'T', 't' or a space behind the date. Nothing for anything else, and for a time without
// a zone.
std::optional<TimePoint> parse_zoned_time(std::string_view text);

}  // namespace dth
