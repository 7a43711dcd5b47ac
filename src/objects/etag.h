#pragma once

#include <string>
#include <string_view>

namespace dth::objects {

// ETags as stores write them: without quotes, in the case in which they came, which is how they are
// sent back.

// Without the quotes that stand around it in headers and documents, if they do.
std::string without_quotes(std::string etag);

// Does this text look like the MD5 of a body: 32 hexadecimal digits and nothing else?
bool is_md5_etag(std::string_view etag);

// Is it one that S3 gives to objects that were made of parts: an MD5, and "-N"? What proxies put
// behind ETags ("-gzip") is not a number of parts.
bool is_parts_etag(std::string_view etag);

// Without what web servers put behind the ETags of answers that they may compress: "-gzip", ";br"
// and their like.
std::string_view without_coding(std::string_view etag);

// Are both one ETag, as far as bytes go? Those that begin with an MD5 are hexadecimal: "D41D8C…"
// and "d41d8c…" are one, and so is "d41d8c…-gzip". All others have to be the same byte for byte.
bool is_same_etag(std::string_view a, std::string_view b);

}  // namespace dth::objects
