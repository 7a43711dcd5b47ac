#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace dth::objects::s3 {

// A time in an answer's document, in any form that servers send: "2026-01-02T03:04:05.678Z" as S3
// does, with an offset
// ("+02:00") or nothing in place of the Z, with a space in place of the T, or as HTTP writes dates.
// Nothing for anything else.
std::optional<TimePoint> parse_listed_time(std::string_view text);

// Nothing of a time that no object was written at: some servers answer the zero of their language,
// the year 1 or 1970-01-01T00:00:00Z, where they know no time.
std::optional<TimePoint> if_known(std::optional<TimePoint> time);

}  // namespace dth::objects::s3
