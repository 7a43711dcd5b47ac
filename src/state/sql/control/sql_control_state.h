#pragma once

#include "state/control/control_state.h"
#include "state/sql/control/sql_audit_log.h"

namespace dth::state::sql {

class SqlControlState final : public ControlState {
 public:
  explicit SqlControlState(Transactor& transactor) : audit_(transactor) {}

  AuditLog& audit() override { return audit_; }

 private:
  SqlAuditLog audit_;
};

}  // namespace dth::state::sql
