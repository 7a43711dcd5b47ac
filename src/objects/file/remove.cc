#include <fcntl.h>

#include <cerrno>

#include "objects/file/errors.h"
#include "objects/file/store.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

// Nothing where nothing is there. Directories that became empty go too: as in other stores, there are none without an object.
Result<void> remove_file(Tree& tree, const std::string& key) {
  const std::size_t position = name_position(key);
  const std::string_view above = std::string_view(key).substr(0, position);
  auto directory = tree.open_directory(above);
  if (directory.has_error() && directory.error().code == ErrorCode::not_found) return tree.check_still_there();
  if (directory.has_error()) return directory.error();
  const std::string name = key.substr(position);
  struct stat status;
  if (::fstatat(directory->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return tree.check_still_there();
    return error_of(errno, "the file " + tree.name_of(key) + " cannot be looked at");
  }
  if (S_ISDIR(status.st_mode)) return Result<void>();  // no object
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::unsupported, tree.name_of(key) + " " + std::string(obstacle_of(status.st_mode)) + "; it was left as it is", ""};
  }
  if (::unlinkat(directory->get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    return error_of(errno, "the file " + tree.name_of(key) + " cannot be removed");
  }
  if (::fsync(directory->get()) != 0) return error_of(errno, "the removal of " + tree.name_of(key) + " cannot be written to the disk");
  tree.prune(above);
  return Result<void>();
}

Result<void> remove_marker(Tree& tree, const std::string& key) {
  auto directory = tree.open_directory(key);
  if (directory.has_error() && directory.error().code == ErrorCode::not_found) return tree.check_still_there();
  if (directory.has_error()) return directory.error();
  auto removed = remove_attributes(directory->get(), tree.name_of(key));
  if (removed.has_error()) return removed.error();
  if (::fsync(directory->get()) != 0) return error_of(errno, "the removal of " + tree.name_of(key) + " cannot be written to the disk");
  tree.prune(key);
  return Result<void>();
}

}  // namespace

Async<Result<void>> FileStore::remove(std::string key) {
  ++services_.counters.remove;
  auto writable = check_writable(key);
  if (writable.has_error() && options_.read_only) co_return writable.error();
  if (writable.has_error()) co_return Result<void>();  // no such key can be there
  co_return co_await blocking([this, &key] { return key.ends_with('/') ? remove_marker(tree_, key) : remove_file(tree_, key); });
}

}  // namespace dth::objects::file
