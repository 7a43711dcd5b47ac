#pragma once

#include <string_view>

#include "state/worker_registry.h"

namespace dth::runs {

// How a worker stands, as people are shown it.
enum class WorkerStatus {
  ready,     // it takes jobs, and holds none
  busy,      // it executes jobs
  draining,  // it takes no more jobs, and executes those that it holds
  drained,   // it takes no more jobs, and holds none
  lost,      // its process is gone, or was not heard of for state::heartbeat_age_max
};
std::string_view to_string(WorkerStatus status);
WorkerStatus status_of(const state::WorkerInfo& worker);

}  // namespace dth::runs
