#include "state/observed_run.h"

#include "state/sqlite_state.h"

namespace dth::state {

Result<ObservedRun> observe(State& state, const std::string& path, Run run) {
  ObservedRun observed{std::move(run), false};
  if (is_over(observed.run.state)) return observed;
  // The lock goes with whoever holds it.
  auto in_use = is_in_use(path);
  if (in_use.has_error()) return in_use.error();
  observed.in_use = *in_use;
  if (*in_use) return observed;
  // It may have ended since it was read.
  auto now = state.runs().find_run(observed.run.id);
  if (now.has_error()) return now.error();
  observed.run = std::move(*now);
  return observed;
}

std::string_view display_state(const ObservedRun& observed) {
  if (is_over(observed.run.state)) return to_string(observed.run.state);
  return observed.in_use ? "running" : "interrupted";
}

}  // namespace dth::state
