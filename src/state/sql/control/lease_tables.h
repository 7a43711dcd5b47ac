#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

// hub_lease: a row for each right that was ever held. No archive has it.
const SchemaPart& lease_tables();

}  // namespace dth::state::sql
