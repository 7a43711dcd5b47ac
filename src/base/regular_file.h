#pragma once

#include <string>

namespace dth {

// Is it a regular file, or a link to one? False for what is not there, and for pipes and devices,
// which could keep a reader waiting for ever.
bool is_regular_file(const std::string& path);

}  // namespace dth
