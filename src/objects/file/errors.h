#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::objects::file {

// What an errno means to a copy; "EIO" and its like go into `detail`. `what`: "the file /data/a
// cannot be read". A file system that is gone or broken (EIO, ESTALE, ENOTCONN, ...) is
// `unavailable`; a full one permission_denied with ErrorReason::destination_full, as S3's quotas
// are: trying again at once does not help. https://man7.org/linux/man-pages/man3/errno.3.html
Error error_of(int number, const std::string& what);

// Does it tell of this process or machine, and nothing of the file: too many open files, no memory?
bool is_of_process(int number);

// May it pass when the same is tried once more: a broken connection to a file server, a failing
// disk?
bool may_pass(int number);

// "cannot be read: Permission denied": words that follow a name, of static storage.
std::string_view cannot_be_read(int number);

}  // namespace dth::objects::file
