#include "objects/file/errors.h"

#include <cerrno>
#include <cstring>

namespace dth::objects::file {
namespace {

struct Meaning {
  int number;
  ErrorCode code;
  const char* advice;  // what to do, or nothing
  ErrorReason reason = ErrorReason::unspecified;
};

constexpr const char* look_at_mount = "; is its file system still mounted and in order?";

constexpr Meaning meanings[] = {
    {ENOENT, ErrorCode::not_found, ""},
    {EACCES, ErrorCode::permission_denied, "; run as a user who may, or change its permissions"},
    {EPERM, ErrorCode::permission_denied, "; run as a user who may, or change its permissions"},
    {EROFS, ErrorCode::permission_denied, ""},
    {ENOSPC, ErrorCode::permission_denied, "; free some space, then run again", ErrorReason::destination_full},
    {EDQUOT, ErrorCode::permission_denied, "; free some space, then run again", ErrorReason::destination_full},
    {EFBIG, ErrorCode::permission_denied, "; the file system takes no file of that size", ErrorReason::file_too_large},
    {EEXIST, ErrorCode::already_exists, ""},
    {EISDIR, ErrorCode::already_exists, ""},
    {ENOTDIR, ErrorCode::already_exists, ""},
    {ELOOP, ErrorCode::unsupported, "; links are not followed"},
    {ENAMETOOLONG, ErrorCode::invalid_argument, ""},
    {EINVAL, ErrorCode::invalid_argument, "; the file system may not take such a name"},
    {EILSEQ, ErrorCode::invalid_argument, "; the file system does not take such a name"},
    {EOPNOTSUPP, ErrorCode::unsupported, ""},
    {EIO, ErrorCode::unavailable, look_at_mount},
    {ESTALE, ErrorCode::unavailable, look_at_mount},
    {ENOTCONN, ErrorCode::unavailable, look_at_mount},
    {ENODEV, ErrorCode::unavailable, look_at_mount},
    {ENXIO, ErrorCode::unavailable, look_at_mount},
    {EHOSTDOWN, ErrorCode::unavailable, look_at_mount},
    {EHOSTUNREACH, ErrorCode::unavailable, look_at_mount},
    {ETIMEDOUT, ErrorCode::timeout, look_at_mount},
    {EMFILE, ErrorCode::unavailable, "; allow more open files (ulimit -n), or lower --concurrency"},
    {ENFILE, ErrorCode::unavailable, "; the machine has too many open files"},
    {ENOMEM, ErrorCode::unavailable, ""},
    {EBUSY, ErrorCode::unavailable, ""},
    {EAGAIN, ErrorCode::unavailable, ""},
    {EINTR, ErrorCode::unavailable, ""},
};

}  // namespace

Error error_of(int number, const std::string& what) {
  const char* name = ::strerrorname_np(number);
  Error error{ErrorCode::internal, what, name ? name : "errno " + std::to_string(number)};
  const char* text = ::strerrordesc_np(number);
  if (text) error.message += std::string(": ") + text;
  for (const Meaning& meaning : meanings) {
    if (meaning.number != number) continue;
    error.code = meaning.code;
    error.reason = meaning.reason;
    error.message += meaning.advice;
  }
  return error;
}

}  // namespace dth::objects::file
