#include "runs/run_list.h"

#include <algorithm>

namespace dth::runs {
namespace {

using state::RunState;

}  // namespace

state::RunFilter state_filter(const RunListFilter& filter) {
  state::RunFilter selected{.kinds = filter.kinds,
                            .actions = filter.actions,
                            .text = filter.text,
                            .created_from = filter.created_from,
                            .created_before = filter.created_before,
                            .tasks = filter.tasks,
                            .triggers = filter.triggers};
  bool has_unfinished = false;
  for (const RunStatus status : filter.statuses) {
    switch (status) {
      case RunStatus::succeeded:
        selected.states.push_back(RunState::succeeded);
        break;
      case RunStatus::completed_with_failures:
        selected.states.push_back(RunState::completed_with_failures);
        break;
      case RunStatus::failed:
        selected.states.push_back(RunState::failed);
        break;
      case RunStatus::cancelled:
        selected.states.push_back(RunState::cancelled);
        break;
      default:
        has_unfinished = true;
    }
  }
  if (has_unfinished) {
    for (const RunState state :
         {RunState::queued, RunState::running, RunState::waiting, RunState::paused})
      selected.states.push_back(state);
  }
  return selected;
}

bool is_exact(const RunListFilter& filter) {
  return std::all_of(filter.statuses.begin(), filter.statuses.end(),
                     [](RunStatus status) { return is_over(status); });
}

bool fits(const RunListFilter& filter, RunStatus status) {
  return filter.statuses.empty() ||
         std::find(filter.statuses.begin(), filter.statuses.end(), status) != filter.statuses.end();
}

}  // namespace dth::runs
