#pragma once

#include <string_view>

namespace dth::net {

// The small grammar of header lines (RFC 9110, 5.5 and 5.6).

// May it be a method or a header's name?
bool is_token(std::string_view text);

// May it be a header's value? Not with CR, LF or NUL: they would begin another line, or end the
// text for somebody.
bool is_header_value(std::string_view text);

// Header names compare so.
bool equals_ignoring_case(std::string_view a, std::string_view b);

// Cuts the next element off a comma-separated list, trimmed; quoted strings are not looked into.
// Elements may be empty.
std::string_view next_element(std::string_view* list);

// Has the list this element, whatever its case?
bool has_element(std::string_view list, std::string_view element);

}  // namespace dth::net
