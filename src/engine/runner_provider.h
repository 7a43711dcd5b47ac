#pragma once

#include <memory>

#include "engine/job_runner.h"

namespace dth::engine {

// Finds who executes a job.
class RunnerProvider {
 public:
  virtual ~RunnerProvider() = default;
  // An error is the run's, not the job's: its stores cannot be used as things are.
  virtual Async<Result<std::shared_ptr<JobRunner>>> runner_for(const state::Job& job) = 0;
};

}  // namespace dth::engine
