#include "cli/exit_code.h"

#include <cstdio>

namespace dth::cli {

int print_error(const Error& error) {
  std::fprintf(stderr, "dth: %s\n", error.to_string().c_str());
  if (error.reason == ErrorReason::destination_full) return exit_waits;
  return error.code == ErrorCode::invalid_argument ? exit_usage : exit_could_not_run;
}

}  // namespace dth::cli
