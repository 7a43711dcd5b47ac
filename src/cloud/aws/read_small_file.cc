#include "cloud/aws/read_small_file.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace dth::aws {
namespace {

struct SmallFile {
  explicit SmallFile(int number) : number(number) {}
  ~SmallFile() {
    if (number >= 0) ::close(number);
  }
  SmallFile(const SmallFile&) = delete;
  SmallFile& operator=(const SmallFile&) = delete;
  const int number;
};

Error unreadable(const std::string& path, const std::string& why) {
  return {ErrorCode::invalid_argument, "cannot read " + path + ": " + why, ""};
}

}  // namespace

// A pipe or a device could keep its reader waiting for ever.
Result<std::string> read_small_file(const std::string& path, std::size_t size_max) {
  const SmallFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number < 0) return unreadable(path, std::generic_category().message(errno));
  struct stat status {};
  const bool is_known = ::fstat(file.number, &status) == 0;
  // AWS_SHARED_CREDENTIALS_FILE=/dev/null is how people say that there is none.
  if (is_known && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3)) return std::string();
  if (!is_known || !S_ISREG(status.st_mode)) return unreadable(path, "it is not a regular file");
  std::string text(size_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.number, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, std::generic_category().message(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > size_max) {
    return Error{ErrorCode::invalid_argument,
                 path + " is larger than " + std::to_string(size_max) + " bytes", ""};
  }
  text.resize(size);
  return text;
}

}  // namespace dth::aws
