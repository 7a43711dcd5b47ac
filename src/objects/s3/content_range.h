#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dth::objects::s3 {

// "bytes 0-9/443": what a 206 answer holds (RFC 9110, 14.4).
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
};

// Nothing where the text is malformed, does not tell the total, or contradicts itself.
std::optional<ContentRange> parse_content_range(std::string_view text);

}  // namespace dth::objects::s3
