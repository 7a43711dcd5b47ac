#pragma once

#include "state/sqlite/connection.h"
#include "state/worker_registry.h"

namespace dth::state::sqlite {

class SqliteWorkerRegistry final : public WorkerRegistry {
 public:
  explicit SqliteWorkerRegistry(SqliteConnection& connection)
      : connection_(connection), database_(connection.database()) {}

  Result<void> register_worker(const NewWorker& worker, TimePoint now) override;
  Result<void> heartbeat(const std::string& worker, TimePoint now) override;
  Result<void> drain(const std::string& worker) override;
  Result<void> remove(const std::string& worker, TimePoint now) override;
  Result<std::vector<WorkerInfo>> list(TimePoint now) override;
  Result<std::vector<std::string>> free_dead(TimePoint now) override;

 private:
  SqliteConnection& connection_;
  Database& database_;
};

}  // namespace dth::state::sqlite
