#pragma once

#include <string_view>

namespace dth::runs {

// What to do about failures with this code (to_string(ErrorCode)) and reason
// (to_string(ErrorReason), empty where there is none): one or two sentences for people.
std::string_view failure_advice(std::string_view code, std::string_view reason);

}  // namespace dth::runs
