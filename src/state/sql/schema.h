#pragma once

#include <cstdint>
#include <span>

#include "state/sql/tables.h"

namespace dth::state::sql {

// The scripts that make the schema. The first one makes version `first` in an empty database, each
// later one brings the version before to its own; the version is noted in the table meta.
//
// No script of a released version ever changes. Versions before `first` were made by builds that
// were never released: they are refused.
struct Migrations {
  std::int64_t first = 1;
  std::span<const char* const> scripts;

  // The version that the last script makes.
  std::int64_t newest() const { return first + static_cast<std::int64_t>(scripts.size()) - 1; }
};

// The tables of a role of the hub (sql/control/), which the newest version strings together behind
// those of the runs.
struct SchemaPart {
  const char* sqlite;
  const char* postgres;
  std::span<const Table> archived;  // those that a backup holds, as archived_tables() has them
};
// In the order in which their scripts are executed.
std::span<const SchemaPart* const> schema_parts();

// Those of this program. A version is the same on both engines, and each has a script for both.
const Migrations& sqlite_migrations();
const Migrations& postgres_migrations();

}  // namespace dth::state::sql
