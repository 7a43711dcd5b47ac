#pragma once

#include "state/run_store.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlRunStore final : public RunStore {
 public:
  explicit SqlRunStore(Transactor& transactor) : transactor_(transactor) {}

  Result<void> create_run(const NewRun& run, const std::vector<NewJob>& jobs, TimePoint now,
                          const AuditEntry* audit) override;
  Result<Run> find_run(const std::string& id) override;
  Result<std::vector<Run>> list_runs(std::size_t count_max) override;
  Result<std::vector<Run>> list_runs_after(const std::string& run, std::size_t count_max) override;
  Result<std::vector<Run>> unfinished_runs(std::size_t count_max) override;
  Result<Progress> progress(const std::string& run) override;
  Result<void> pause(const std::string& run, const AuditEntry* audit) override;
  Result<void> resume(const std::string& run, const AuditEntry* audit) override;
  Result<void> wait(const std::string& run, std::int64_t epoch, const Waiting& waiting) override;
  Result<void> place(const std::string& run, const Placement& from, const Placement& to) override;
  Result<void> change_spec(const std::string& run, const std::string& spec) override;
  Result<void> change_weight(const std::string& run, int weight) override;
  Result<void> request_cancel(const std::string& run, TimePoint now,
                              const AuditEntry* audit) override;
  Result<std::optional<PlannedDeletions>> planned_deletions(const std::string& run) override;
  Result<std::int64_t> approve_deletions(const std::string& run, std::int64_t count,
                                         const Decider& by, const AuditEntry* audit) override;
  Result<void> reject_deletions(const std::string& run, const std::string& comment,
                                const Decider& by, const AuditEntry* audit) override;
  Result<Run> ending_run(const Lease& close, TimePoint now) override;
  Result<void> end_run(const Lease& close, TimePoint ended_at) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
