#pragma once

#include "state/sql/schema.h"

namespace dth::state::sql {

// credential: a named secret, sealed. vault_key: the master keys that envelopes are sealed with.
const SchemaPart& credential_tables();

}  // namespace dth::state::sql
