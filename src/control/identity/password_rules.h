#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::control {

inline constexpr std::size_t password_characters_min = 12;
inline constexpr std::size_t password_bytes_max = 1024;

// May a user have this password? There are no rules about kinds of characters. invalid_argument
// says what is wrong: too short, too long, not text, one of the most common ones, or made of the
// user's own name or address.
Result<void> check_password(std::string_view password, std::string_view name,
                            std::string_view email);

// Is it one of those that everybody tries first? Decided by rule: a common word with digits and
// signs around it, or repeated; a row of the keyboard or the alphabet; one character again and
// again.
bool is_common_password(std::string_view password);

}  // namespace dth::control
