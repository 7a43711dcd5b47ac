#pragma once

#include "state/control/audit_log.h"
#include "state/sql/database.h"

namespace dth::state::sql {

// Writes the entry, within the transaction of the change that it tells of.
void append_audit(Database& database, const AuditEntry& entry);

}  // namespace dth::state::sql
