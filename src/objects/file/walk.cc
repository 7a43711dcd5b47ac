#include "objects/file/walk.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "objects/file/attributes.h"
#include "objects/file/draft.h"
#include "objects/file/entries.h"
#include "objects/file/errors.h"
#include "objects/file/store.h"
#include "objects/file/token.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

constexpr std::size_t depth_max = path_size_max / 2 + 1;

// Is this entry a directory? False also for what vanished meanwhile.
bool is_directory(int directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat status;
  return ::fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

Walk::Walk(const Tree& tree, std::string prefix, std::string after, WalkOptions options)
    : tree_(tree), prefix_(std::move(prefix)), after_(std::move(after)), options_(options) {
  levels_.push_back({prefix_.substr(0, name_position(prefix_)), prefix_.substr(name_position(prefix_))});
}

Result<void> Walk::next(std::size_t count, std::vector<ObjectInfo>* objects) {
  if (!begun_) {
    begun_ = true;
    // The prefix may be the key of a directory that stands for an object.
    std::string path = levels_.back().path;
    if (path.empty() || path.size() < prefix_.size()) path.clear();
    levels_.back().complete = tree_.is_missing();
    if (!path.empty() && !levels_.back().complete) {
      levels_.clear();
      auto marker = enter(path);
      if (marker.has_error()) return marker.error();
      ahead_ = std::move(*marker);
    }
  }
  while (count > 0 || !ahead_) {
    if (ahead_) {
      objects->push_back(std::move(*ahead_));
      ahead_.reset();
      --count;
      continue;
    }
    if (levels_.empty()) break;
    auto found = step();
    if (found.has_error()) return found.error();
    ahead_ = std::move(*found);
  }
  return tree_.check_still_there();
}

// One step of the walk, which may find an object.
Result<std::optional<ObjectInfo>> Walk::step() {
  Level& level = levels_.back();
  if (level.next == level.names.size()) {
    if (level.complete) {
      levels_.pop_back();
      return std::optional<ObjectInfo>();
    }
    auto read = read_names(level);
    if (read.has_error()) return read.error();
    return std::optional<ObjectInfo>();
  }
  const std::string name = level.names[level.next++];
  const std::string path = level.path;
  if (name.ends_with('/')) return enter(path + name);
  return look_at(path, name);
}

// Goes into a directory; finds the object that it may stand for.
Result<std::optional<ObjectInfo>> Walk::enter(std::string path) {
  if (levels_.size() >= depth_max || path.size() > path_size_max) {
    return Error{ErrorCode::unsupported, "the directory " + tree_.name_of(path) + " lies too deep: its path has more than " +
                                             std::to_string(path_size_max) + " bytes",
                 ""};
  }
  auto opened = open(path);
  if (opened.has_error()) return opened.error();
  if (!*opened) return std::optional<ObjectInfo>();
  levels_.push_back({path, ""});
  if (path <= after_ || !path.starts_with(prefix_) || !has_attributes(directory_.get())) return std::optional<ObjectInfo>();
  auto attributes = read_attributes(directory_.get(), tree_.name_of(path));
  if (attributes.has_error()) return attributes.error();
  struct stat status;
  if (!*attributes || (*attributes)->marker_written == TimePoint{} || ::fstat(directory_.get(), &status) != 0) return std::optional<ObjectInfo>();
  return std::optional<ObjectInfo>(marker_head(path, status, **attributes).info);
}

Result<std::optional<ObjectInfo>> Walk::look_at(const std::string& path, const std::string& name) {
  auto opened = open(path);
  if (opened.has_error()) return opened.error();
  struct stat status;
  if (!*opened) return std::optional<ObjectInfo>();
  if (::fstatat(directory_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<ObjectInfo>();
    return error_of(errno, "the file " + tree_.name_of(path + name) + " cannot be looked at");
  }
  if (S_ISDIR(status.st_mode)) return std::optional<ObjectInfo>();  // it was none when it was listed
  if (name.starts_with(reserved_name_prefix)) {
    if (options_.remove_stale_drafts) remove_stale_draft(directory_.get(), name);
    return std::optional<ObjectInfo>();
  }
  ObjectInfo info;
  info.key = path + name;
  info.obstacle = obstacle_of(status.st_mode);
  if (info.obstacle.empty()) info.size = static_cast<std::uint64_t>(status.st_size);
  info.etag = change_token(status);
  info.last_modified = time_of(status.st_mtim);
  info.changed = time_of(status.st_ctim);
  if (options_.with_origins && info.obstacle.empty()) info.origin = origin_of(name, status);
  return std::optional<ObjectInfo>(std::move(info));
}

// What a file is a copy of. What cannot be read is not known.
Origin Walk::origin_of(const std::string& name, const struct stat& status) const {
  Descriptor file(::openat(directory_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.is_open()) return {};
  auto attributes = read_attributes(file.get(), name);
  if (attributes.has_error() || !*attributes || !(*attributes)->describe(status)) return {};
  return std::move((*attributes)->origin);
}

// Makes it the directory at hand; false where it vanished, or is none any more.
Result<bool> Walk::open(const std::string& path) {
  if (directory_.is_open() && directory_path_ == path) return true;
  auto opened = tree_.open_directory(path);
  if (opened.has_error() && opened.error().code == ErrorCode::not_found) {
    auto there = tree_.check_still_there();
    if (there.has_error()) return there.error();
    return false;
  }
  if (opened.has_error()) return std::move(opened.error()).with_context("a listing without a part would look whole");
  directory_ = std::move(*opened);
  directory_path_ = path;
  return true;
}

// The least names that follow those that were read before.
Result<void> Walk::read_names(Level& level) {
  if (!level.names.empty()) level.last_name = std::move(level.names.back());
  level.names.clear();
  level.next = 0;
  level.complete = true;
  auto opened = open(level.path);
  if (opened.has_error()) return opened.error();
  if (!*opened) return Result<void>();
  const std::string shown = "the directory " + tree_.name_of(level.path);
  const auto keep_least = [&level, this] {
    const auto middle = level.names.begin() + static_cast<std::ptrdiff_t>(options_.names_max);
    std::nth_element(level.names.begin(), middle, level.names.end());
    level.names.erase(middle, level.names.end());
    level.complete = false;
  };
  Entries entries(directory_.get());
  while (const dirent* entry = entries.next()) {
    std::string name = entry->d_name;
    if (is_directory(directory_.get(), *entry)) {
      if (name.starts_with(reserved_name_prefix)) continue;
      name += '/';
    }
    if (!is_wanted(level, name)) continue;
    level.names.push_back(std::move(name));
    if (level.names.size() >= 2 * options_.names_max) keep_least();
  }
  if (entries.error() != 0) return error_of(entries.error(), shown + " cannot be read to its end");
  if (level.names.size() > options_.names_max) keep_least();
  std::sort(level.names.begin(), level.names.end());
  // A file system may tell an entry twice when others come and go meanwhile.
  level.names.erase(std::unique(level.names.begin(), level.names.end()), level.names.end());
  level.read_before = true;
  return Result<void>();
}

bool Walk::is_wanted(const Level& level, const std::string& name) const {
  if (level.read_before && name <= level.last_name) return false;
  if (!name.starts_with(level.name_prefix)) return false;
  if (!after_.starts_with(level.path)) return level.path > after_;
  const std::string_view rest = std::string_view(after_).substr(level.path.size());
  return name > rest || (name.ends_with('/') && rest.starts_with(name));
}

}  // namespace dth::objects::file
