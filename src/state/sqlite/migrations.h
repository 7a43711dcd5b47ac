#pragma once

#include <cstdint>
#include <span>

#include "state/sqlite/database.h"

namespace dth::state::sqlite {

// The scripts that make the schema. The first one makes version `first` in an empty database, each
// later one brings the version before to its own; migrate() notes the version in the table meta.
//
// No script of a released version ever changes. Versions before `first` were made by builds that
// were never released: they are refused.
struct Migrations {
  std::int64_t first = 1;
  std::span<const char* const> scripts;

  // The version that the last script makes.
  std::int64_t newest() const { return first + static_cast<std::int64_t>(scripts.size()) - 1; }
};

// Those of this program.
const Migrations& migrations();

// The version of the schema in the database, 0 where it is empty; changes nothing. Errors:
// data_corrupted (another program's database), unsupported (made by a newer version of this
// program, or by a build before its first release).
Result<std::int64_t> read_schema_version(Database& database,
                                         const Migrations& known = migrations());

// Brings the schema up to date, in one transaction under the database's write lock. Forward only.
// Errors as above.
Result<void> migrate(Database& database, const Migrations& known = migrations());

}  // namespace dth::state::sqlite
