#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

// audit_event: a row of the log. audit_checkpoint: one row once retention dropped something.
const SchemaPart& audit_tables();

}  // namespace dth::state::sql
