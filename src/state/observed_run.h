#pragma once

#include <string>

#include "state/state.h"

namespace dth::state {

// A run as a process sees it that does not execute it.
struct ObservedRun {
  Run run;
  bool in_use = false;  // of a run that is not over: a process works on it, or did at the moment
                        // when it was read
};

// `path` is the state's. A run that is not over is being executed, or was interrupted: the lock of
// its state tells.
Result<ObservedRun> observe(State& state, const std::string& path, Run run);

// "succeeded", ...; of a run that is not over "running", where a process works on it, or
// "interrupted".
std::string_view display_state(const ObservedRun& observed);

}  // namespace dth::state
