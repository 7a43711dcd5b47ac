#include "runs/run_control.h"

#include <algorithm>

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

void describe(state::AuditEntry& by, const RunView& view, std::string_view to) {
  by.target_kind = "run";
  by.target_id = view.run.id;
  by.target_name = view.spec.option("source") + " -> " + view.spec.option("destination");
  state::AuditChanges changes;
  changes.add("state", to_string(view.status), to);
  by.changes = changes.to_json();
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Result<RunView> RunControl::pause(const std::string& run, state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "paused"); fit.has_error()) return fit.error();
  describe(by, *view, "paused");
  auto paused = state_.runs().pause(run, &by);
  if (paused.has_error()) return paused.error();
  return reader().find(run);
}

Result<RunView> RunControl::resume(const std::string& run, state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "resumed"); fit.has_error()) return fit.error();
  if (auto fit = require_executor(*view, "resume"); fit.has_error()) return fit.error();
  auto task = service_.task_to_resume(*view, {});
  if (task.has_error()) return task.error();
  describe(by, *view, "running");
  auto resumed = state_.runs().resume(run, &by);
  if (resumed.has_error()) return resumed.error();
  return reader().find(run);
}

Result<RunView> RunControl::cancel(const std::string& run, state::AuditEntry by) {
  auto view = reader().find(run);
  if (view.has_error()) return view.error();
  if (auto fit = require_unfinished(*view, "cancelled"); fit.has_error()) return fit.error();
  if (auto fit = require_executor(*view, "cancel"); fit.has_error()) return fit.error();
  describe(by, *view, "cancelled");
  auto cancelled = state_.runs().request_cancel(run, clock_.now(), &by);
  if (cancelled.has_error()) return cancelled.error();
  return reader().find(run);
}

// The failed items that fit; nothing where no reason and no code is asked for.
Result<std::vector<std::string>> RunControl::keys_of(const RetryRequest& request) {
  if (request.reasons.empty() && request.codes.empty()) return request.keys;
  std::vector<std::string> keys;
  std::optional<state::FailurePosition> after;
  for (;;) {
    auto page = state_.control().run_lists().failures(request.run, {}, after, retry_page);
    if (page.has_error()) return page.error();
    for (state::ListedFailure& listed : *page) {
      state::Failure& failure = listed.failure;
      const bool fits = has(request.reasons, failure.reason) && has(request.codes, failure.code) &&
                        has(request.keys, failure.key);
      if (fits) keys.push_back(std::move(failure.key));
    }
    if (keys.size() > retry_keys_max) {
      return Error{ErrorCode::invalid_argument,
                   "more than " + std::to_string(retry_keys_max) +
                       " failed items have these reasons: retry all failed items, or fewer",
                   ""};
    }
    if (page->size() < retry_page) break;
    after = page->back().position;
  }
  if (!keys.empty()) return keys;
  return Error{ErrorCode::invalid_argument,
               "no failed item of run " + request.run + " has these reasons", ""};
}

Result<RunView> RunControl::retry(const RetryRequest& request, state::AuditEntry by) {
  auto view = reader().find(request.run);
  if (view.has_error()) return view.error();
  if (!view->is_over()) {
    return wrong_state("run " + request.run +
                       " is not over, so more of its items may fail: let it end, or cancel it");
  }
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
  auto run = service_.start(**plugin, **task, RunPlace(), &by);
  if (run.has_error()) return run.error();
  return reader().find(run->id);
}

}  // namespace dth::runs
