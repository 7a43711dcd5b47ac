#include <array>
#include <cerrno>
#include <span>
#include <vector>

#include <fcntl.h>

#include "base/encoding.h"
#include "objects/file/errors.h"
#include "objects/file/store.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

Error no_such_object(const Tree& tree, const std::string& key, const std::string& why) {
  return Error{ErrorCode::not_found, ErrorReason::object_missing,
               "there is no file " + tree.name_of(key) + why, ""};
}

}  // namespace

Result<OpenFile> open_file(const Tree& tree, const std::string& key) {
  if (path_problem(key) || key.ends_with('/')) return no_such_object(tree, key, "");
  const std::size_t position = name_position(key);
  auto directory = tree.open_directory(std::string_view(key).substr(0, position));
  if (directory.has_error()) return directory.error();
  const std::string name = key.substr(position);
  struct stat status;
  // Looked at before it is opened: to open a device can have effects.
  if (::fstatat(directory->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return no_such_object(tree, key, "");
    return error_of(errno, "the file " + tree.name_of(key) + " cannot be looked at");
  }
  if (S_ISDIR(status.st_mode)) return no_such_object(tree, key, ": it is a directory");
  if (!S_ISREG(status.st_mode))
    return Error{ErrorCode::unsupported,
                 tree.name_of(key) + " " + std::string(obstacle_of(status.st_mode)), ""};
  OpenFile opened;
  opened.file = Descriptor(::openat(directory->get(), name.c_str(),
                                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!opened.file.is_open() && errno == ENOENT) return no_such_object(tree, key, "");
  if (!opened.file.is_open())
    return error_of(errno, "the file " + tree.name_of(key) + " cannot be opened");
  if (::fstat(opened.file.get(), &opened.status) != 0)
    return error_of(errno, "the file " + tree.name_of(key) + " cannot be looked at");
  if (!S_ISREG(opened.status.st_mode))
    return Error{ErrorCode::unavailable, tree.name_of(key) + " was replaced while it was opened",
                 ""};
  return opened;
}

Result<std::uint64_t> size_by_reading(int file, std::uint64_t told, const std::string& shown) {
  constexpr std::uint64_t untold_max = 1ull << 30;
  // Some files of /proc give all that they have to the first read, and nothing to those that come
  // after it.
  std::array<std::byte, 4'096> first;
  std::vector<std::byte> large;
  std::span<std::byte> buffer = std::span(first).first(told == 0 ? first.size() : 1);
  for (std::uint64_t size = told;;) {
    const ssize_t got = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error_of(errno, "the file " + shown + " cannot be read");
    if (got == 0) return size;
    size += static_cast<std::uint64_t>(got);
    if (size - told > untold_max) {
      return Error{ErrorCode::unsupported,
                   "the file " + shown + " has more bytes than the " + std::to_string(told) +
                       " that its file system reports, and too many to be counted",
                   ""};
    }
    large.resize(1 << 20);
    buffer = large;
  }
}

ObjectHead marker_head(std::string key, const struct stat& directory,
                       const Attributes& attributes) {
  ObjectHead head;
  head.metadata = attributes.metadata;
  // What else happens in a directory changes its times, and nothing about the object that it stands
  // for.
  head.info.size = 0;
  head.info.last_modified = head.info.changed = attributes.marker_written;
  head.info.origin = attributes.origin;
  head.info.etag = "directory-" + std::to_string(directory.st_ino) + "-" +
                   std::to_string(attributes.marker_written.time_since_epoch().count());
  head.info.key = std::move(key);
  return head;
}

Result<ObjectHead> marker_head(const Tree& tree, const std::string& key) {
  if (path_problem(key)) return no_such_object(tree, key, "");
  auto directory = tree.open_directory(key);
  if (directory.has_error()) return directory.error();
  auto attributes = read_attributes(directory->get(), tree.name_of(key));
  if (attributes.has_error()) return attributes.error();
  struct stat status;
  if (::fstat(directory->get(), &status) != 0)
    return error_of(errno, "the directory " + tree.name_of(key) + " cannot be looked at");
  if (!*attributes || (*attributes)->marker_written == TimePoint{}) {
    return no_such_object(tree, key, ": it is a directory, and stands for no object");
  }
  return marker_head(key, status, **attributes);
}

Async<Result<ObjectHead>> FileStore::head(std::string key, std::string version_id) {
  ++services_.counters.head;
  if (!version_id.empty())
    co_return Error{ErrorCode::unsupported, "a directory keeps no versions of files", ""};
  co_return co_await blocking([this, &key]() -> Result<ObjectHead> {
    if (key.ends_with('/')) return marker_head(tree_, key);
    auto opened = open_file(tree_, key);
    if (opened.has_error()) {
      // A file system that is gone has no files either.
      auto there = tree_.check_still_there();
      return there.has_error() ? std::move(there.error()) : std::move(opened.error());
    }
    const std::string shown = tree_.name_of(key);
    auto attributes = read_attributes(opened->file.get(), shown);
    if (attributes.has_error()) return attributes.error();
    auto size = size_by_reading(opened->file.get(),
                                static_cast<std::uint64_t>(opened->status.st_size), shown);
    if (size.has_error()) return size.error();
    ObjectHead head = head_of(key, opened->status, *attributes);
    head.info.size = *size;
    return head;
  });
}

}  // namespace dth::objects::file
