#pragma once

#include "state/control/task_store.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlTaskStore final : public TaskStore {
 public:
  explicit SqlTaskStore(Transactor& transactor) : transactor_(transactor) {}

  Result<void> create(const StoredTask& task, const AuditEntry& entry) override;
  Result<TaskOutcome> apply(const TaskStep& step, const HubLease* lease, TimePoint now,
                            const AuditEntry* entry) override;
  Result<TaskOutcome> remove(const std::string& id, const AuditEntry& entry) override;
  Result<StoredTask> find(const std::string& id) override;
  Result<StoredTask> find_named(const std::string& name) override;
  Result<std::vector<StoredTask>> find_all(const std::vector<std::string>& ids) override;
  Result<std::vector<StoredTask>> list(const TaskFilter& filter, const TaskOrder& order,
                                       const std::optional<TaskPosition>& after,
                                       std::size_t count_max) override;
  Result<std::int64_t> count(const TaskFilter& filter) override;
  Result<TaskCounts> counts() override;
  Result<DueTasks> due(TimePoint now, std::size_t count_max) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
