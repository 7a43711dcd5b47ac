#include "objects/file/errors.h"

#include <algorithm>
#include <array>
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

constexpr const char* free_space = "; free some space or raise the quota, then run again";

constexpr Meaning meanings[] = {
    {ENOENT, ErrorCode::not_found, ""},
    {EACCES, ErrorCode::permission_denied, "; run as a user who may, or change its permissions"},
    {EPERM, ErrorCode::permission_denied, "; run as a user who may, or change its permissions"},
    {EROFS, ErrorCode::permission_denied, ""},
    {ENOSPC, ErrorCode::permission_denied, free_space, ErrorReason::destination_full},
    {EDQUOT, ErrorCode::permission_denied, free_space, ErrorReason::destination_full},
    {EFBIG, ErrorCode::permission_denied,
     "; the file system, or the limit of this process (ulimit -f), takes no file of that size",
     ErrorReason::file_too_large},
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

bool is_of_process(int number) {
  return number == EMFILE || number == ENFILE || number == ENOMEM || number == EAGAIN ||
         number == EINTR;
}

bool may_pass(int number) {
  const auto* meaning = std::find_if(std::begin(meanings), std::end(meanings),
                                     [number](const Meaning& one) { return one.number == number; });
  return meaning != std::end(meanings) && is_retryable(meaning->code);
}

std::string_view cannot_be_read(int number) {
  constexpr int numbers = 256;  // more than Linux has
  static const std::array<std::string, numbers> words = [] {
    std::array<std::string, numbers> all;
    for (int i = 0; i < numbers; ++i) {
      const char* text = ::strerrordesc_np(i);
      all[static_cast<std::size_t>(i)] =
          std::string("cannot be read: ") + (text ? text : "unknown error");
    }
    return all;
  }();
  return words[static_cast<std::size_t>(number > 0 && number < numbers ? number : 0)];
}

}  // namespace dth::objects::file
