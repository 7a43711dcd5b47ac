#pragma once

#include <string>
#include <string_view>

namespace dth::object_copy {

// Unicode has two ways to write many letters: in one character, or as a letter and its marks. Some
// file systems take both for one name. Known are the canonical forms of Unicode's first plane, save
// those of compatibility ideographs (U+F900 to U+FAFF).

// Each character in its parts (NFD, but marks stay in the order in which they come). What is no
// UTF-8 stays as it is.
std::string decompose(std::string_view text);

// Letters and marks joined where there is such a character (NFC, in the same way).
std::string compose(std::string_view text);

}  // namespace dth::object_copy
