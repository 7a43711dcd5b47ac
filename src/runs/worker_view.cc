#include "runs/worker_view.h"

namespace dth::runs {

std::string_view to_string(WorkerStatus status) {
  switch (status) {
    case WorkerStatus::ready:
      return "ready";
    case WorkerStatus::busy:
      return "busy";
    case WorkerStatus::draining:
      return "draining";
    case WorkerStatus::drained:
      return "drained";
    case WorkerStatus::lost:
      return "lost";
  }
  return "lost";
}

WorkerStatus status_of(const state::WorkerInfo& worker) {
  if (worker.life != state::WorkerInfo::Life::alive) return WorkerStatus::lost;
  if (worker.draining) return worker.jobs_held > 0 ? WorkerStatus::draining : WorkerStatus::drained;
  return worker.jobs_held > 0 ? WorkerStatus::busy : WorkerStatus::ready;
}

}  // namespace dth::runs
