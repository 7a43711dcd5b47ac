#pragma once

#include <string>
#include <string_view>

namespace dth {

// Identifiers are opaque and unguessable: 26 characters of Crockford's base 32 in lower case, 130
// bits from the kernel's random number generator. Both functions are thread-safe, and throw
// std::runtime_error where the kernel gives no random bytes.

// The identifier of a new thing that users see: "run_" and 26 characters for the prefix "run".
std::string new_id(std::string_view prefix);

// The 26 characters alone: for the names of temporary files, uploads and requests.
std::string random_name();

}  // namespace dth
