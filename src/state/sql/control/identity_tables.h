#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

// Users and how they sign in. hub_session and one_time_secret are in no backup.
const SchemaPart& identity_tables();

}  // namespace dth::state::sql
