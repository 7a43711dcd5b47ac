#pragma once

#include <memory>
#include <string>

#include "state/sqlite/connection.h"
#include "state/sqlite/sqlite_job_queue.h"
#include "state/sqlite/sqlite_run_records.h"
#include "state/sqlite/sqlite_run_store.h"
#include "state/sqlite/sqlite_upload_log.h"
#include "state/sqlite/sqlite_worker_registry.h"
#include "state/sqlite_state.h"

namespace dth::state::sqlite {

// State on one SQLite connection, one transaction at a time. The schema is in migrations.cc.
class SqliteState final : public State {
 public:
  static Result<std::unique_ptr<SqliteState>> open(const SqliteOptions& options);
  static Result<std::unique_ptr<SqliteState>> open_read_only(const std::string& path);

  RunStore& runs() override { return runs_; }
  JobQueue& jobs() override { return jobs_; }
  UploadLog& uploads() override { return uploads_; }
  RunRecords& records() override { return records_; }
  WorkerRegistry& workers() override { return workers_; }
  std::uint64_t transactions() const override { return connection_.transactions(); }

  // For tests: the connection behind it, to be used while no method runs.
  Database& database() { return connection_.database(); }

 private:
  SqliteState(std::unique_ptr<Database> database, std::string lock_directory,
              std::int64_t failures_max)
      : connection_(std::move(database)),
        jobs_(connection_, failures_max),
        workers_(connection_, std::move(lock_directory)) {}

  SqliteConnection connection_;
  SqliteRunStore runs_{connection_};
  SqliteJobQueue jobs_;
  SqliteUploadLog uploads_{connection_};
  SqliteRunRecords records_{connection_};
  SqliteWorkerRegistry workers_;
};

}  // namespace dth::state::sqlite
