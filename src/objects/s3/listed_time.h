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

}  // namespace dth::objects::s3
