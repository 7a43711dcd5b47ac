#pragma once

#include "state/control/run_lists.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlRunLists final : public RunLists {
 public:
  explicit SqlRunLists(Transactor& transactor) : transactor_(transactor) {}

  Result<std::vector<ListedRun>> runs(const RunFilter& filter, const RunOrder& order,
                                      const std::optional<RunPosition>& after,
                                      std::size_t count_max) override;
  Result<std::int64_t> count(const RunFilter& filter) override;
  Result<std::optional<Run>> previous(const std::string& run) override;
  Result<RunTotals> totals(TimePoint since) override;
  Result<std::int64_t> queue_jobs() override;
  Result<std::vector<ListedFailure>> failures(const std::string& run, const FailureFilter& filter,
                                              const std::optional<FailurePosition>& after,
                                              std::size_t count_max) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
