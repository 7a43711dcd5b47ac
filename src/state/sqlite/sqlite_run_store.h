#pragma once

#include "state/run_store.h"
#include "state/sqlite/connection.h"

namespace dth::state::sqlite {

class SqliteRunStore final : public RunStore {
 public:
  explicit SqliteRunStore(SqliteConnection& connection)
      : connection_(connection), database_(connection.database()) {}

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

 private:
  SqliteConnection& connection_;
  Database& database_;
};

}  // namespace dth::state::sqlite
