#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dth::object_copy {

// Names that a destination may change. Gateways over file systems store `x/../y` as `y`, `a//b` as
// `a/b` and `/lead` as `lead`, and replace what is there. Some cut spaces and dots off the end of a
// name, or spaces off its beginning. Others list what XML cannot hold, control characters and
// U+FFFE and U+FFFF, as U+FFFD, or refuse bytes that are not UTF-8.

// May a store that is not known to keep every name (StoreLimits::keeps_names) change this one? Not
// asked here: a slash at the end, which changes the name of what has content, and upper and lower
// case.
bool is_awkward_name(std::string_view key);

// What is left of it where it is cleaned as a path is: "" where nothing is.
std::string cleaned_name(std::string_view key);

// The names that stores are known to make of it, each once, without the key itself.
std::vector<std::string> changed_names(std::string_view key);

// Does it hold letters that a store may fold to one case? All characters outside of ASCII count.
bool has_case(std::string_view key);

// With ASCII letters in the other case.
std::string with_case_swapped(std::string_view key);

// Up to the first character that XML cannot hold; all of it where there is none.
std::string_view before_unprintable(std::string_view key);

}  // namespace dth::object_copy
