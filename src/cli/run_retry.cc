#include <cstdio>
#include <set>

#include "base/encoding.h"
#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"
#include "plugins/object_copy/counters.h"

namespace dth::cli {
namespace {

constexpr std::size_t page_size = 1000;

// Did each of the keys fail in that run?
Result<void> check_keys(state::State& state, const std::string& run,
                        const std::vector<std::string>& keys) {
  std::set<std::string> unknown(keys.begin(), keys.end());
  for (std::size_t offset = 0; !unknown.empty();) {
    auto page = state.records().failures(run, offset, page_size);
    if (page.has_error()) return page.error();
    if (page->empty()) break;
    for (const state::Failure& failure : *page) unknown.erase(failure.key);
    offset += page->size();
  }
  if (unknown.empty()) return Result<void>();
  return Error{ErrorCode::invalid_argument,
               "--key: \"" + printable(*unknown.begin()) + "\" did not fail in run " + run +
                   "; `dth run failures " + run + "` shows what did",
               ""};
}

Result<std::optional<Summary>> retry(engine::Plugin& plugin, const RunRetryCommand& command) {
  auto found = find_run(command.state_path, command.run);
  if (found.has_error()) return found.error();
  const std::string& id = found->run.id;
  if (!is_over(found->run.state)) {
    return Error{
        ErrorCode::invalid_argument,
        "run " + id +
            " is not over, so more of its items may fail; let it end first: `dth run resume " + id +
            "`",
        ""};
  }
  if (found->run.counts[object_copy::Counter::failed] == 0) {
    std::fprintf(stderr, "dth: no item failed in run %s; there is nothing to try again\n",
                 id.c_str());
    return std::optional<Summary>();
  }
  engine::TaskSpec spec = found->spec;
  for (const auto& [name, value] : command.changes) spec.options[name] = value;
  spec.retry = engine::Retry{id, command.keys};
  SystemClock clock;
  auto task = plugin.parse(std::move(spec), clock.now());
  if (task.has_error()) return task.error();
  auto session = Session::open(plugin, found->state_path);
  if (session.has_error()) return session.error();
  auto unfinished = (*session)->unfinished_run();
  if (unfinished.has_error()) return unfinished.error();
  if (*unfinished) {
    return Error{ErrorCode::invalid_argument,
                 "the state " + found->state_path.string() + " holds the unfinished run " +
                     (*unfinished)->id + "; let it end first: `dth run resume " +
                     (*unfinished)->id + "`",
                 ""};
  }
  auto known = check_keys((*session)->state(), id, command.keys);
  if (known.has_error()) return known.error();
  auto reachable = check_stores(plugin, *task, clock);
  if (reachable.has_error()) return reachable.error();
  tell_notes(*reachable);
  auto run = (*session)->create(**task);
  if (run.has_error()) return run.error();
  auto summary = (*session)->execute(*run, *task, command.execute);
  if (summary.has_error()) return summary.error();
  return std::optional(std::move(*summary));
}

}  // namespace

int run_retry(engine::Plugin& plugin, const RunRetryCommand& command) {
  auto summary = retry(plugin, command);
  if (summary.has_error()) return print_error(summary.error());
  if (!*summary) return 0;
  const std::string state = command.state_path.empty() ? "" : " --state " + command.state_path;
  return report(**summary, command.execute.output,
                "`dth run resume " + (*summary)->run.id + state + "`");
}

}  // namespace dth::cli
