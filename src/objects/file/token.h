#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include "base/clock.h"
#include "objects/mtime.h"

namespace dth::objects::file {

// What stands for an ETag: changes whenever the file is written, replaced, renamed or otherwise
// touched, as far as the file system's clock ticks. Never looks like an ETag of another kind of
// store, and says nothing about the bytes. https://man7.org/linux/man-pages/man3/stat.3type.html
std::string change_token(const struct stat& file);

TimePoint time_of(const timespec& time);  // cut to the microsecond
timespec timespec_of(TimePoint time);

}  // namespace dth::objects::file
