#pragma once

#include <string>
#include <string_view>

namespace dth::object_copy {

// Names that a destination may change. Gateways over file systems store `x/../y` as `y`, `a//b` as `a/b` and `/lead` as `lead`, and replace
// what is there. Others list what XML cannot hold, control characters and U+FFFE and U+FFFF, as U+FFFD, or refuse bytes that are not
// UTF-8.

// May a store that is not known to keep every name (StoreLimits::keeps_names) change this one?
bool is_awkward_name(std::string_view key);

// What is left of it where it is cleaned as a path is: "" where nothing is.
std::string cleaned_name(std::string_view key);

// Up to the first character that XML cannot hold; all of it where there is none.
std::string_view before_unprintable(std::string_view key);

}  // namespace dth::object_copy
