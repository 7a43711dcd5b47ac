#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

// endpoint: a place that tasks copy from and to.
const SchemaPart& endpoint_tables();

}  // namespace dth::state::sql
