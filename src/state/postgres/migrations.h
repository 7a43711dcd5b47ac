#pragma once

#include <cstdint>

#include "state/postgres/connection.h"
#include "state/sql/schema.h"

namespace dth::state::postgres {

// As those of SQLite: sqlite/migrations.h. Of the schema that is first in search_path.
Result<std::int64_t> read_schema_version(Connection& connection,
                                         const sql::Migrations& known = sql::postgres_migrations());

// In one transaction, under a lock that others wait for who do the same.
Result<void> migrate(Connection& connection,
                     const sql::Migrations& known = sql::postgres_migrations());

}  // namespace dth::state::postgres
