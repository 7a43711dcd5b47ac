#include "state/run.h"

#include <array>

namespace dth::state {
namespace {

constexpr std::array<std::string_view, 8> run_state_names = {
    "queued", "running",   "waiting", "paused", "succeeded", "completed_with_failures",
    "failed", "cancelled",
};
constexpr std::array<std::string_view, 3> placement_names = {"anybody", "label", "process"};
constexpr std::array<std::string_view, 4> waiting_names = {"credential", "space", "store",
                                                           "approval"};
constexpr std::array<std::string_view, 4> trigger_names = {"command_line", "manual", "schedule",
                                                           "retry"};

template <class Enum, std::size_t count>
std::optional<Enum> parse(const std::array<std::string_view, count>& names, std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(RunState state) {
  return run_state_names.at(static_cast<std::size_t>(state));
}

std::optional<RunState> parse_run_state(std::string_view text) {
  return parse<RunState>(run_state_names, text);
}

std::string_view to_string(Placement::Kind kind) {
  return placement_names.at(static_cast<std::size_t>(kind));
}

std::optional<Placement::Kind> parse_placement_kind(std::string_view text) {
  return parse<Placement::Kind>(placement_names, text);
}

std::string_view to_string(WaitingFor what) {
  return waiting_names.at(static_cast<std::size_t>(what));
}

std::optional<WaitingFor> parse_waiting_for(std::string_view text) {
  return parse<WaitingFor>(waiting_names, text);
}

std::string_view to_string(RunTrigger trigger) {
  return trigger_names.at(static_cast<std::size_t>(trigger));
}

std::optional<RunTrigger> parse_run_trigger(std::string_view text) {
  return parse<RunTrigger>(trigger_names, text);
}

}  // namespace dth::state
