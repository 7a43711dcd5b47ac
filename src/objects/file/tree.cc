#include "objects/file/tree.h"

#include <cerrno>
#include <cstdlib>
#include <memory>

#include <fcntl.h>

#include "base/encoding.h"
#include "objects/file/attributes.h"
#include "objects/file/entries.h"
#include "objects/file/errors.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

constexpr int make_turns_max = 100;
constexpr std::size_t checked_max = 10'000;
constexpr int walk_flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// Takes the first name off a path; an empty one at its end.
std::string next_name(std::string_view* path) {
  const std::size_t slash = path->find('/');
  std::string name(path->substr(0, slash));
  path->remove_prefix(slash == path->npos ? path->size() : slash + 1);
  return name;
}

bool is_plain_name(std::string_view name) { return !name.empty() && name != "." && name != ".."; }

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Tree::Tree(std::string path, bool may_be_missing)
    : path_(std::move(path)), may_be_missing_(may_be_missing) {}

int Tree::root() const {
  std::lock_guard lock(mutex_);
  // Where it was missing, another lane, or another process, may have made it since.
  if (!root_.is_open() && may_be_missing_)
    root_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return root_.get();
}

bool Tree::is_missing() const { return root() < 0; }

std::string Tree::name_of(std::string_view path) const {
  return printable(path_ == "/" ? path_ + std::string(path) : path_ + "/" + std::string(path));
}

Result<void> Tree::open() {
  std::lock_guard lock(mutex_);
  if (root_.is_open()) return Result<void>();
  Descriptor root(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root.is_open()) {
    root_ = std::move(root);
    return Result<void>();
  }
  const std::string what = "the directory " + printable(path_) + " cannot be opened";
  if (errno == ENOTDIR) {
    return Error{
        ErrorCode::not_found, ErrorReason::bucket_missing,
        printable(path_) + ": not a directory. To name one file, omit the slash at the end",
        "ENOTDIR"};
  }
  if (errno != ENOENT || !may_be_missing_) return error_of(errno, what);
  struct stat parent;
  if (::stat(parent_of(path_).c_str(), &parent) != 0) {
    return error_of(errno, "neither the directory " + printable(path_) +
                               " nor its parent is there; make the parent first");
  }
  return Result<void>();
}

Result<std::string> Tree::real_path() const {
  const bool missing = is_missing();
  const std::string path = missing ? parent_of(path_) : path_;
  std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (!real) return error_of(errno, "the path " + printable(path) + " cannot be followed");
  std::string result = real.get();
  if (!result.ends_with('/')) result += '/';
  if (missing) result += path_.substr(path_.rfind('/') + 1) + "/";
  return result;
}

Result<void> Tree::check_still_there() const {
  const int fd = root();
  if (fd < 0) return Result<void>();
  struct stat opened, named;
  if (::fstat(fd, &opened) != 0)
    return error_of(errno, "the directory " + printable(path_) + " cannot be looked at");
  if (::stat(path_.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
      opened.st_ino == named.st_ino)
    return Result<void>();
  return Error{
      ErrorCode::unavailable,
      "the directory " + printable(path_) +
          " is not the one any more that was opened: it was removed, unmounted or mounted over",
      ""};
}

Result<Descriptor> Tree::open_directory(std::string_view path, int* problem) const {
  const std::string_view whole = path;
  int at = root();
  if (at < 0)
    return Error{ErrorCode::not_found, ErrorReason::object_missing,
                 "the directory " + printable(path_) + " is not there", "ENOENT"};
  if (path.empty()) path = ".";
  Descriptor held;
  while (!path.empty()) {
    const std::string name = next_name(&path);
    if (!is_plain_name(name) && !whole.empty()) {
      return Error{ErrorCode::not_found, ErrorReason::object_missing,
                   "there is no directory " + name_of(whole), ""};
    }
    Descriptor next(::openat(at, name.c_str(), path.empty() ? directory_flags : walk_flags));
    if (!next.is_open()) {
      const int number = errno;
      if (problem) *problem = number;
      Error error = error_of(number, "the directory " + name_of(whole) + " cannot be opened");
      if (number == ENOTDIR || number == ELOOP) error.code = ErrorCode::not_found;
      if (error.code == ErrorCode::not_found) error.reason = ErrorReason::object_missing;
      return error;
    }
    held = std::move(next);
    at = held.get();
  }
  return held;
}

Result<int> Tree::make_root() {
  std::lock_guard lock(mutex_);
  if (root_.is_open()) return root_.get();
  const std::string parent = parent_of(path_);
  Descriptor above(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!above.is_open())
    return error_of(errno, "the directory " + printable(parent) + " cannot be opened");
  if ((::mkdir(path_.c_str(), 0777) != 0 && errno != EEXIST) || ::fsync(above.get()) != 0) {
    return error_of(errno, "the directory " + printable(path_) + " cannot be made");
  }
  root_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root_.is_open())
    return error_of(errno, "the directory " + printable(path_) + " cannot be opened");
  return root_.get();
}

Result<Descriptor> Tree::make_directory(std::string_view path) {
  // Whoever removes what became empty may take away what was just made, or what it was to be made
  // in.
  for (int turn = 1;; ++turn) {
    auto made = try_make_directory(path);
    if (made.has_value() || made.error().code != ErrorCode::not_found || turn == make_turns_max)
      return made;
  }
}

Result<Descriptor> Tree::try_make_directory(std::string_view path) {
  auto root = make_root();
  if (root.has_error()) return root.error();
  int at = *root;
  Descriptor held;
  const std::string whole(path);
  if (path.empty()) {
    held = Descriptor(::openat(at, ".", directory_flags));
    if (!held.is_open())
      return error_of(errno, "the directory " + printable(path_) + " cannot be opened");
    return held;
  }
  while (!path.empty()) {
    const std::string name = next_name(&path);
    const std::string shown =
        name_of(std::string_view(whole).substr(0, whole.size() - path.size()));
    if (!is_plain_name(name))
      return Error{ErrorCode::invalid_argument, "\"" + printable(whole) + "\" is no path", ""};
    bool made = false;
    Descriptor next(::openat(at, name.c_str(), directory_flags));
    if (!next.is_open() && errno == ENOENT) {
      made = ::mkdirat(at, name.c_str(), 0777) == 0;
      if (!made && errno != EEXIST)
        return error_of(errno, "the directory " + shown + " cannot be made");
      next = Descriptor(::openat(at, name.c_str(), directory_flags));
    }
    if (!next.is_open()) {
      const int problem = errno;
      struct stat found;
      if ((problem == ENOTDIR || problem == ELOOP) &&
          ::fstatat(at, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) {
        const std::string_view obstacle = obstacle_of(found.st_mode);
        return Error{ErrorCode::already_exists,
                     shown + " has to be a directory here, and " +
                         (obstacle.empty() ? "is a file" : std::string(obstacle)) +
                         ": no name can be both; it was left as it is",
                     "ENOTDIR"};
      }
      return error_of(problem, "the directory " + shown + " cannot be opened");
    }
    if (made && ::fsync(at) != 0)
      return error_of(errno, "the directory above " + shown + " cannot be written to the disk");
    if (!made && ignores_case(at, name)) {
      auto checked = check_case(at, std::string_view(whole).substr(0, whole.size() - path.size()));
      if (checked.has_error()) return checked.error();
    }
    held = std::move(next);
    at = held.get();
  }
  return held;
}

Result<void> Tree::check_case(int directory, std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  {
    std::lock_guard lock(mutex_);
    if (checked_.contains(std::string(path))) return Result<void>();
  }
  const std::string name(path.substr(name_position(path)));
  struct stat found;
  if (::fstatat(directory, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
    return Result<void>();  // gone again
  auto twin = find_twin(directory, name, found.st_ino);
  if (twin.has_error()) return twin.error();
  if (!twin->empty()) {
    return Error{ErrorCode::already_exists,
                 "the directory " + name_of(path) + " is taken for one with another name, \"" +
                     printable(*twin) + "\": this file system does not tell upper case from lower",
                 ""};
  }
  std::lock_guard lock(mutex_);
  if (checked_.size() >= checked_max) checked_.clear();
  checked_.emplace(path);
  return Result<void>();
}

void Tree::prune(std::string_view path) const {
  while (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    const std::string name(path.substr(name_position(path)));
    std::string_view above = path.substr(0, name_position(path));
    auto parent = open_directory(above);
    if (parent.has_error()) return;
    Descriptor directory(::openat(parent->get(), name.c_str(), directory_flags));
    if (!directory.is_open() || has_attributes(directory.get())) return;
    if (::unlinkat(parent->get(), name.c_str(), AT_REMOVEDIR) != 0) return;
    while (above.ends_with('/')) above.remove_suffix(1);
    path = above;
  }
}

bool ignores_case(int directory, const std::string& name) {
  std::string other = name;
  for (char& c : other) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) c = static_cast<char>(c ^ 0x20);
  }
  if (other == name) return false;
  struct stat ours, theirs;
  return ::fstatat(directory, other.c_str(), &theirs, AT_SYMLINK_NOFOLLOW) == 0 &&
         ::fstatat(directory, name.c_str(), &ours, AT_SYMLINK_NOFOLLOW) == 0 &&
         ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}

Result<std::string> find_twin(int directory, const std::string& name, ino_t inode) {
  Entries entries(directory);
  std::string twin;
  while (const dirent* entry = entries.next()) {
    if (name == entry->d_name) return std::string();
    if (entry->d_ino == inode) twin = entry->d_name;
  }
  if (entries.error() != 0)
    return error_of(entries.error(), "the directory of \"" + printable(name) + "\" cannot be read");
  return twin;
}

std::string_view obstacle_of(mode_t mode) {
  if (S_ISREG(mode)) return "";
  if (S_ISDIR(mode)) return "is a directory";
  if (S_ISLNK(mode)) return "is a symbolic link, and links are not followed";
  if (S_ISFIFO(mode)) return "is a named pipe and no file";
  if (S_ISSOCK(mode)) return "is a socket and no file";
  return "is a device and no file";
}

}  // namespace dth::objects::file
