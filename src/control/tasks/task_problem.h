#pragma once

#include <string>
#include <vector>

namespace dth::control {

// What is wrong with what somebody said of a task, that they can put right.
struct TaskProblem {
  enum class Code {
    required,
    invalid,
    too_long,
    out_of_range,
    taken,
    not_found,
    stale,
    wrong_state,
    in_use,
  };
  Code code = Code::invalid;
  // Where, within the task: {"source", "path"}, {"options", "size-min"}. Empty: all of it.
  std::vector<std::string> field = {};
  std::string message;  // what failed: why. What to do.
};
using TaskProblems = std::vector<TaskProblem>;

}  // namespace dth::control
