#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/outage.h"
#include "engine/plugin.h"

namespace dth::engine {

// What the lanes of one process share of a run that they work on. Thread-safe.
class SharedRun {
 public:
  // `plugin` outlives it.
  SharedRun(state::Run run, std::shared_ptr<const Task> task, Plugin& plugin)
      : run_(std::move(run)), task_(std::move(task)), plugin_(plugin) {}

  const std::string& id() const { return run_.id; }
  // As it was when this process began to work on it.
  const state::Run& run() const { return run_; }
  const std::shared_ptr<const Task>& task() const { return task_; }
  Plugin& plugin() const { return plugin_; }
  OutageBoard& outages() { return outages_; }

  // This process works on it no more. The first reason is kept; what waits for a store is let go.
  void stop(std::optional<Error> why);
  bool is_stopped() const;
  std::optional<Error> stopped_by() const;

 private:
  const state::Run run_;
  const std::shared_ptr<const Task> task_;
  Plugin& plugin_;
  OutageBoard outages_;
  mutable std::mutex mutex_;
  bool stopped_ = false;
  std::optional<Error> why_;
};

// The runs that the lanes of a process work on. Thread-safe.
class SharedRuns {
 public:
  // The plugins outlive it.
  explicit SharedRuns(std::span<Plugin* const> plugins) : plugins_(plugins) {}

  // The run of that state row; its spec is parsed once for all lanes. One that was stopped is
  // begun again, with the spec that it has by now. Errors: unsupported (no plugin of that kind),
  // and what parsing says.
  Result<std::shared_ptr<SharedRun>> find_or_add(const state::Run& run);
  // The same if it is there already, and was not stopped; null otherwise.
  std::shared_ptr<SharedRun> find(const std::string& id) const;

  std::vector<std::shared_ptr<SharedRun>> all() const;
  // Of all of them: nothing is waited for any more.
  void stop_all();

 private:
  std::shared_ptr<SharedRun> find_locked(const std::string& id) const;

  const std::span<Plugin* const> plugins_;
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<SharedRun>> runs_;
  bool stopping_ = false;
};

}  // namespace dth::engine
