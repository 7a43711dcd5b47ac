#pragma once

#include <algorithm>

#include "base/clock.h"

namespace dth::engine {

// How long to wait before the state is asked again for what was waited for so long already: the
// longer, the less often, so that many runs that wait do not keep the state busy.
inline Duration poll_pause(Duration waited, Duration least, Duration most) {
  return std::clamp(waited / 8, least, most);
}

}  // namespace dth::engine
