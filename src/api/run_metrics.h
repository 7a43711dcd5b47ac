#pragma once

#include <memory>

#include "api/queue_depths.h"
#include "state/control/run_series.h"

namespace prometheus {
class Registry;
}

namespace dth::api {

// Metrics of the runs of all tasks and commands. For one thread.
class RunMetrics {
 public:
  explicit RunMetrics(prometheus::Registry& registry);
  ~RunMetrics();

  // Nothing: the state does not tell, and the counts go.
  void set_depths(const std::optional<Depths>& depths);
  // What this hub saw done since its start (RunSampler::totals()); never less than before.
  void set_totals(const state::SeriesPoint& totals);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::api
