#pragma once

#include <string>

#include "base/error.h"

namespace dth::aws {

// The text of a file that somebody's variable or setting names; blocks for its reading.
// invalid_argument where it cannot be read or has more than `size_max` bytes: the message names it,
// never its text.
Result<std::string> read_small_file(const std::string& path, std::size_t size_max);

}  // namespace dth::aws
