#pragma once

#include <cstdint>

#include "state/sqlite/database.h"

namespace dth::state::sqlite {

// The schema's version that this program writes: the number of the last migration.
std::int64_t schema_version();

// The version of the schema in the database, 0 where it is empty; changes nothing. Errors:
// data_corrupted (some other program's database), unsupported (made by a newer version of this
// one).
Result<std::int64_t> read_schema_version(Database& database);

// Brings the schema up to date, in one transaction under the database's write lock. Forward only.
// Errors as above.
Result<void> migrate(Database& database);

}  // namespace dth::state::sqlite
