#include "runs/run_service.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/ids.h"

namespace dth::runs {
namespace {

constexpr std::size_t unfinished_max = 10'000;
constexpr std::size_t failures_page = 1'000;
constexpr std::size_t lookup_page = 32;
// Keys with which so many others begin that a lookup does not tell whether they failed.
constexpr std::size_t crowded_max = 8;

Error invalid(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

Error did_not_fail(const std::string& run, const std::string& key) {
  return invalid("--key: \"" + printable(key) + "\" did not fail in run " + run +
                 "; `dth run failures " + run + "` shows what did");
}

// Takes away those that failed: one look at all failures that are kept.
Result<void> look_for(state::State& state, const std::string& run, std::set<std::string>& keys) {
  std::optional<state::FailurePosition> after;
  while (!keys.empty()) {
    auto page = state.control().run_lists().failures(run, {}, after, failures_page);
    if (page.has_error()) return page.error();
    for (const state::ListedFailure& listed : *page) keys.erase(listed.failure.key);
    if (page->size() < failures_page) break;
    after = page->back().position;
  }
  return {};
}

// Did each of the keys fail in that run? An index tells, unless others begin with them.
Result<void> check_keys(state::State& state, const std::string& run,
                        const std::vector<std::string>& keys) {
  const std::set<std::string> asked(keys.begin(), keys.end());
  std::set<std::string> crowded;
  for (const std::string& key : asked) {
    if (key.empty() || crowded.size() >= crowded_max) {
      crowded.insert(key);
      continue;
    }
    state::FailureFilter filter;
    filter.key_prefix = key;
    auto page = state.control().run_lists().failures(run, filter, std::nullopt, lookup_page);
    if (page.has_error()) return page.error();
    const auto is_key = [&](const state::ListedFailure& listed) {
      return listed.failure.key == key;
    };
    if (std::any_of(page->begin(), page->end(), is_key)) continue;
    if (page->size() < lookup_page) return did_not_fail(run, key);
    crowded.insert(key);
  }
  if (auto looked = look_for(state, run, crowded); looked.has_error()) return looked;
  return crowded.empty() ? Result<void>() : did_not_fail(run, *crowded.begin());
}

std::string readable(const std::string& location) {
  return is_valid_utf8(location) ? location : printable(location);
}

// What state::NewRun::identity says of a run.
std::string identity_of(const engine::Plugin& plugin, const engine::TaskSpec& spec) {
  return std::string(plugin.kind()) + '\n' + std::string(options::to_string(spec.action)) + '\n' +
         plugin.identity(spec);
}

Error works_elsewhere(const RunView& view) {
  const std::string who =
      view.process ? "process " + std::to_string(view.process->pid) + " on " + view.process->host
                   : "another process";
  return Error{ErrorCode::already_exists,
               who + " works on run " + view.run.id +
                   " already; wait until it ends, or end it: `dth run "
                   "cancel " +
                   view.run.id + "`",
               ""};
}

}  // namespace

Result<engine::Plugin*> RunService::plugin_of(const state::Run& run) const {
  for (engine::Plugin* plugin : plugins_) {
    if (plugin->kind() == run.kind) return plugin;
  }
  return Error{ErrorCode::unsupported,
               "run " + run.id + " is of kind \"" + run.kind +
                   "\", which this version does not know; use the version that began it",
               ""};
}

state::NewRun new_run_of(const engine::Plugin& plugin, const engine::Task& task, RunPlace place) {
  state::NewRun run;
  run.id = new_id("run");
  run.kind = plugin.kind();
  run.spec = engine::to_json(task.spec());
  run.placement = std::move(place.placement);
  run.weight = place.weight;
  run.identity = identity_of(plugin, task.spec());
  run.action = options::to_string(task.action());
  run.source = readable(task.spec().option("source"));
  run.destination = readable(task.spec().option("destination"));
  run.origin = std::move(place.origin);
  return run;
}

Result<std::string> RunService::create(const engine::Plugin& plugin, const engine::Task& task,
                                       RunPlace place, const state::AuditEntry* audit) {
  const state::NewRun run = new_run_of(plugin, task, std::move(place));
  std::optional<state::AuditEntry> entry;
  if (audit != nullptr) {
    entry = *audit;
    entry->target_id = run.id;
  }
  auto created = state_.runs().create_run(run, plugin.first_jobs(task), task.begun_at(),
                                          entry ? &*entry : nullptr);
  if (created.has_error()) return created.error();
  return run.id;
}

Result<state::Run> RunService::start(const engine::Plugin& plugin, const engine::Task& task,
                                     RunPlace place) {
  auto id = create(plugin, task, std::move(place));
  if (id.has_error()) return id.error();
  return state_.runs().find_run(*id);
}

Result<std::optional<RunView>> RunService::find_unfinished(const engine::Plugin& plugin,
                                                           const engine::TaskSpec& spec) {
  auto runs = reader_.unfinished(unfinished_max);
  if (runs.has_error()) return runs.error();
  const std::string identity = identity_of(plugin, spec);
  for (RunView& view : *runs) {
    const bool is_same = view.run.kind == plugin.kind() && !view.run.cancel_requested &&
                         identity_of(plugin, view.spec) == identity;
    if (is_same) return std::optional<RunView>(std::move(view));
  }
  return std::optional<RunView>();
}

Result<void> RunService::place(const std::string& run, const std::string& process) {
  auto view = reader_.find(run);
  if (view.has_error()) return view.error();
  return place(*view, Here{process});
}

// What its process held, if it is dead, is free afterwards.
Result<void> RunService::place(const RunView& view, const Here& here) {
  const state::Placement to{state::Placement::Kind::process, here.process};
  if (view.run.placement == to) return Result<void>();
  auto freed = state_.workers().free_dead(clock_.now());
  if (freed.has_error()) return freed.error();
  auto workers = state_.workers().list(clock_.now());
  if (workers.has_error()) return workers.error();
  // Workers see that it was taken from them, and hand back what they hold of it.
  const bool is_left_to_workers = view.run.placement.kind != state::Placement::Kind::process;
  const bool may_take = here.from_workers && is_left_to_workers;
  if (!may_take && has_live_worker(view.run, *workers)) return works_elsewhere(view);
  auto placed = state_.runs().place(view.run.id, view.run.placement, to);
  if (placed.has_error() && placed.error().code == ErrorCode::precondition_failed)
    return works_elsewhere(view);
  return placed;
}

Result<std::shared_ptr<const engine::Task>> RunService::task_to_resume(
    const RunView& view, const options::Values& changes) const {
  const std::string& id = view.run.id;
  if (view.is_over()) {
    return invalid("run " + id + " is over (" + std::string(to_string(view.status)) +
                   "), so it cannot be resumed; `dth run retry` tries its failed items again, the "
                   "command that began it begins a new run");
  }
  if (view.run.cancel_requested) {
    return invalid("run " + id +
                   " is being cancelled, so it cannot be resumed; the command that began it begins "
                   "a new run");
  }
  auto plugin = plugin_of(view.run);
  if (plugin.has_error()) return plugin.error();
  engine::TaskSpec spec = view.spec;
  for (const auto& [name, value] : changes) spec.options[name] = value;
  return (*plugin)->parse(std::move(spec), view.run.created_at);
}

Result<RunService::Resumed> RunService::resume(const std::string& id,
                                               const options::Values& changes,
                                               const std::optional<Here>& here) {
  auto view = reader_.find(id);
  if (view.has_error()) return view.error();
  auto task = task_to_resume(*view, changes);
  if (task.has_error()) return task.error();
  if (here) {
    if (auto placed = place(*view, *here); placed.has_error()) return placed.error();
  }
  if (!((*task)->spec() == view->spec)) {
    auto changed = state_.runs().change_spec(id, engine::to_json((*task)->spec()));
    if (changed.has_error()) return changed.error();
  }
  if (auto resumed = state_.runs().resume(id); resumed.has_error()) return resumed.error();
  auto run = state_.runs().find_run(id);
  if (run.has_error()) return run.error();
  return Resumed{std::move(*run), std::move(*task)};
}

Result<std::shared_ptr<const engine::Task>> RunService::retry(const std::string& id,
                                                              std::vector<std::string> keys,
                                                              const options::Values& changes) {
  auto view = reader_.find(id);
  if (view.has_error()) return view.error();
  if (!view->is_over()) {
    return invalid("run " + id +
                   " is not over, so more of its items may fail; let it end first: "
                   "`dth run resume " +
                   id + "`");
  }
  if (view->run.counts[state::failed_items] == 0) return std::shared_ptr<const engine::Task>();
  if (auto known = check_keys(state_, id, keys); known.has_error()) return known.error();
  auto plugin = plugin_of(view->run);
  if (plugin.has_error()) return plugin.error();
  engine::TaskSpec spec = view->spec;
  for (const auto& [name, value] : changes) spec.options[name] = value;
  spec.retry = engine::Retry{id, std::move(keys)};
  return (*plugin)->parse(std::move(spec), clock_.now());
}

Result<void> RunService::pause(const std::string& run) { return state_.runs().pause(run); }

Result<void> RunService::change_weight(const std::string& run, int weight) {
  return state_.runs().change_weight(run, weight);
}

Result<void> RunService::cancel(const std::string& run) {
  return state_.runs().request_cancel(run, clock_.now());
}

}  // namespace dth::runs
