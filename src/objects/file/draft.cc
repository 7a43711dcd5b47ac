#include "objects/file/draft.h"

#include <algorithm>
#include <cerrno>
#include <random>

#include <fcntl.h>
#include <sys/file.h>

#include "base/encoding.h"
#include "objects/file/attributes.h"
#include "objects/file/errors.h"
#include "objects/file/token.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

constexpr int names_max = 64;
constexpr int create_turns_max = 100;
constexpr int draft_flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

enum class Lock { held, taken_by_another, impossible };

Lock try_lock(int file) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return Lock::held;
  return errno == EWOULDBLOCK ? Lock::taken_by_another : Lock::impossible;
}

// Is this still the file of that name? Whoever held it before may have renamed or removed it.
bool is_named(int directory, const std::string& name, int file) {
  struct stat named, opened;
  return ::fstatat(directory, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         ::fstat(file, &opened) == 0 && named.st_ino == opened.st_ino &&
         named.st_dev == opened.st_dev;
}

// The time that the copy should have, and the entry of the metadata that told it.
std::optional<timespec> wanted_mtime(const ObjectMetadata& metadata,
                                     const Reported<TimePoint>& modified) {
  for (const auto& [name, value] : metadata.user) {
    if (name != mtime_name) continue;
    if (auto time = parse_mtime(value)) return time;
  }
  if (modified.known()) return timespec_of(modified.value());
  return std::nullopt;
}

// Sets the modification time.
Result<struct stat> set_mtime(int file, std::optional<timespec> mtime, const std::string& shown) {
  if (mtime) {
    const timespec times[2] = {{0, UTIME_OMIT}, *mtime};
    if (::futimens(file, times) != 0)
      return error_of(errno, "the modification time of " + shown + " cannot be set");
  }
  struct stat now;
  if (::fstat(file, &now) != 0) return error_of(errno, shown + " cannot be looked at");
  return now;
}

Error taken_by_twin(const Move& move, const std::string& twin) {
  return Error{ErrorCode::already_exists,
               move.shown + " would replace \"" + printable(twin) +
                   "\", another one: this file system does not tell such names apart",
               ""};
}

}  // namespace

Result<Draft> Draft::begin(Descriptor directory, std::string name, std::string shown) {
  Draft draft;
  draft.directory_ = std::move(directory);
  draft.name_ = std::move(name);
  draft.shown_ = std::move(shown);
  const int at = draft.directory_.get();
  bool random = false;
  for (int number = 0; number < names_max; ++number) {
    const std::string own_name = draft_name(
        draft.name_, random ? std::random_device{}() : static_cast<std::uint32_t>(number));
    Descriptor file(::openat(at, own_name.c_str(), draft_flags | O_CREAT | O_EXCL, 0666));
    if (!file.is_open() && errno == EEXIST) {
      if (remove_stale_draft(at, own_name)) --number;  // a dead one's: its name is free again
      continue;
    }
    if (!file.is_open()) return error_of(errno, "the file " + draft.shown_ + " cannot be made");
    const Lock lock = try_lock(file.get());
    if (lock != Lock::impossible &&
        (lock == Lock::taken_by_another || !is_named(at, own_name, file.get())))
      continue;
    if (lock == Lock::impossible && !random) {
      // Without locks nobody knows who is alive: a name that nobody else has.
      ::unlinkat(at, own_name.c_str(), 0);
      random = true;
      continue;
    }
    draft.own_name_ = own_name;
    draft.file_ = std::move(file);
    return draft;
  }
  return Error{ErrorCode::unavailable,
               "the file " + draft.shown_ + " is being written by too many others at once", ""};
}

Result<Draft> Draft::begin(Tree& tree, std::string_view path) {
  const std::size_t position = name_position(path);
  Result<Draft> draft = Draft();
  // Whoever removes a directory's last file takes the directory away, perhaps just now.
  for (int turn = 0; turn < create_turns_max; ++turn) {
    auto directory = tree.make_directory(path.substr(0, position));
    if (directory.has_error()) return directory.error();
    draft = begin(std::move(*directory), std::string(path.substr(position)), tree.name_of(path));
    if (draft.has_value() || draft.error().code != ErrorCode::not_found) break;
  }
  return draft;
}

Result<void> Draft::append(Bytes bytes) {
  auto written = write_at(file_.get(), bytes, size_, shown_);
  if (written.has_value()) size_ += bytes.size();
  return written;
}

Result<struct stat> Draft::publish(const Attributes& attributes, Reported<TimePoint> modified,
                                   const Precondition& precondition) {
  auto sealed = seal(file_.get(), attributes, modified, shown_);
  if (sealed.has_error()) return sealed.error();
  auto moved = file::publish(
      {directory_.get(), own_name_, directory_.get(), name_, file_.get(), shown_}, precondition);
  if (moved.has_value()) own_name_.clear();
  return moved;
}

void Draft::discard() {
  // A rename that was done although it was said to have failed has taken the name away; then this
  // is nobody's.
  if (!own_name_.empty() && file_.is_open() && is_named(directory_.get(), own_name_, file_.get())) {
    ::unlinkat(directory_.get(), own_name_.c_str(), 0);
  }
  own_name_.clear();
  file_.reset();
}

bool remove_stale_draft(int directory, const std::string& own_name) {
  if (!is_draft_name(own_name)) return false;
  Descriptor file(
      ::openat(directory, own_name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return errno == ENOENT;
  struct stat found;
  if (::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return false;
  if (try_lock(file.get()) != Lock::held || !is_named(directory, own_name, file.get()))
    return false;
  return ::unlinkat(directory, own_name.c_str(), 0) == 0;
}

Result<void> write_at(int file, Bytes bytes, std::uint64_t offset, const std::string& shown) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return error_of(written < 0 ? errno : EIO, shown + " cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return Result<void>();
}

Result<void> seal(int file, Attributes attributes, Reported<TimePoint> modified,
                  const std::string& shown) {
  const auto mtime = wanted_mtime(attributes.metadata, modified);
  auto now = set_mtime(file, mtime, shown);
  if (now.has_error()) return now.error();
  attributes.checksums_size = static_cast<std::uint64_t>(now->st_size);
  attributes.checksums_mtime = now->st_mtim;
  // What the file's own time tells exactly needs no text.
  std::erase_if(attributes.metadata.user, [&](const auto& entry) {
    return entry.first == mtime_name && mtime && is_same_time(*mtime, now->st_mtim) &&
           entry.second == format_mtime(now->st_mtim);
  });
  auto kept = write_attributes(file, attributes, shown);
  if (kept.has_error()) return kept.error();
  if (::fsync(file) != 0) return error_of(errno, shown + " cannot be written to the disk");
  return Result<void>();
}

Result<struct stat> publish(const Move& move, const Precondition& precondition) {
  const char* name = move.name.c_str();
  struct stat there;
  bool exists = ::fstatat(move.to, name, &there, AT_SYMLINK_NOFOLLOW) == 0;
  if (!exists && errno != ENOENT) return error_of(errno, move.shown + " cannot be looked at");
  for (int turn = 0; turn < 2; ++turn) {
    if (exists && ignores_case(move.from, move.own_name)) {
      auto twin = find_twin(move.to, move.name, there.st_ino);
      if (twin.has_error()) return twin.error();
      if (!twin->empty()) return taken_by_twin(move, *twin);
    }
    if (exists && !S_ISREG(there.st_mode)) {
      return Error{
          ErrorCode::already_exists,
          move.shown + " " + std::string(obstacle_of(there.st_mode)) + "; it was left as it is",
          ""};
    }
    if (exists && precondition.if_absent) {
      auto twin = find_twin(move.to, move.name, there.st_ino);
      if (twin.has_value() && !twin->empty()) return taken_by_twin(move, *twin);
      return Error{ErrorCode::precondition_failed, move.shown + " is there already", ""};
    }
    if (!precondition.if_match.empty()) {
      if (!exists) return Error{ErrorCode::not_found, move.shown + " is not there any more", ""};
      if (change_token(there) != precondition.if_match) {
        return Error{ErrorCode::precondition_failed,
                     move.shown + " is not the file any more that it was", ""};
      }
    }
    if (exists) {
      if (::renameat(move.from, move.own_name.c_str(), move.to, name) != 0)
        return error_of(errno, move.shown + " cannot be replaced");
      break;
    }
    int failed = ::renameat2(move.from, move.own_name.c_str(), move.to, name, RENAME_NOREPLACE);
    if (failed != 0 && (errno == EINVAL || errno == ENOSYS)) {
      failed = ::linkat(move.from, move.own_name.c_str(), move.to, name, 0);
      if (failed == 0) ::unlinkat(move.from, move.own_name.c_str(), 0);
      // Neither: a file system of the simplest kind (FAT). What came into being since the look
      // above is lost there.
      if (failed != 0 && (errno == EPERM || errno == EOPNOTSUPP))
        failed = ::renameat(move.from, move.own_name.c_str(), move.to, name);
    }
    if (failed == 0) break;
    if (errno != EEXIST || turn > 0)
      return error_of(errno, move.shown + " cannot be given its name");
    exists = ::fstatat(move.to, name, &there, AT_SYMLINK_NOFOLLOW) ==
             0;  // somebody was faster: look again
  }
  if (::fsync(move.to) != 0)
    return error_of(errno, "the directory of " + move.shown + " cannot be written to the disk");
  struct stat now;
  if (::fstat(move.file, &now) != 0) return error_of(errno, move.shown + " cannot be looked at");
  return now;
}

}  // namespace dth::objects::file
