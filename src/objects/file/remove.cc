#include <cerrno>

#include <fcntl.h>

#include "objects/file/errors.h"
#include "objects/file/store.h"
#include "objects/file/token.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

Error is_gone(const Tree& tree, const std::string& key) {
  return Error{ErrorCode::not_found, ErrorReason::object_missing,
               "there is no file " + tree.name_of(key), ""};
}
Error is_another(const Tree& tree, const std::string& key) {
  return Error{ErrorCode::precondition_failed,
               tree.name_of(key) + " is not the one any more that it was", ""};
}

// What a request says where there is nothing, in a place that is still there.
Result<void> nothing_there(const Tree& tree, const RemoveRequest& request) {
  auto there = tree.check_still_there();
  if (there.has_error() || request.if_match.empty()) return there;
  return is_gone(tree, request.key);
}

// Directories that became empty go too: as in other stores, there are none without an object.
Result<void> remove_file(const Tree& tree, const RemoveRequest& request) {
  const std::string& key = request.key;
  const std::size_t position = name_position(key);
  const std::string_view above = std::string_view(key).substr(0, position);
  auto directory = tree.open_directory(above);
  if (directory.has_error() && directory.error().code == ErrorCode::not_found)
    return nothing_there(tree, request);
  if (directory.has_error()) return directory.error();
  const std::string name = key.substr(position);
  struct stat status;
  if (::fstatat(directory->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return nothing_there(tree, request);
    return error_of(errno, "the file " + tree.name_of(key) + " cannot be looked at");
  }
  if (S_ISDIR(status.st_mode)) return nothing_there(tree, request);
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::unsupported,
                 tree.name_of(key) + " " + std::string(obstacle_of(status.st_mode)) +
                     "; it was left as it is",
                 ""};
  }
  if (!request.if_match.empty() && change_token(status) != request.if_match)
    return is_another(tree, key);
  if (::unlinkat(directory->get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    return error_of(errno, "the file " + tree.name_of(key) + " cannot be removed");
  }
  if (::fsync(directory->get()) != 0)
    return error_of(errno,
                    "the removal of " + tree.name_of(key) + " cannot be written to the disk");
  tree.prune(above);
  return Result<void>();
}

Result<void> remove_marker(const Tree& tree, const RemoveRequest& request) {
  const std::string& key = request.key;
  auto present = marker_head(tree, key);
  if (present.has_error() && present.error().code == ErrorCode::not_found)
    return nothing_there(tree, request);
  if (present.has_error()) return present.error();
  if (!request.if_match.empty() && present->info.etag != request.if_match)
    return is_another(tree, key);
  auto directory = tree.open_directory(key);
  if (directory.has_error()) return directory.error();
  auto removed = remove_attributes(directory->get(), tree.name_of(key));
  if (removed.has_error()) return removed.error();
  if (::fsync(directory->get()) != 0)
    return error_of(errno,
                    "the removal of " + tree.name_of(key) + " cannot be written to the disk");
  tree.prune(key);
  return Result<void>();
}

}  // namespace

Async<Result<void>> FileStore::remove(RemoveRequest request) {
  ++services_.counters.remove;
  if (options_.read_only) co_return only_read();
  co_return co_await blocking([this, &request]() -> Result<void> {
    if (path_problem(request.key))
      return nothing_there(tree_, request);  // no such key can be there
    return request.key.ends_with('/') ? remove_marker(tree_, request) : remove_file(tree_, request);
  });
}

}  // namespace dth::objects::file
