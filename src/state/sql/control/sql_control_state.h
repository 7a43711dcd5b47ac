#pragma once

#include "state/control/control_state.h"
#include "state/sql/control/sql_audit_log.h"
#include "state/sql/control/sql_credential_store.h"
#include "state/sql/control/sql_endpoint_store.h"
#include "state/sql/control/sql_hub_leases.h"
#include "state/sql/control/sql_idempotency_store.h"
#include "state/sql/control/sql_identity_store.h"
#include "state/sql/control/sql_run_lists.h"
#include "state/sql/control/sql_run_series.h"
#include "state/sql/control/sql_state_facts.h"
#include "state/sql/control/sql_task_store.h"

namespace dth::state::sql {

class SqlControlState final : public ControlState {
 public:
  explicit SqlControlState(Transactor& transactor)
      : audit_(transactor),
        credentials_(transactor),
        endpoints_(transactor),
        identity_(transactor),
        leases_(transactor),
        idempotency_(transactor),
        run_lists_(transactor),
        run_series_(transactor),
        state_facts_(transactor),
        tasks_(transactor) {}

  AuditLog& audit() override { return audit_; }
  CredentialStore& credentials() override { return credentials_; }
  EndpointStore& endpoints() override { return endpoints_; }
  IdentityStore& identity() override { return identity_; }
  HubLeases& leases() override { return leases_; }
  IdempotencyStore& idempotency() override { return idempotency_; }
  RunLists& run_lists() override { return run_lists_; }
  RunSeries& run_series() override { return run_series_; }
  StateFacts& state_facts() override { return state_facts_; }
  TaskStore& tasks() override { return tasks_; }

 private:
  SqlAuditLog audit_;
  SqlCredentialStore credentials_;
  SqlEndpointStore endpoints_;
  SqlIdentityStore identity_;
  SqlHubLeases leases_;
  SqlIdempotencyStore idempotency_;
  SqlRunLists run_lists_;
  SqlRunSeries run_series_;
  SqlStateFacts state_facts_;
  SqlTaskStore tasks_;
};

}  // namespace dth::state::sql
