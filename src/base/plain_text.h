#pragma once

#include <string_view>

// What people write into fields of forms.
namespace dth {

// Text of one line that people see as it is: valid UTF-8 in any language; without control
// characters (C0, DEL, C1), tabs and ends of lines, without characters that change the direction of
// others, and without those of no width, by which two different texts look alike.
bool is_plain_line(std::string_view text);

// The same, of several lines; tabs are taken, too.
bool is_plain_text(std::string_view text);

// Is there nothing to be seen: is it empty, or spaces of any kind?
bool is_blank(std::string_view text);

// A plain line that is not blank, with no space at either end: what a name has to be.
bool is_plain_name(std::string_view text);

}  // namespace dth
