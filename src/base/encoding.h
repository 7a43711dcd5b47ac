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
// Would base64_decode() give that many bytes?
bool is_base64_of(std::string_view text, std::size_t byte_count);

// RFC 3986: everything but the unreserved characters becomes %XX (upper case), byte by byte, as
// AWS's canonical form wants it. '/' is kept where `keep_slash`.
std::string percent_encode(std::string_view text, bool keep_slash);
// Nothing where a '%' is not followed by two hexadecimal digits. '+' stays '+'.
std::optional<std::string> percent_decode(std::string_view text);

bool is_valid_utf8(std::string_view text);

// Text for a person's terminal or a log line: control characters and bytes that are not UTF-8 as
// \xNN, newline as \n, a backslash doubled.
std::string printable(std::string_view text);

}  // namespace dth
