#pragma once

#include <string>
#include <string_view>

namespace dth::object_copy {

// Unicode has two ways to write many letters: in one character, or as a letter and its marks. Some
// file systems take both for one name (https://www.unicode.org/reports/tr15/). What is no UTF-8
// stays as it is.

// Each character in its parts: NFD.
std::string decompose(std::string_view text);

// Letters and marks joined where there is such a character: NFC.
std::string compose(std::string_view text);

}  // namespace dth::object_copy
