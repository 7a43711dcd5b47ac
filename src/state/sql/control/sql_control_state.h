#pragma once

#include "state/control/control_state.h"
#include "state/sql/control/sql_audit_log.h"
#include "state/sql/control/sql_credential_store.h"
#include "state/sql/control/sql_hub_leases.h"

namespace dth::state::sql {

class SqlControlState final : public ControlState {
 public:
  explicit SqlControlState(Transactor& transactor)
      : audit_(transactor), credentials_(transactor), leases_(transactor) {}

  AuditLog& audit() override { return audit_; }
  CredentialStore& credentials() override { return credentials_; }
  HubLeases& leases() override { return leases_; }

 private:
  SqlAuditLog audit_;
  SqlCredentialStore credentials_;
  SqlHubLeases leases_;
};

}  // namespace dth::state::sql
