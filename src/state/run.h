#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "state/counts.h"
#include "state/job.h"

namespace dth::state {

// docs: product vocabulary. A run is over in the last four.
enum class RunState {
  queued,
  planning,
  running,
  verifying,
  paused,
  succeeded,
  completed_with_failures,
  failed,
  cancelled
};
std::string_view to_string(RunState state);
std::optional<RunState> parse_run_state(std::string_view text);
inline bool is_over(RunState state) { return state >= RunState::succeeded; }

struct Run {
  std::string id;
  std::string kind;  // the plugin's
  std::string spec;  // the plugin's options, JSON, as given at the start; never a secret
  RunState state = RunState::queued;
  TimePoint created_at{};
  std::optional<TimePoint> ended_at;
  Counts counts;      // deltas included
  std::string error;  // why it failed, for state failed
  bool cancel_requested = false;
};

struct NewRun {
  std::string id;
  std::string kind;
  std::string spec;
};

struct Progress {
  Run run;
  std::vector<std::pair<std::string, Backlog>> backlog;  // by job kind
};

}  // namespace dth::state
