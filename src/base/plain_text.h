#pragma once

#include <string_view>

// What people write into fields of forms.
namespace dth {

// Text that looks like what it is: UTF-8 without line breaks, tabs, NUL and characters that control
// how text is displayed.
bool is_plain_line(std::string_view text);

// The same, of several lines.
bool is_plain_text(std::string_view text);

// A plain line that is not empty, without spaces around it.
bool is_plain_name(std::string_view text);

}  // namespace dth
