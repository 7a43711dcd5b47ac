#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

// planned_deletions: a row for each run that would delete something and needs an approval for it.
// planned_deletion_key: its sample keys.
const SchemaPart& deletion_tables();

}  // namespace dth::state::sql
