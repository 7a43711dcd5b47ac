#pragma once

#include "state/control/audit_log.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlAuditLog final : public AuditLog {
 public:
  explicit SqlAuditLog(Transactor& transactor) : transactor_(transactor) {}

  Result<void> append(const AuditEntry& entry) override;
  Result<std::vector<AuditRecord>> list(const AuditFilter& filter,
                                        const std::optional<AuditPosition>& after,
                                        std::size_t count_max) override;
  Result<AuditRecord> find(const std::string& id) override;
  Result<std::vector<AuditRecord>> chained(std::int64_t after, std::size_t count_max) override;
  Result<AuditCheckpoint> checkpoint() override;
  Result<std::int64_t> unchained_count() override;
  Result<std::size_t> chain(const HubLease& lease, TimePoint now, std::size_t count_max) override;
  Result<std::size_t> drop(const HubLease& lease, TimePoint before, TimePoint now,
                           std::size_t count_max) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
