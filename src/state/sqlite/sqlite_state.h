#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/exclusive_lock.h"
#include "state/sqlite/database.h"
#include "state/sqlite_state.h"

namespace dth::state::sqlite {

// State on one SQLite connection, one transaction at a time. The schema is in migrations.cc.
class SqliteState final : public State {
 public:
  static Result<std::unique_ptr<SqliteState>> open(const SqliteOptions& options);
  static Result<std::unique_ptr<SqliteState>> open_read_only(const std::string& path);

  Result<void> create_run(const NewRun& run, const std::vector<NewJob>& jobs,
                          TimePoint now) override;
  Result<Run> find_run(const std::string& id) override;
  Result<std::vector<Run>> list_runs(std::size_t count_max) override;
  Result<std::vector<Run>> list_runs_after(const std::string& run, std::size_t count_max) override;
  Result<std::vector<Run>> unfinished_runs(std::size_t count_max) override;
  Result<Progress> progress(const std::string& run) override;
  Result<void> set_run_state(const std::string& run, RunState state) override;
  Result<void> request_cancel(const std::string& run) override;
  Result<void> withdraw_cancel(const std::string& run) override;
  Result<bool> end_run_if_drained(const std::string& run, TimePoint now) override;
  Result<bool> abandon_run(const std::string& run, RunState as, TimePoint now) override;

  Result<std::vector<Job>> claim(const ClaimRequest& request) override;
  Result<std::vector<Renewal>> renew(const std::vector<Lease>& leases, TimePoint now,
                                     TimePoint lease_until) override;
  Result<void> advance(const Lease& lease, const std::string& payload, const Effects& effects,
                       TimePoint now) override;
  Result<void> finish(const Lease& lease, const Effects& effects, TimePoint now) override;
  Result<void> release(const Lease& lease, TimePoint not_before, bool in_good_order) override;
  Result<std::int64_t> release_all_leases(TimePoint now) override;
  Result<Backlog> backlog(const std::string& run, const std::string& kind) override;
  Result<std::vector<GroupResult>> group_results(GroupId group) override;

  Result<UploadRowId> record_upload_intent(const Lease& lease, const NewUpload& upload,
                                           TimePoint now) override;
  Result<void> record_upload_created(const Lease& lease, UploadRowId upload,
                                     const std::string& upload_id) override;
  Result<std::vector<Upload>> open_uploads(const std::string& run, const std::string& key) override;
  Result<void> close_upload(UploadRowId upload) override;
  Result<void> leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                 const std::string& reason) override;

  Result<std::vector<Failure>> failures(const std::string& run, std::size_t offset,
                                        std::size_t count_max) override;
  Result<std::vector<std::string>> warnings(const std::string& run) override;
  Result<std::vector<Segment>> segments(const std::string& run) override;
  Result<std::int64_t> compact() override;
  std::uint64_t transactions() const override { return transactions_; }

  // For tests: the connection behind it, to be used while no method runs.
  Database& database() { return *database_; }

 private:
  enum class Mode { read, write };
  struct RunRow {
    std::int64_t number = 0;
    RunState state = RunState::queued;
  };
  // The job behind a lease that holds.
  struct HeldJob {
    std::int64_t run = 0;
    std::optional<GroupId> group;
    bool continues = false;
  };

  SqliteState(std::unique_ptr<ExclusiveLock> lock, std::unique_ptr<Database> database)
      : lock_(std::move(lock)), database_(std::move(database)) {}

  // Calls body() in a transaction and commits, or rolls back where it or any of its statements
  // failed; that failure is then the result. So a body may take "no row" at its word.
  template <class Body>
  auto transact(Mode mode, std::string_view what, Body body) -> decltype(body());

  // What the bodies are made of (database_ in a transaction).
  Result<RunRow> require_run(const std::string& id);
  Result<HeldJob> require_held(const Lease& lease);
  Result<void> apply(const Lease& lease, const HeldJob& job, const Effects& effects);
  Result<void> leave_group(const Lease& lease, const HeldJob& job, const Effects& effects);
  Result<JobId> insert_job(std::int64_t run, const NewJob& job);
  JobId insert_job_row(std::int64_t run, const NewJob& job, std::optional<GroupId> group,
                       bool continues);
  Result<void> insert_group(std::int64_t run, const NewGroup& group);
  void insert_delta(std::int64_t run, const Counts& counts);
  void insert_segment(std::int64_t run, JobId job, const Segment& segment);
  void insert_failure(std::int64_t run, const Failure& failure);
  void insert_warning(std::int64_t run, const std::string& text);
  Result<std::vector<Run>> read_runs(Query& query);
  Counts unfolded_counts(std::int64_t run);
  std::int64_t fold_counts(std::int64_t run);
  void end_run(std::int64_t run, RunState as, TimePoint now);

  std::atomic<std::uint64_t> transactions_ = 0;
  std::mutex mutex_;
  std::unique_ptr<ExclusiveLock> lock_;  // outlives the connection
  std::unique_ptr<Database> database_;
};

template <class Body>
auto SqliteState::transact(Mode mode, std::string_view what, Body body) -> decltype(body()) {
  std::lock_guard guard(mutex_);
  // Whatever way this is left, an exception included, no transaction stays open.
  struct Rollback {
    Database& database;
    ~Rollback() {
      database.rollback();
      database.take_error();
    }
  } rollback{*database_};
  database_->run(mode == Mode::read ? "begin" : "begin immediate");
  const std::int64_t changes_before = database_->total_changes();
  auto result = body();
  if (auto error = database_->take_error()) return std::move(*error).with_context(what);
  if (result.has_error()) return result;
  database_->run("commit");
  if (auto error = database_->take_error()) return std::move(*error).with_context(what);
  if (database_->total_changes() != changes_before) ++transactions_;
  return result;
}

// "scanned, selected, ...", in the order of Counter; and with each name wrapped in sum().
const std::string& counter_columns();
const std::string& counter_sums();
// Reads what either of them selected, from a column on.
Counts read_counts(const Query& query, int first_column);

}  // namespace dth::state::sqlite
