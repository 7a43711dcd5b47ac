#pragma once

#include <cstdio>

#include "base/error.h"

namespace dth::cli {

// What the program's exit codes mean (SEMANTICS.md); 0 is success.
inline constexpr int exit_could_not_run = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_waits = 3;    // for a store, for space, or for an approval
inline constexpr int exit_differs = 4;  // dth diff
inline constexpr int exit_with_failures = 5;
inline constexpr int exit_cannot_check = 6;  // what would show it is not there any more
inline constexpr int exit_interrupted = 130;

// Prints on standard error what went wrong. Returns the exit code: that of wrong usage for
// invalid_argument, exit_waits for a destination that is full.
inline int print_error(const Error& error) {
  std::fprintf(stderr, "dth: %s\n", error.to_string().c_str());
  if (error.reason == ErrorReason::destination_full) return exit_waits;
  return error.code == ErrorCode::invalid_argument ? exit_usage : exit_could_not_run;
}

}  // namespace dth::cli
