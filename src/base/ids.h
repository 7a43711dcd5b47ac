#pragma once

#include <string>

#include "base/clock.h"

namespace dth {

// A new identifier: 26 characters of Crockford's base 32, of which the first ten encode `now` in
// milliseconds and the rest are random, so that ids sort by the time of their making. Thread-safe.
std::string new_id(TimePoint now);

}  // namespace dth
