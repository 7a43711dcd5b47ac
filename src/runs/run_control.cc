#include "runs/run_control.h"

#include <algorithm>
#include <new>
#include <set>
#include <tuple>

#include "runs/deletions.h"

namespace dth::runs {
namespace {

constexpr std::size_t retry_page = 1'000;

Error wrong_state(std::string message) {
  return {ErrorCode::precondition_failed, std::move(message), ""};
}

Result<void> require_unfinished(const RunView& view, std::string_view what) {
  if (!view.is_over()) return Result<void>();
  return wrong_state("run " + view.run.id + " is over (" + std::string(to_string(view.status)) +
                     "), so it cannot be " + std::string(what));
}

// A process that is gone was the only one that may execute the run: nobody here can finish it.
Result<void> require_executor(const RunView& view, std::string_view command) {
  const bool is_bound = view.run.placement.kind == state::Placement::Kind::process;
  if (!is_bound || view.process) return Result<void>();
  return wrong_state("run " + view.run.id +
                     " was begun by a process that is gone, with credentials or files of its own. "
                     "On that process's host: `dth run " +
                     std::string(command) + " " + view.run.id + "`");
}

// Anybody may execute the new run; what this one needed may be on the host of its process alone.
Result<void> require_anybody(const RunView& view) {
  if (view.run.placement.kind != state::Placement::Kind::process) return Result<void>();
  return wrong_state(
      "run " + view.run.id +
      " was executed by a process of its own, with its credentials or files. On that "
      "process's host: `dth run retry " +
      view.run.id + "`");
}

void describe(state::AuditEntry& by, const RunView& view, std::string_view to) {
  describe_target(by, view);
  state::AuditChanges changes;
  changes.add("state", to_string(view.status), to);
  by.changes = changes.to_json();
}

Error too_many() {
  return {ErrorCode::invalid_argument,
          "more than " + std::to_string(retry_keys_max) +
              " failed items are selected: retry all failed items, or fewer",
          ""};
}

// Adds the kept failures of the group whose keys are named, all of them where none are; at most so
// many that they are too many.
Result<void> read_group(state::State& state, const std::string& run,
                        const state::FailureGroup& group, const std::set<std::string>& named,
                        std::vector<state::ListedFailure>& failures) {
  state::FailureFilter filter;
  filter.code = group.code;
  filter.reason = group.reason;
  filter.step = group.step;
  std::optional<state::FailurePosition> after;
  while (failures.size() <= retry_keys_max) {
    auto page = state.control().run_lists().failures(run, filter, after, retry_page);
    if (page.has_error()) return page.error();
    const bool is_last = page->size() < retry_page;
    if (!page->empty()) after = page->back().position;
    for (state::ListedFailure& listed : *page) {
      if (named.empty() || named.contains(listed.failure.key))
        failures.push_back(std::move(listed));
    }
    if (is_last) break;
  }
  return {};
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

// What was committed stays so, whatever happens here.
Steered RunControl::steered(const std::string& run) {
  try {
    return {run, reader().find(run)};
  } catch (const std::bad_alloc&) {
    return {run, Error{ErrorCode::throttled, "no memory is left to read the run", ""}};
  }
}

Result<Steered> RunControl::pause(const std::string& run, state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "paused"); fit.has_error()) return fit.error();
  describe(by, *view, "paused");
  auto paused = state_.runs().pause(run, &by);
  if (paused.has_error()) return paused.error();
  return steered(run);
}

Result<Steered> RunControl::resume(const std::string& run, state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "resumed"); fit.has_error()) return fit.error();
  if (auto fit = require_executor(*view, "resume"); fit.has_error()) return fit.error();
  auto task = service_.task_to_resume(*view, {});
  if (task.has_error()) return task.error();
  describe(by, *view, "running");
  auto resumed = state_.runs().resume(run, &by);
  if (resumed.has_error()) return resumed.error();
  return steered(run);
}

Result<Steered> RunControl::cancel(const std::string& run, state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "cancelled"); fit.has_error()) return fit.error();
  if (auto fit = require_executor(*view, "cancel"); fit.has_error()) return fit.error();
  describe(by, *view, "cancelled");
  auto cancelled = state_.runs().request_cancel(run, clock_.now(), &by);
  if (cancelled.has_error()) return cancelled.error();
  return steered(run);
}

Result<Approval> RunControl::approve_deletions(const std::string& run, std::int64_t count,
                                               state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "approved"); fit.has_error()) return fit.error();
  const std::string command = "approve --deletions " + std::to_string(count);
  if (auto fit = require_executor(*view, command); fit.has_error()) return fit.error();
  auto planned = runs::approve_deletions(state_, *view, count, std::move(by));
  if (planned.has_error()) return planned.error();
  return Approval{*planned, steered(run)};
}

Result<Steered> RunControl::reject_deletions(const std::string& run, const std::string& comment,
                                             state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "rejected"); fit.has_error()) return fit.error();
  if (auto fit = require_executor(*view, "reject"); fit.has_error()) return fit.error();
  auto rejected = runs::reject_deletions(state_, *view, comment, std::move(by));
  if (rejected.has_error()) return rejected.error();
  return steered(run);
}

// The failed items that fit; nothing where no reason and no code is asked for.
Result<std::vector<std::string>> RunControl::keys_of(const RetryRequest& request) {
  if (request.keys.size() > retry_keys_max) return too_many();
  if (request.reasons.empty() && request.codes.empty()) return request.keys;
  auto groups = state_.records().failure_groups(request.run);
  if (groups.has_error()) return groups.error();
  const std::set<std::string> named(request.keys.begin(), request.keys.end());
  std::vector<state::ListedFailure> failures;
  for (const state::FailureGroup& group : *groups) {
    if (!has(request.reasons, group.reason) || !has(request.codes, group.code)) continue;
    if (named.empty() && group.count > static_cast<std::int64_t>(retry_keys_max)) return too_many();
    auto read = read_group(state_, request.run, group, named, failures);
    if (read.has_error()) return read.error();
    if (failures.size() > retry_keys_max) return too_many();
  }
  if (failures.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "no failed item of run " + request.run + " has these reasons", ""};
  }
  std::sort(failures.begin(), failures.end(), [](const auto& a, const auto& b) {
    return std::tie(a.position.at, a.position.id) < std::tie(b.position.at, b.position.id);
  });
  std::vector<std::string> keys;
  for (state::ListedFailure& listed : failures) keys.push_back(std::move(listed.failure.key));
  return keys;
}

Result<Steered> RunControl::retry(const RetryRequest& request, state::AuditEntry by) {
  auto view = reader().find(request.run);
  if (view.has_error()) return view.error();
  if (!view->is_over()) {
    return wrong_state("run " + request.run +
                       " is not over, so more of its items may fail: let it end, or cancel it");
  }
  if (auto fit = require_anybody(*view); fit.has_error()) return fit.error();
  if (view->run.counts[state::failed_items] == 0)
    return wrong_state("no item failed in run " + request.run + ": there is nothing to retry");
  auto keys = keys_of(request);
  if (keys.has_error()) return keys.error();
  auto task = service_.retry(request.run, std::move(*keys), {});
  if (task.has_error()) return task.error();
  auto plugin = service_.plugin_of(view->run);
  if (plugin.has_error()) return plugin.error();
  by.target_kind = "run";
  by.target_name = view->spec.option("source") + " -> " + view->spec.option("destination");
  RunPlace place;
  place.origin = {
      .trigger = state::RunTrigger::retry, .by = by.actor_name, .task = view->run.origin.task};
  auto run = service_.create(**plugin, **task, std::move(place), &by);
  if (run.has_error()) return run.error();
  return steered(*run);
}

}  // namespace dth::runs
