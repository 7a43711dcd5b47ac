#include "engine/shared_run.h"

#include <algorithm>

namespace dth::engine {

void SharedRun::stop(std::optional<Error> why) {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (!why_) why_ = std::move(why);
  }
  outages_.request_stop();
}

bool SharedRun::is_stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::optional<Error> SharedRun::stopped_by() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

std::shared_ptr<SharedRun> SharedRuns::find_locked(const std::string& id) const {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return nullptr;
  auto run = found->second.lock();
  return run && !run->is_stopped() ? run : nullptr;
}

std::shared_ptr<SharedRun> SharedRuns::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return find_locked(id);
}

Result<std::shared_ptr<SharedRun>> SharedRuns::find_or_add(const state::Run& run) {
  const std::lock_guard lock(mutex_);
  if (auto known = find_locked(run.id)) return known;
  const auto plugin = std::find_if(plugins_.begin(), plugins_.end(),
                                   [&](const Plugin* one) { return one->kind() == run.kind; });
  if (plugin == plugins_.end()) {
    return Error{ErrorCode::unsupported,
                 "this version knows no tasks of kind \"" + run.kind +
                     "\"; was the state made by a newer one?",
                 ""};
  }
  auto spec = parse_task_spec(run.spec);
  if (spec.has_error()) return std::move(spec.error()).with_context("run " + run.id);
  auto task = (*plugin)->parse(std::move(*spec), run.created_at);
  if (task.has_error()) return std::move(task.error()).with_context("run " + run.id);
  auto shared = std::make_shared<SharedRun>(run, std::move(*task), **plugin);
  if (stopping_) shared->stop({});
  std::erase_if(runs_, [](const auto& entry) { return entry.second.expired(); });
  runs_[run.id] = shared;
  return shared;
}

std::vector<std::shared_ptr<SharedRun>> SharedRuns::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<SharedRun>> runs;
  for (const auto& [id, weak] : runs_) {
    if (auto run = weak.lock()) runs.push_back(std::move(run));
  }
  return runs;
}

void SharedRuns::stop_all() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (const auto& run : all()) run->stop({});
}

}  // namespace dth::engine
