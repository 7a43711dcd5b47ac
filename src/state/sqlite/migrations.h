#pragma once

#include <cstdint>

#include "state/sql/schema.h"
#include "state/sqlite/database.h"

namespace dth::state::sqlite {

using sql::Migrations;

// The version of the schema in the database, 0 where it is empty; changes nothing. Errors:
// data_corrupted (another program's database), unsupported (made by a newer version of this
// program, or by a build before its first release).
Result<std::int64_t> read_schema_version(Database& database,
                                         const Migrations& known = sql::sqlite_migrations());

// Brings the schema up to date, in one transaction under the database's write lock. Forward only.
// Errors as above.
Result<void> migrate(Database& database, const Migrations& known = sql::sqlite_migrations());

}  // namespace dth::state::sqlite
