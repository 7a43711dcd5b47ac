#pragma once

#include <cerrno>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace dth::objects::file {

// The entries of a directory, in no order, without "." and "..".
class Entries {
 public:
  // `directory` stays its owner's.
  explicit Entries(int directory) {
    const int fd = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    stream_ = fd < 0 ? nullptr : ::fdopendir(fd);
    if (stream_) return;
    error_ = errno;
    if (fd >= 0) ::close(fd);
  }
  ~Entries() {
    if (stream_) ::closedir(stream_);
  }
  Entries(const Entries&) = delete;
  Entries& operator=(const Entries&) = delete;

  // Null at the end, or where reading failed: error() tells.
  const dirent* next() {
    while (stream_) {
      errno = 0;
      const dirent* entry = ::readdir(stream_);
      if (!entry) error_ = errno;
      const std::string_view name = entry ? entry->d_name : "";
      if (name != "." && name != "..") return entry;
    }
    return nullptr;
  }
  int error() const { return error_; }  // an errno, or 0

 private:
  DIR* stream_ = nullptr;
  int error_ = 0;
};

}  // namespace dth::objects::file
