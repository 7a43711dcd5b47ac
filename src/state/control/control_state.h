#pragma once

#include "state/control/audit_log.h"
#include "state/control/credential_store.h"
#include "state/control/endpoint_store.h"
#include "state/control/hub_leases.h"
#include "state/control/idempotency_store.h"
#include "state/control/identity_store.h"
#include "state/control/run_lists.h"
#include "state/control/run_series.h"
#include "state/control/state_facts.h"
#include "state/control/task_store.h"

namespace dth::state {

// What the hub keeps besides runs, by role. See State for what every method keeps to.
//
// Each method of a role that changes something takes the AuditEntry of that change and writes it in
// the same transaction: there is no change without its entry, and no entry of a change that did not
// happen.
class ControlState {
 public:
  virtual ~ControlState() = default;

  // Each lives as long as the state.
  virtual AuditLog& audit() = 0;
  virtual CredentialStore& credentials() = 0;
  virtual EndpointStore& endpoints() = 0;
  virtual IdentityStore& identity() = 0;
  virtual HubLeases& leases() = 0;
  virtual IdempotencyStore& idempotency() = 0;
  virtual RunLists& run_lists() = 0;
  virtual RunSeries& run_series() = 0;
  virtual StateFacts& state_facts() = 0;
  virtual TaskStore& tasks() = 0;
};

}  // namespace dth::state
