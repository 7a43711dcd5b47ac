#include "state/sqlite/exclusive_lock.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace dth::state::sqlite {
namespace {

// The holder's process id, as far as the file tells; empty where it does not.
std::string read_holder(int file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0; i < size && text[static_cast<std::size_t>(i)] >= '0' && text[static_cast<std::size_t>(i)] <= '9'; ++i) {
    digits += text[static_cast<std::size_t>(i)];
  }
  return digits;
}

}  // namespace

Result<std::unique_ptr<ExclusiveLock>> ExclusiveLock::take(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int file = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    const int error = errno;
    const bool denied = error == EACCES || error == EPERM || error == EROFS;
    return Error{denied ? ErrorCode::permission_denied : ErrorCode::unavailable,
                 "cannot open or create " + lock_path +
                     ", which keeps other processes off the state: check that its directory exists and that you may "
                     "write there",
                 std::strerror(error)};
  }
  std::unique_ptr<ExclusiveLock> lock(new ExclusiveLock(file));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error != EWOULDBLOCK) {
      return Error{ErrorCode::unavailable, "cannot lock " + lock_path + ": use a file system that knows flock",
                   std::strerror(error)};
    }
    const std::string holder = read_holder(file);
    return Error{ErrorCode::already_exists,
                 "the state " + path + " is in use by " +
                     (holder.empty() ? std::string("another process") : "process " + holder) +
                     ": wait until that one ends, or give another state file",
                 {}};
  }
  // Who holds it is for people only, so it does not matter if this fails.
  const std::string holder = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(file, holder.data(), holder.size(), 0);
  }
  return lock;
}

ExclusiveLock::~ExclusiveLock() { ::close(file_); }

}  // namespace dth::state::sqlite
