#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::objects::file {

// What an errno means to a copy; "EIO" and its like go into `detail`. `what`: "the file /data/a cannot be read".
// A file system that is gone or broken (EIO, ESTALE, ENOTCONN, ...) is `unavailable`; a full one permission_denied, as S3's
// quotas are: trying again at once does not help.
// https://man7.org/linux/man-pages/man3/errno.3.html
Error error_of(int number, const std::string& what);

}  // namespace dth::objects::file
