#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

const SchemaPart& task_tables();

}  // namespace dth::state::sql
