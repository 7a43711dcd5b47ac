#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runs/run_view.h"

namespace dth::runs {

// Which runs a list shows: those that fit all given fields. What is empty fits everything.
struct RunListFilter {
  std::vector<RunStatus> statuses = {};
  std::vector<std::string> kinds = {};
  std::vector<std::string> actions = {};  // as options::to_string() has them
  std::string text = {};                  // in the source or the destination
  std::optional<TimePoint> created_from = {};
  std::optional<TimePoint> created_before = {};
  std::vector<std::string> tasks = {};  // their ids
  std::vector<state::RunTrigger> triggers = {};
};

struct RunListItem {
  RunView view;
  state::RunPosition position;
};

struct RunPage {
  std::vector<RunListItem> items = {};
  // Where the next page begins, where the look ended before `items` were as many as asked for.
  std::optional<state::RunPosition> stopped_at = {};
};

// How many runs a page looks at, of which some turn out not to have the status asked for: how an
// unfinished run stands depends on who lives, so state cannot filter by it.
inline constexpr std::size_t runs_looked_at_max = 2'000;

// What state is to select of these; the statuses of unfinished runs are checked afterwards.
state::RunFilter state_filter(const RunListFilter& filter);
// Does state alone decide which runs fit?
bool is_exact(const RunListFilter& filter);
bool fits(const RunListFilter& filter, RunStatus status);

}  // namespace dth::runs
