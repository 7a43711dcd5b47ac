#pragma once

#include "state/run_records.h"
#include "state/sqlite/connection.h"

namespace dth::state::sqlite {

class SqliteRunRecords final : public RunRecords {
 public:
  explicit SqliteRunRecords(SqliteConnection& connection)
      : connection_(connection), database_(connection.database()) {}

  Result<std::vector<Failure>> failures(const std::string& run, std::size_t offset,
                                        std::size_t count_max) override;
  Result<std::vector<FailureGroup>> failure_groups(const std::string& run) override;
  Result<std::vector<std::string>> warnings(const std::string& run) override;
  Result<std::vector<Segment>> segments(const std::string& run) override;

 private:
  SqliteConnection& connection_;
  Database& database_;
};

}  // namespace dth::state::sqlite
