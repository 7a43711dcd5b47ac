#include "objects/file/walk.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>

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

constexpr std::string_view too_deep = "lies too deep: its path has more than 4,095 bytes";
static_assert(path_size_max == 4'095);

bool is_uploads_folder(std::string_view path) {
  if (!path.ends_with('/')) return false;
  path.remove_suffix(1);
  return path.substr(name_position(path)) == uploads_folder_name;
}

// Is this entry a directory? False also for what vanished meanwhile.
bool is_directory(int directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat status;
  return ::fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(status.st_mode);
}

}  // namespace

Walk::Walk(const Tree& tree, std::string prefix, std::string after, WalkOptions options)
    : tree_(tree), prefix_(std::move(prefix)), after_(std::move(after)), options_(options) {
  levels_.push_back(
      {prefix_.substr(0, name_position(prefix_)), prefix_.substr(name_position(prefix_))});
}

Result<void> Walk::next(std::size_t count, std::vector<ObjectInfo>* objects,
                        const LeavesOut* leaves_out) {
  leaves_out_ = nullptr;  // the prefix itself is wanted
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
  leaves_out_ = leaves_out;
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
    if (ahead_) last_ = ahead_->key;
  }
  return tree_.check_still_there();
}

// One step of the walk, which may find an object.
Result<std::optional<ObjectInfo>> Walk::step() {
  Level& level = levels_.back();
  if (level.next == level.names.size()) {
    if (!level.complete) return read_more();
    levels_.pop_back();
    return std::optional<ObjectInfo>();
  }
  const std::string name = level.names[level.next++];
  const std::string path = level.path;
  if (name.ends_with('/')) return enter(path + name);
  return look_at(path, name);
}

// Goes into a directory; finds the object that it may stand for.
Result<std::optional<ObjectInfo>> Walk::enter(std::string path) {
  if (leaves_out_ && *leaves_out_ && (*leaves_out_)(path)) return std::optional<ObjectInfo>();
  if (levels_.size() >= depth_max || path.size() > path_size_max) return hide(path, too_deep);
  int problem = 0;
  auto opened = open(path, &problem);
  if (opened.has_error()) return opened.error();
  if (problem != 0) return hide_or_fail(path, problem);
  if (!*opened) return std::optional<ObjectInfo>();
  levels_.push_back({path, ""});
  if (path <= after_ || !path.starts_with(prefix_) || !has_attributes(directory_.get()))
    return std::optional<ObjectInfo>();
  auto attributes = read_attributes(directory_.get(), tree_.name_of(path));
  if (attributes.has_error()) {
    ObjectInfo marker;
    marker.key = path;
    marker.obstacle =
        "has extended attributes that cannot be read, so that nobody knows whether it stands for "
        "an object";
    return std::optional<ObjectInfo>(std::move(marker));
  }
  struct stat status;
  if (!*attributes || (*attributes)->marker_written == TimePoint{} ||
      ::fstat(directory_.get(), &status) != 0)
    return std::optional<ObjectInfo>();
  return std::optional<ObjectInfo>(marker_head(path, status, **attributes).info);
}

Result<std::optional<ObjectInfo>> Walk::look_at(const std::string& path, const std::string& name) {
  int problem = 0;
  auto opened = open(path, &problem);
  if (opened.has_error()) return opened.error();
  if (problem != 0) return hide_or_fail(path, problem);
  if (!*opened) return std::optional<ObjectInfo>();
  if (is_draft_name(name)) {
    if (options_.remove_stale_drafts) remove_stale_draft(directory_.get(), name);
    return std::optional<ObjectInfo>();
  }
  if (is_upload_file_name(name) && is_uploads_folder(path)) return std::optional<ObjectInfo>();
  struct stat status;
  ObjectInfo info;
  info.key = path + name;
  if (::fstatat(directory_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    problem = errno;
    if (problem == ENOENT) return std::optional<ObjectInfo>();
    if (is_of_process(problem))
      return error_of(problem, "the file " + tree_.name_of(info.key) + " cannot be looked at");
    // Nobody knows what it is: a directory, perhaps.
    info.obstacle = cannot_be_read(problem);
    info.hidden_size = static_cast<std::uint32_t>(info.key.size());
    return std::optional<ObjectInfo>(std::move(info));
  }
  if (S_ISDIR(status.st_mode))
    return std::optional<ObjectInfo>();  // it was none when it was listed
  info.obstacle = info.key.size() > path_size_max ? too_deep : obstacle_of(status.st_mode);
  if (info.obstacle.empty() && (status.st_size > 0 || knows_sizes(status.st_dev)))
    info.size = static_cast<std::uint64_t>(status.st_size);
  info.etag = change_token(status);
  info.last_modified = time_of(status.st_mtim);
  info.changed = time_of(status.st_ctim);
  if (options_.with_origins && info.obstacle.empty()) info.origin = origin_of(name, status);
  return std::optional<ObjectInfo>(std::move(info));
}

// Does the file system that the directory at hand is on say how long its files are? Not where it
// makes them up as they are read, or somebody else's program does: there a size of 0 says nothing.
bool Walk::knows_sizes(dev_t device) {
  if (device == device_) return knows_sizes_;
  struct statfs found;
  device_ = device;
  knows_sizes_ = ::fstatfs(directory_.get(), &found) == 0;
  for (const auto type :
       {PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC,
        CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, FUSE_SUPER_MAGIC}) {
    if (knows_sizes_ && found.f_type == static_cast<decltype(found.f_type)>(type))
      knows_sizes_ = false;
  }
  return knows_sizes_;
}

// What a file is a copy of. What cannot be read is not known.
Origin Walk::origin_of(const std::string& name, const struct stat& status) const {
  Descriptor file(::openat(directory_.get(), name.c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.is_open()) return {};
  auto attributes = read_attributes(file.get(), name);
  if (attributes.has_error() || !*attributes || !(*attributes)->describe(status)) return {};
  return std::move((*attributes)->origin);
}

// Makes it the directory at hand; false where it vanished, or is none any more. `*problem`: the
// errno of what keeps it from being read.
Result<bool> Walk::open(const std::string& path, int* problem) {
  if (directory_.is_open() && directory_path_ == path) return true;
  auto opened = tree_.open_directory(path, problem);
  if (opened.has_error() && may_pass(*problem))
    opened = tree_.open_directory(path, problem);  // a stale handle, perhaps
  if (opened.has_error() && opened.error().code == ErrorCode::not_found) {
    *problem = 0;
    auto there = tree_.check_still_there();
    if (there.has_error()) return there.error();
    return false;
  }
  if (opened.has_error()) return false;
  *problem = 0;
  directory_ = std::move(*opened);
  directory_path_ = path;
  return true;
}

// The next names of the directory that the walk is in.
Result<std::optional<ObjectInfo>> Walk::read_more() {
  auto problem = read_names(levels_.back());
  if (problem.has_error()) return problem.error();
  if (*problem == 0) return std::optional<ObjectInfo>();
  const std::string path = levels_.back().path;
  levels_.pop_back();
  return hide_or_fail(path, *problem);
}

Result<std::optional<ObjectInfo>> Walk::hide_or_fail(const std::string& path, int problem) {
  auto there = tree_.check_still_there();
  if (there.has_error()) return there.error();
  if (path.empty() || is_of_process(problem)) {
    return error_of(problem, "a listing without a part would look whole: the directory " +
                                 tree_.name_of(path) + " cannot be read");
  }
  return hide(path, cannot_be_read(problem));
}

// What stands for all that cannot be listed of a directory: it comes behind what was found, and
// before any name in it.
Result<std::optional<ObjectInfo>> Walk::hide(const std::string& path, std::string_view why) {
  directory_.reset();
  std::string from = path;
  for (const std::string& other :
       {prefix_, after_.substr(0, after_.find_last_not_of('\0') + 1), last_}) {
    if (other.starts_with(path)) from = std::max(from, other);
  }
  from += '\0';
  if (from <= after_) {
    // The listing that this one continues has said so already, unless that was another directory.
    if (after_.ends_with('\0') && after_.find('/', path.size()) == after_.npos)
      return std::optional<ObjectInfo>();
    from = after_ + '\0';
  }
  ObjectInfo info;
  info.key = std::move(from);
  info.obstacle = why;
  info.hidden_size = static_cast<std::uint32_t>(path.size());
  return std::optional<ObjectInfo>(std::move(info));
}

// The least names that follow those that were read before. An errno, where they cannot be read.
Result<int> Walk::read_names(Level& level) {
  if (!level.names.empty()) level.last_name = std::move(level.names.back());
  level.names.clear();
  level.next = 0;
  level.complete = true;
  int problem = 0;
  auto opened = open(level.path, &problem);
  if (opened.has_error()) return opened.error();
  if (problem != 0 || !*opened) return problem;
  const auto keep_least = [&level, this] {
    const auto middle = level.names.begin() + static_cast<std::ptrdiff_t>(options_.names_max);
    std::nth_element(level.names.begin(), middle, level.names.end());
    level.names.erase(middle, level.names.end());
    level.complete = false;
  };
  Entries entries(directory_.get());
  while (const dirent* entry = entries.next()) {
    std::string name = entry->d_name;
    if (is_directory(directory_.get(), *entry)) name += '/';
    if (!is_wanted(level, name)) continue;
    level.names.push_back(std::move(name));
    if (level.names.size() >= 2 * options_.names_max) keep_least();
  }
  if (entries.error() != 0) {
    level.names.clear();
    return entries.error();
  }
  if (level.names.size() > options_.names_max) keep_least();
  std::sort(level.names.begin(), level.names.end());
  // A file system may tell an entry twice when others come and go meanwhile.
  level.names.erase(std::unique(level.names.begin(), level.names.end()), level.names.end());
  level.read_before = true;
  return 0;
}

bool Walk::is_wanted(const Level& level, const std::string& name) const {
  if (level.read_before && name <= level.last_name) return false;
  if (!name.starts_with(level.name_prefix)) return false;
  if (!after_.starts_with(level.path)) return level.path > after_;
  const std::string_view rest = std::string_view(after_).substr(level.path.size());
  return name > rest || (name.ends_with('/') && rest.starts_with(name));
}

}  // namespace dth::objects::file
