#pragma once

#include <memory>
#include <string>

#include "state/sql/control/sql_control_state.h"
#include "state/sql/schema.h"
#include "state/sql/sql_archive.h"
#include "state/sql/sql_job_queue.h"
#include "state/sql/sql_run_records.h"
#include "state/sql/sql_run_store.h"
#include "state/sql/sql_upload_log.h"
#include "state/sql/sql_worker_registry.h"
#include "state/sqlite/kernel_locks.h"
#include "state/sqlite/sqlite_transactor.h"
#include "state/sqlite_state.h"

namespace dth::state::sqlite {

// State on one SQLite connection, one transaction at a time. The schema is in migrations.cc.
class SqliteState final : public State {
 public:
  static Result<std::unique_ptr<SqliteState>> open(const SqliteOptions& options);
  static Result<std::unique_ptr<SqliteState>> open_read_only(const SqliteOptions& options);

  RunStore& runs() override { return runs_; }
  JobQueue& jobs() override { return jobs_; }
  UploadLog& uploads() override { return uploads_; }
  RunRecords& records() override { return records_; }
  WorkerRegistry& workers() override { return workers_; }
  ControlState& control() override { return control_; }
  Archive* archive() override { return &archive_; }
  std::unique_ptr<WorkWatch> watch_work(std::function<void()> wake) override;
  std::uint64_t transactions() const override { return transactor_.transactions(); }

  // For tests: the connection behind it, to be used while no method runs.
  Database& database() { return transactor_.database(); }

 private:
  SqliteState(std::unique_ptr<Database> database, std::string lock_directory,
              std::int64_t failures_max)
      : transactor_(std::move(database)),
        jobs_(transactor_, failures_max),
        locks_(std::move(lock_directory)) {}

  SqliteTransactor transactor_;
  sql::SqlRunStore runs_{transactor_};
  sql::SqlJobQueue jobs_;
  sql::SqlUploadLog uploads_{transactor_};
  sql::SqlRunRecords records_{transactor_};
  KernelLocks locks_;
  sql::SqlWorkerRegistry workers_{transactor_, locks_};
  sql::SqlControlState control_{transactor_};
  sql::SqlArchive archive_{transactor_, sql::sqlite_migrations().newest()};
};

}  // namespace dth::state::sqlite
