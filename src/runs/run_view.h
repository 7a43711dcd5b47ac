#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/task.h"
#include "state/state.h"

namespace dth::runs {

// How a run stands, as people are shown it: what state has of it, and whether a process that may
// work on it lives.
enum class RunStatus {
  queued,  // not begun yet
  running,
  waiting,  // for somebody outside to do something: Run::waiting says for what
  paused,
  cancelling,   // what is in flight ends, and what was left open is taken away
  interrupted,  // begun, and no process that may work on it lives
  succeeded,
  completed_with_failures,
  failed,
  cancelled
};
std::string_view to_string(RunStatus status);
inline bool is_over(RunStatus status) { return status >= RunStatus::succeeded; }

// A run as everybody reads it who does not execute it.
struct RunView {
  state::Run run;
  engine::TaskSpec spec;
  RunStatus status = RunStatus::queued;
  // The process that alone may work on it, if it lives.
  std::optional<state::WorkerInfo> process = {};
  std::vector<std::pair<std::string, state::Backlog>> backlog =
      {};  // by job kind; read by progress() only

  bool is_over() const { return runs::is_over(status); }
};

// Of a run that these processes may work on.
RunStatus status_of(const state::Run& run, const std::vector<state::WorkerInfo>& workers);

// Does it wait until somebody approves its deletions? No process has to live for that.
bool awaits_approval(const state::Run& run);

// May a process that lives work on it?
bool has_live_worker(const state::Run& run, const std::vector<state::WorkerInfo>& workers);

}  // namespace dth::runs
