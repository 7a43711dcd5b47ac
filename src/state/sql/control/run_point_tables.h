#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

// run_point: what a run did within one step of time.
const SchemaPart& run_point_tables();

}  // namespace dth::state::sql
