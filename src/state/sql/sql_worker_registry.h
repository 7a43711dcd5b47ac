#pragma once

#include <string>

#include "state/sql/liveness.h"
#include "state/sql/transactor.h"
#include "state/worker_registry.h"

namespace dth::state::sql {

class SqlWorkerRegistry final : public WorkerRegistry {
 public:
  SqlWorkerRegistry(Transactor& transactor, Liveness& liveness)
      : transactor_(transactor), liveness_(liveness) {}

  Result<void> register_worker(const NewWorker& worker, TimePoint now) override;
  Result<void> heartbeat(const std::string& worker, TimePoint now) override;
  Result<void> drain(const std::string& worker, const AuditEntry* audit) override;
  Result<bool> is_draining(const std::string& worker) override;
  Result<void> remove(const std::string& worker, TimePoint now) override;
  Result<std::vector<WorkerInfo>> list(TimePoint now) override;
  Result<std::vector<std::string>> free_dead(TimePoint now) override;

 private:
  std::vector<WorkerInfo> read_all(Database& database, TimePoint now);

  Transactor& transactor_;
  Liveness& liveness_;
};

}  // namespace dth::state::sql
