#include "base/exclusive_lock.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dth {
namespace {

// The holder's process id, as far as the file tells; empty where it does not.
std::string read_holder(int file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0; i < size && text[static_cast<std::size_t>(i)] >= '0' &&
                      text[static_cast<std::size_t>(i)] <= '9';
       ++i) {
    digits += text[static_cast<std::size_t>(i)];
  }
  return digits;
}

// Of the open file description (fcntl(2)): unlike flock's it can be asked for without being taken,
// and unlike POSIX's it stays when another descriptor of the file is closed.
struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

// Somebody else who may write to the directory could have put a link there to a file of ours.
constexpr int lock_flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

// A regular file of one name, with no more in it than a process id.
bool may_be_lock_file(int file) {
  constexpr off_t bytes_max = 32;
  struct stat status {};
  return ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
         status.st_size <= bytes_max;
}

Error not_a_lock_file(const std::string& lock_path, const LockedThing& thing) {
  return {ErrorCode::permission_denied,
          lock_path + ", which keeps other processes off " + thing.name +
              ", is a link or something else than a lock file, and was left alone: see who put it "
              "there, and remove it",
          {}};
}

}  // namespace

Result<std::unique_ptr<ExclusiveLock>> ExclusiveLock::take(const std::string& lock_path,
                                                           const LockedThing& thing) {
  const int file = ::open(lock_path.c_str(), lock_flags | O_RDWR | O_CREAT, 0600);
  if (file < 0) {
    const int error = errno;
    if (error == ELOOP) return not_a_lock_file(lock_path, thing);
    const bool denied = error == EACCES || error == EPERM || error == EROFS;
    return Error{denied ? ErrorCode::permission_denied : ErrorCode::unavailable,
                 "cannot open or create " + lock_path + ", which keeps other processes off " +
                     thing.name +
                     ": check that its directory exists and that you "
                     "may write there",
                 std::strerror(error)};
  }
  std::unique_ptr<ExclusiveLock> lock(new ExclusiveLock(file));
  if (!may_be_lock_file(file)) return not_a_lock_file(lock_path, thing);
  struct flock wanted = whole_file(F_WRLCK);
  if (::fcntl(file, F_OFD_SETLK, &wanted) != 0) {
    const int error = errno;
    if (error != EAGAIN && error != EACCES) {
      return Error{ErrorCode::unavailable,
                   "cannot lock " + lock_path + ": use a file system that knows locks",
                   std::strerror(error)};
    }
    const std::string holder = read_holder(file);
    return Error{ErrorCode::already_exists,
                 thing.name + " is in use by " +
                     (holder.empty() ? std::string("another process") : "process " + holder) +
                     ": " + thing.advice,
                 {}};
  }
  // Who holds it is for people only, so it does not matter if this fails.
  const std::string holder = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(file, holder.data(), holder.size(), 0);
  }
  return lock;
}

Result<bool> ExclusiveLock::is_held(const std::string& lock_path, const LockedThing& thing) {
  const int file = ::open(lock_path.c_str(), lock_flags | O_RDONLY);
  if (file < 0 && errno == ENOENT) return false;
  struct flock asked = whole_file(F_RDLCK);
  const bool told = file >= 0 && ::fcntl(file, F_OFD_GETLK, &asked) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (told) return asked.l_type != F_UNLCK;
  return Error{
      error == EACCES || error == EPERM ? ErrorCode::permission_denied : ErrorCode::unavailable,
      "cannot see whether a process has " + thing.name + " for itself: " + lock_path +
          " cannot be read",
      std::strerror(error)};
}

ExclusiveLock::~ExclusiveLock() { ::close(file_); }

}  // namespace dth
