#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "state/sql/database.h"
#include "state/sql/schema.h"

namespace dth::state::sql {

// The version of the schema in the database, 0 where it is empty; changes nothing. `tables` is the
// statement that counts its tables, and those of them that are called meta. Errors: data_corrupted
// (another program's database), unsupported (made by a newer version of this program, or by a build
// before its first release).
Result<std::int64_t> read_schema_version(Database& database, std::string_view tables,
                                         const Migrations& known);

// Within a transaction: executes the scripts that are missing.
void execute_migrations(Database& database, std::int64_t version, const Migrations& known);

// The schema is older than this program's, and is not to be changed: by somebody who only reads, or
// because that was asked for (--no-migrate).
enum class Unchanged { reads, asked };
Error schema_is_old(const Database& database, std::int64_t version, const Migrations& known,
                    Unchanged why);

}  // namespace dth::state::sql
