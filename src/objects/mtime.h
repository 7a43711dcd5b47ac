#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace dth::objects {

// A time as rclone keeps it in x-amz-meta-mtime: seconds since 1970 with up to nine decimals,
// "1700000000.5". https://rclone.org/s3/#modification-times-and-hashes
inline constexpr std::string_view mtime_name = "mtime";
std::string format_mtime(const timespec& time);
std::optional<timespec> parse_mtime(std::string_view text);

}  // namespace dth::objects
