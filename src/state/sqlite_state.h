#pragma once

#include <memory>
#include <string>

#include "state/schema_status.h"
#include "state/state.h"

namespace dth::state {

struct SqliteOptions {
  std::string path;  // ":memory:" for one that dies with the object
  // FULL: a transaction that returned has reached the disk. OFF is for simulations and tests.
  bool synchronous = true;
  // Only methods that read. The file must exist (not_found).
  bool read_only = false;
  bool migrates = true;  // false: a schema that is not of this version is refused
  std::int64_t failures_max = state::failures_max;  // kept of a run
};

// Opens or creates the database and brings its schema up to date. Processes of one host may have it
// open at the same time. Errors: not_found (read_only, and there is none), unsupported (made by a
// newer version, or before the first release; on a network file system), permission_denied,
// unavailable (disk, or locked for long), data_corrupted (not such a database).
Result<std::unique_ptr<State>> open_sqlite_state(const SqliteOptions& options);

// Of the database in that file. Changes nothing. Errors as above.
Result<SchemaStatus> sqlite_schema(const std::string& path);

}  // namespace dth::state
