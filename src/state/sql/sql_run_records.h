#pragma once

#include "state/run_records.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlRunRecords final : public RunRecords {
 public:
  explicit SqlRunRecords(Transactor& transactor) : transactor_(transactor) {}

  Result<std::vector<Failure>> failures(const std::string& run, std::size_t offset,
                                        std::size_t count_max) override;
  Result<std::vector<FailureGroup>> failure_groups(const std::string& run) override;
  Result<std::vector<std::string>> warnings(const std::string& run) override;
  Result<std::vector<Segment>> segments(const std::string& run) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
