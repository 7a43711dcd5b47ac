#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/exclusive_lock.h"
#include "state/sqlite/connection.h"
#include "state/worker_registry.h"

namespace dth::state::sqlite {

class SqliteWorkerRegistry final : public WorkerRegistry {
 public:
  // Each worker's lock is a file of this directory; empty: the state is in memory, and all workers
  // are this process's.
  SqliteWorkerRegistry(SqliteConnection& connection, std::string lock_directory)
      : connection_(connection),
        database_(connection.database()),
        lock_directory_(std::move(lock_directory)) {}

  Result<void> register_worker(const NewWorker& worker, TimePoint now) override;
  Result<void> heartbeat(const std::string& worker, TimePoint now) override;
  Result<void> drain(const std::string& worker) override;
  Result<void> remove(const std::string& worker, TimePoint now) override;
  Result<std::vector<WorkerInfo>> list(TimePoint now) override;
  Result<std::vector<std::string>> free_dead(TimePoint now) override;

 private:
  std::string lock_path(const std::string& worker) const;
  Result<std::unique_ptr<ExclusiveLock>> lock(const std::string& worker) const;
  bool is_ours(const std::string& worker);
  WorkerInfo::Life life_of(const WorkerInfo& worker, const std::string& boot, TimePoint now);
  void forget(const std::string& worker);

  SqliteConnection& connection_;
  Database& database_;
  const std::string lock_directory_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<ExclusiveLock>> locks_;  // of our workers; null in memory
};

}  // namespace dth::state::sqlite
