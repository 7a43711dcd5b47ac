#pragma once

#include <memory>

#include "state/postgres/connection_pool.h"
#include "state/postgres/heartbeats.h"
#include "state/postgres/postgres_transactor.h"
#include "state/postgres/work_listener.h"
#include "state/postgres_state.h"
#include "state/sql/control/sql_control_state.h"
#include "state/sql/schema.h"
#include "state/sql/sql_archive.h"
#include "state/sql/sql_job_queue.h"
#include "state/sql/sql_run_records.h"
#include "state/sql/sql_run_store.h"
#include "state/sql/sql_upload_log.h"
#include "state/sql/sql_worker_registry.h"

namespace dth::state::postgres {

// State on a PostgreSQL server: the use cases of sql/ on a pool of connections.
class PostgresState final : public State {
 public:
  static Result<std::unique_ptr<PostgresState>> open(const PostgresOptions& options);

  RunStore& runs() override { return runs_; }
  JobQueue& jobs() override { return jobs_; }
  UploadLog& uploads() override { return uploads_; }
  RunRecords& records() override { return records_; }
  WorkerRegistry& workers() override { return workers_; }
  ControlState& control() override { return control_; }
  Archive* archive() override { return &archive_; }
  std::unique_ptr<WorkWatch> watch_work(std::function<void()> wake) override {
    return std::make_unique<WorkListener>(pool_, std::move(wake));
  }
  std::uint64_t transactions() const override { return transactor_.transactions(); }

  // For tests.
  ConnectionPool& pool() { return pool_; }

 private:
  PostgresState(ConnectOptions connect, SessionOptions session, const PostgresOptions& options)
      : pool_(std::move(connect), session, options.connections_max),
        jobs_(transactor_, options.failures_max) {}

  ConnectionPool pool_;
  PostgresTransactor transactor_{pool_};
  Heartbeats heartbeats_;
  sql::SqlRunStore runs_{transactor_};
  sql::SqlJobQueue jobs_;
  sql::SqlUploadLog uploads_{transactor_};
  sql::SqlRunRecords records_{transactor_};
  sql::SqlWorkerRegistry workers_{transactor_, heartbeats_};
  sql::SqlControlState control_{transactor_};
  sql::SqlArchive archive_{transactor_, sql::postgres_migrations().newest()};
};

// How options of the state are options of connections.
Result<ConnectOptions> connect_options(const PostgresOptions& options);

}  // namespace dth::state::postgres
