#include "ledger/file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dth::ledger {

Error file_error(std::string_view verb, const std::string& path, int error) {
  std::string message = "cannot " + std::string(verb) + " " + path + ": ";
  ErrorCode code = ErrorCode::unavailable;
  switch (error) {
    case ENOENT:
      code = ErrorCode::not_found;
      message += "it does not exist";
      break;
    case EEXIST:
      code = ErrorCode::already_exists;
      message += "it exists";
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      code = ErrorCode::permission_denied;
      message += "check the owner and mode of the file and of its directory";
      break;
    case ELOOP:
      code = ErrorCode::invalid_argument;
      message += "it is a symbolic link, which is not followed; put the file itself there";
      break;
    case ENOSPC:
    case EDQUOT:
      message += "the disk is full; free some space, then resume";
      break;
    default:
      message += "check the disk and the path";
  }
  return {code, std::move(message), std::strerror(error)};
}

Result<File> File::open(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, 0600);
  if (descriptor < 0) return file_error("open", path, errno);
  File file(descriptor, path);
  const bool has_to_be_regular = (flags & O_ACCMODE) == O_RDONLY || (flags & O_NOFOLLOW) != 0;
  if (!has_to_be_regular || (flags & O_DIRECTORY) != 0) return file;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return file_error("look at", path, errno);
  if (S_ISREG(status.st_mode)) return file;
  return Error{
      ErrorCode::invalid_argument, "cannot open " + path + ": it is not a regular file", {}};
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::uint64_t> File::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return file_error("look at", path_, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> File::read_at(std::uint64_t offset, char* data, std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(descriptor_, data + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("read", path_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> File::write_at(std::uint64_t offset, std::string_view bytes) const {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put = ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                                 static_cast<off_t>(offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return file_error("write to", path_, errno);
    done += static_cast<std::size_t>(put);
  }
  return {};
}

Result<void> File::truncate(std::uint64_t size) const {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
    return file_error("cut", path_, errno);
  return {};
}

Result<void> File::sync() const {
  if (::fdatasync(descriptor_) != 0) return file_error("write to", path_, errno);
  return {};
}

Result<void> sync_directory(const std::string& path) {
  auto directory = File::open(path, O_RDONLY | O_DIRECTORY);
  if (directory.has_error()) return directory.error();
  return directory->sync();
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find('/') == name.npos &&
         name.find('\0') == name.npos && name.size() <= 255;
}

}  // namespace dth::ledger
