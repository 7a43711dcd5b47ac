#include "state/postgres/heartbeats.h"

#include <cerrno>
#include <csignal>
#include <filesystem>

namespace dth::state::postgres {
namespace {

// Processes that see each other's numbers: of one start of a kernel, and one namespace of process
// ids. Empty where that is not known.
std::string read_mark() {
  std::error_code failure;
  const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", failure);
  if (failure || sql::boot_id().empty()) return {};
  return sql::boot_id() + " " + space.string();
}

bool is_gone(int pid) { return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH; }

}  // namespace

Result<void> Heartbeats::begin(const std::string& worker) {
  std::lock_guard guard(mutex_);
  if (ours_.insert(worker).second) return {};
  return Error{ErrorCode::already_exists,
               "there is a worker " + worker + " already: register with another id",
               {}};
}

void Heartbeats::end(const std::string& worker, bool) {
  std::lock_guard guard(mutex_);
  ours_.erase(worker);
}

std::string Heartbeats::mark() const {
  static const std::string mark = read_mark();
  return mark;
}

bool Heartbeats::is_ours(const std::string& worker) {
  std::lock_guard guard(mutex_);
  return ours_.count(worker) != 0;
}

WorkerInfo::Life Heartbeats::life_of(const Evidence& evidence) {
  using Life = WorkerInfo::Life;
  if (is_ours(evidence.worker.id)) return Life::alive;
  const bool sees_it = !evidence.mark.empty() && evidence.mark == mark();
  if (sees_it && is_gone(evidence.worker.pid)) return Life::dead;
  if (evidence.now - evidence.worker.heartbeat_at < heartbeat_age_max) return Life::alive;
  return evidence.leases_until < evidence.now ? Life::dead : Life::unknown;
}

}  // namespace dth::state::postgres
