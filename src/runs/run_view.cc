#include "runs/run_view.h"

#include <algorithm>
#include <array>

namespace dth::runs {
namespace {

constexpr std::array<std::string_view, 10> status_names = {
    "queued",     "running",     "waiting",   "paused",
    "cancelling", "interrupted", "succeeded", "completed_with_failures",
    "failed",     "cancelled",
};

bool may_work_on(const state::Run& run, const state::WorkerInfo& worker) {
  switch (run.placement.kind) {
    case state::Placement::Kind::anybody:
      return worker.claims_anybody;
    case state::Placement::Kind::process:
      return worker.id == run.placement.name;
    case state::Placement::Kind::label:
      return std::find(worker.labels.begin(), worker.labels.end(), run.placement.name) !=
             worker.labels.end();
  }
  return false;
}

RunStatus status_when_over(state::RunState state) {
  switch (state) {
    case state::RunState::succeeded:
      return RunStatus::succeeded;
    case state::RunState::completed_with_failures:
      return RunStatus::completed_with_failures;
    case state::RunState::cancelled:
      return RunStatus::cancelled;
    default:
      return RunStatus::failed;
  }
}

}  // namespace

std::string_view to_string(RunStatus status) {
  return status_names.at(static_cast<std::size_t>(status));
}

bool has_live_worker(const state::Run& run, const std::vector<state::WorkerInfo>& workers) {
  return std::any_of(workers.begin(), workers.end(), [&](const state::WorkerInfo& worker) {
    return worker.life == state::WorkerInfo::Life::alive && !worker.draining &&
           may_work_on(run, worker);
  });
}

bool awaits_approval(const state::Run& run) {
  return run.state == state::RunState::waiting && !run.cancel_requested && run.waiting &&
         run.waiting->what == state::WaitingFor::approval;
}

RunStatus status_of(const state::Run& run, const std::vector<state::WorkerInfo>& workers) {
  if (is_over(run.state)) return status_when_over(run.state);
  if (run.state == state::RunState::paused && !run.cancel_requested) return RunStatus::paused;
  // What somebody has to decide needs no process.
  if (awaits_approval(run)) return RunStatus::waiting;
  // Of its own process nobody knows better when it begins.
  const bool is_queued =
      run.state == state::RunState::queued && run.placement.kind != state::Placement::Kind::process;
  if (!has_live_worker(run, workers)) {
    return is_queued ? RunStatus::queued : RunStatus::interrupted;
  }
  if (run.cancel_requested) return RunStatus::cancelling;
  if (run.state == state::RunState::waiting) return RunStatus::waiting;
  return is_queued ? RunStatus::queued : RunStatus::running;
}

}  // namespace dth::runs
