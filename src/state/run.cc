#include "state/run.h"

#include <array>

namespace dth::state {
namespace {

constexpr std::array<std::string_view, 9> run_state_names = {
    "queued", "planning",  "running", "verifying", "paused", "succeeded", "completed_with_failures",
    "failed", "cancelled",
};

}  // namespace

std::string_view to_string(RunState state) {
  return run_state_names.at(static_cast<std::size_t>(state));
}

std::optional<RunState> parse_run_state(std::string_view text) {
  for (std::size_t i = 0; i < run_state_names.size(); ++i) {
    if (run_state_names[i] == text) return static_cast<RunState>(i);
  }
  return std::nullopt;
}

}  // namespace dth::state
