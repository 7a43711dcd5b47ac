#include "runs/run_reader.h"

#include <algorithm>

namespace dth::runs {
namespace {

constexpr std::size_t looked_at_together = 200;

const state::WorkerInfo* find_process(const state::Run& run,
                                      const std::vector<state::WorkerInfo>& workers) {
  if (run.placement.kind != state::Placement::Kind::process || state::is_over(run.state))
    return nullptr;
  for (const state::WorkerInfo& worker : workers) {
    if (worker.id == run.placement.name && worker.life == state::WorkerInfo::Life::alive)
      return &worker;
  }
  return nullptr;
}

}  // namespace

Result<std::vector<RunView>> RunReader::views(Result<std::vector<state::Run>> runs) {
  if (runs.has_error()) return runs.error();
  auto workers = state_.workers().list(clock_.now());
  if (workers.has_error()) return workers.error();
  return views(std::move(*runs), *workers);
}

Result<std::vector<RunView>> RunReader::views(std::vector<state::Run> runs,
                                              const std::vector<state::WorkerInfo>& workers) {
  std::vector<RunView> views;
  for (state::Run& run : runs) {
    RunView view;
    view.status = status_of(run, workers);
    if (const state::WorkerInfo* process = find_process(run, workers)) view.process = *process;
    // Its process may have ended it, and gone, since it was read.
    if (view.status == RunStatus::interrupted) {
      auto now = state_.runs().find_run(run.id);
      if (now.has_error()) return now.error();
      run = std::move(*now);
      view.status = status_of(run, workers);
    }
    auto spec = engine::parse_task_spec(run.spec);
    if (spec.has_value()) {
      view.spec = std::move(*spec);
    } else if (run.error.empty()) {
      run.error = "its spec cannot be read: " + spec.error().to_string();
    }
    view.run = std::move(run);
    views.push_back(std::move(view));
  }
  return views;
}

Result<RunView> RunReader::view(state::Run run) {
  std::vector<state::Run> one;
  one.push_back(std::move(run));
  auto all = views(std::move(one));
  if (all.has_error()) return all.error();
  return std::move(all->front());
}

Result<RunView> RunReader::find(const std::string& id) {
  auto run = state_.runs().find_run(id);
  if (run.has_error()) return run.error();
  return view(std::move(*run));
}

Result<RunView> RunReader::progress(const std::string& id) {
  auto progress = state_.runs().progress(id);
  if (progress.has_error()) return progress.error();
  auto seen = view(std::move(progress->run));
  if (seen.has_value() && !seen->is_over()) seen->backlog = std::move(progress->backlog);
  return seen;
}

Result<std::vector<RunView>> RunReader::list(const std::string& after, std::size_t count_max) {
  return views(after.empty() ? state_.runs().list_runs(count_max)
                             : state_.runs().list_runs_after(after, count_max));
}

Result<RunPage> RunReader::page(const RunListFilter& filter, const state::RunOrder& order,
                                std::optional<state::RunPosition> after, std::size_t count_max) {
  const state::RunFilter selected = state_filter(filter);
  const bool all_fit = filter.statuses.empty();
  auto workers = state_.workers().list(clock_.now());
  if (workers.has_error()) return workers.error();
  RunPage page;
  for (std::size_t looked_at = 0; page.items.size() < count_max;) {
    if (looked_at >= runs_looked_at_max) {
      page.stopped_at = after;
      break;
    }
    const std::size_t wanted =
        all_fit ? std::min(count_max - page.items.size(), runs_looked_at_max) : looked_at_together;
    auto listed = state_.control().run_lists().runs(selected, order, after, wanted);
    if (listed.has_error()) return listed.error();
    std::vector<state::Run> runs;
    for (const state::ListedRun& one : *listed) runs.push_back(one.run);
    auto seen = views(std::move(runs), *workers);
    if (seen.has_error()) return seen.error();
    for (std::size_t i = 0; i < seen->size() && page.items.size() < count_max; ++i) {
      if (fits(filter, seen->at(i).status))
        page.items.push_back({std::move(seen->at(i)), listed->at(i).position});
    }
    if (listed->size() < wanted) break;
    after = listed->back().position;
    looked_at += listed->size();
  }
  return page;
}

Result<std::optional<std::int64_t>> RunReader::count(const RunListFilter& filter) {
  if (!is_exact(filter) || !filter.text.empty()) return std::optional<std::int64_t>();
  auto count = state_.control().run_lists().count(state_filter(filter));
  if (count.has_error()) return count.error();
  return std::optional(*count);
}

Result<std::vector<RunView>> RunReader::unfinished(std::size_t count_max) {
  return views(state_.runs().unfinished_runs(count_max));
}

}  // namespace dth::runs
