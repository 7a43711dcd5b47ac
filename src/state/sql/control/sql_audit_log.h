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

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
