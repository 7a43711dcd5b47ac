#pragma once

#include <memory>
#include <string>

#include "state/state.h"

namespace dth::state {

struct SqliteOptions {
  std::string path;       // ":memory:" for one that dies with the object
  bool exclusive = true;  // hold a lock so that a second process is refused (already_exists)
  // FULL: a transaction that returned has reached the disk. OFF is for simulations and tests.
  bool synchronous = true;
  // Beside the process that holds the lock, or after it: only methods that read. The file must
  // exist (not_found).
  bool read_only = false;
  std::int64_t failures_max = state::failures_max;  // kept of a run
};

// Opens or creates the database and brings its schema up to date. Errors: already_exists (another
// process uses it), not_found (read_only, and there is none), unsupported (made by a newer
// version, or before the first release), permission_denied, unavailable (disk), data_corrupted (not
// such a database).
Result<std::unique_ptr<State>> open_sqlite_state(const SqliteOptions& options);

// Does a process, this one included, have the state at `path` for itself
// (SqliteOptions::exclusive)? True at one moment. Takes nothing that could keep such a process out.
// Errors: permission_denied, unavailable.
Result<bool> is_in_use(const std::string& path);

}  // namespace dth::state
