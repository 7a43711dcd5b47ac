#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/task.h"
#include "state/state.h"

namespace dth::cli {

// A run and the state that holds it.
struct FoundRun {
  std::filesystem::path state_path;
  state::Run run;
  engine::TaskSpec spec;
  bool in_use = false;  // of a run that is not over: a process works on it, or did at the moment
                        // when it was read
};

// States are opened for reading only, so a process may be at work on any of them.
Result<std::unique_ptr<state::State>> open_for_reading(const std::filesystem::path& state_path);

enum class RunChoice { all, unfinished };

// The newest runs first, `count_max` at most: of the state that is named, or, where the path is
// empty, of all states in the state directory. Of these, one that cannot be read is passed over,
// and `unreadable` has its error.
Result<std::vector<FoundRun>> list_runs(const std::string& state_path, std::size_t count_max,
                                        std::vector<Error>* unreadable,
                                        RunChoice choice = RunChoice::all);

// The run of that id, or the newest one for "latest". States that cannot be read are told on
// standard error. Errors: invalid_argument (there is no such run).
Result<FoundRun> find_run(const std::string& state_path, const std::string& run);

}  // namespace dth::cli
