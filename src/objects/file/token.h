#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dth::objects::file {

// What stands for an ETag: changes whenever the file is written, replaced, renamed or otherwise touched, as far as the file
// system's clock ticks. Never looks like an ETag of another kind of store, and says nothing about the bytes.
// https://man7.org/linux/man-pages/man3/stat.3type.html
std::string change_token(const struct stat& file);

TimePoint time_of(const timespec& time);  // cut to the microsecond
timespec timespec_of(TimePoint time);

// A time as rclone keeps it in x-amz-meta-mtime: seconds since 1970 with up to nine decimals, "1700000000.5".
// https://rclone.org/s3/#modification-times-and-hashes
inline constexpr std::string_view mtime_name = "mtime";
std::string format_mtime(const timespec& time);
std::optional<timespec> parse_mtime(std::string_view text);

}  // namespace dth::objects::file
