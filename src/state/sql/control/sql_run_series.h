#pragma once

#include "state/control/run_series.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlRunSeries final : public RunSeries {
 public:
  explicit SqlRunSeries(Transactor& transactor) : transactor_(transactor) {}

  Result<void> add(const std::vector<SeriesSample>& samples) override;
  Result<std::vector<SeriesPoint>> points(const std::string& run, SeriesStep step, TimePoint from,
                                          TimePoint until) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
