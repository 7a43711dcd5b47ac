#include "state/sqlite/kernel_locks.h"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

namespace dth::state::sqlite {
namespace {

LockedThing locked_worker(const std::string& id) {
  return {"the worker " + id, "register with another id"};
}

}  // namespace

std::string KernelLocks::lock_path(const std::string& worker) const {
  return directory_ + "/" + worker + ".lock";
}

Result<std::unique_ptr<ExclusiveLock>> KernelLocks::lock(const std::string& worker) const {
  if (directory_.empty()) return std::unique_ptr<ExclusiveLock>();
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) {
    const int error = errno;
    const bool denied = error == EACCES || error == EPERM || error == EROFS;
    return Error{denied ? ErrorCode::permission_denied : ErrorCode::unavailable,
                 "cannot create the directory " + directory_ +
                     ", which shows who works on the state: check that you may write there",
                 std::strerror(error)};
  }
  return ExclusiveLock::take(lock_path(worker), locked_worker(worker));
}

Result<void> KernelLocks::begin(const std::string& worker) {
  if (is_ours(worker)) {
    return Error{ErrorCode::already_exists,
                 "there is a worker " + worker + " already: register with another id",
                 {}};
  }
  auto taken = lock(worker);
  if (taken.has_error()) return taken.error();
  std::lock_guard guard(mutex_);
  locks_.emplace(worker, std::move(*taken));
  return {};
}

void KernelLocks::end(const std::string& worker, bool is_anothers) {
  std::lock_guard guard(mutex_);
  // The file goes first: a process that finds it finds it locked. Another's stays.
  if (!directory_.empty() && !is_anothers) ::unlink(lock_path(worker).c_str());
  locks_.erase(worker);
}

bool KernelLocks::is_ours(const std::string& worker) {
  std::lock_guard guard(mutex_);
  return locks_.count(worker) != 0;
}

WorkerInfo::Life KernelLocks::life_of(const Evidence& evidence) {
  using Life = WorkerInfo::Life;
  const WorkerInfo& worker = evidence.worker;
  if (is_ours(worker.id)) return Life::alive;
  if (directory_.empty()) return Life::dead;
  if (!evidence.mark.empty() && evidence.mark == sql::boot_id()) {
    const auto held = ExclusiveLock::is_held(lock_path(worker.id), locked_worker(worker.id));
    if (held.has_error()) return Life::unknown;
    return *held ? Life::alive : Life::dead;
  }
  // Clocks may differ, so a heartbeat to come says nothing either.
  const auto age = evidence.now - worker.heartbeat_at;
  const bool is_fresh = age < heartbeat_age_max && -age < heartbeat_age_max;
  if (is_fresh) return Life::alive;
  // This host has started again since.
  return !evidence.mark.empty() && worker.host == sql::host_name() ? Life::dead : Life::unknown;
}

}  // namespace dth::state::sqlite
