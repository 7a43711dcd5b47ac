#include "state/sqlite/sqlite_worker_registry.h"

namespace dth::state::sqlite {

Result<void> SqliteWorkerRegistry::register_worker(const NewWorker&, TimePoint) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<void> SqliteWorkerRegistry::heartbeat(const std::string&, TimePoint) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<void> SqliteWorkerRegistry::drain(const std::string&) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<void> SqliteWorkerRegistry::remove(const std::string&, TimePoint) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<std::vector<WorkerInfo>> SqliteWorkerRegistry::list(TimePoint) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<std::vector<std::string>> SqliteWorkerRegistry::free_dead(TimePoint) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

}  // namespace dth::state::sqlite
