#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/job_use.h"
#include "state/job.h"

namespace prometheus {
class Registry;
}

namespace dth::api {

// Metrics of the jobs of all runs, and of the hub's own worker, by kind of job. For one thread.
class JobMetrics {
 public:
  explicit JobMetrics(prometheus::Registry& registry);
  ~JobMetrics();

  // Kinds that are not there any more go; nothing: the state does not tell, and all of them go.
  void set_queue(const std::optional<std::vector<state::QueueDepth>>& depths);
  void set_use(const std::vector<engine::JobUse::OfKind>& use);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::api
