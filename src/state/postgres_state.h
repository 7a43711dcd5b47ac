#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "state/schema_status.h"
#include "state/state.h"

namespace dth::state {

struct PostgresOptions {
  std::string url;            // postgresql://…, without a password
  std::string password_file;  // empty: PGPASSWORD, PGPASSFILE, ~/.pgpass
  // Only methods that read; a standby will do. The schema must be there (not_found).
  bool read_only = false;
  bool newest = false;   // read_only: from the primary, for a standby may lag behind
  bool migrates = true;  // false: a schema that is not of this version is refused
  std::size_t connections_max = 8;
  std::int64_t failures_max = state::failures_max;  // kept of a run
  // For simulations and tests: leases end by the caller's clock, and commits need not reach the
  // disk.
  bool takes_callers_time = false;
  bool synchronous = true;
};

// Connects and brings the schema up to date. Any number of processes of any number of hosts may
// have it open. The database's clock decides when leases end. Errors: invalid_argument (the
// URL), unavailable (no server, too many connections, only a standby), unauthenticated,
// permission_denied (rights), not_found (read_only, and there is no state yet), unsupported (made
// by a newer version, or an older one and no migrating), data_corrupted (another program's).
Result<std::unique_ptr<State>> open_postgres_state(const PostgresOptions& options);

// Changes nothing. Errors as above.
Result<SchemaStatus> postgres_schema(const PostgresOptions& options);

// Is it such a URL, without a password? invalid_argument otherwise. Asks no server.
Result<void> check_postgres_url(const std::string& url);

}  // namespace dth::state
