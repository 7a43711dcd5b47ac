#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace dth {

std::string hex_encode(Bytes bytes);  // lower case
void append_hex(Bytes bytes, std::string* out);
std::optional<std::string> hex_decode(std::string_view text);
std::string base64_encode(Bytes bytes);  // RFC 4648 section 4, padded
std::optional<std::string> base64_decode(std::string_view text);
// The same bytes in hexadecimal digits; empty where it is no base64.
std::string hex_of_base64(std::string_view text);
// Would base64_decode() give that many bytes?
bool is_base64_of(std::string_view text, std::size_t byte_count);

// RFC 3986: everything but the unreserved characters becomes %XX (upper case), byte by byte, as
// AWS's canonical form wants it. '/' is kept where `keep_slash`.
std::string percent_encode(std::string_view text, bool keep_slash);
// Nothing where a '%' is not followed by two hexadecimal digits. '+' stays '+'.
std::optional<std::string> percent_decode(std::string_view text);

bool is_valid_utf8(std::string_view text);

// How many bytes the character at the beginning of `text` has, if it is one that a terminal obeys
// or that makes text look like another one: control characters (C0 but tab, newline and return;
// DEL; C1), marks and overrides of direction, separators of lines and paragraphs. 0 for any other.
std::size_t display_control_bytes(std::string_view text);
// May hold such a character; false is certain. For text of any length at once.
bool may_hold_display_controls(std::string_view text);
// The text with these characters as \xNN, byte by byte, and nothing else changed: for files that
// people open (CSV).
std::string without_display_controls(std::string_view text);

// Text for a person's terminal or a log line: those characters, tabs, returns and bytes that are
// not UTF-8 as \xNN, newline as \n, a backslash doubled.
std::string printable(std::string_view text);

}  // namespace dth
