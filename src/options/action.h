#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace dth::options {

// What a task does. The same words for every kind of task.
enum class Action {
  copy,    // what is missing or changed at the destination is copied
  sync,    // and then what only the destination has is deleted
  verify,  // what is at the destination is checked
};

inline constexpr std::array all_actions = {Action::copy, Action::sync, Action::verify};

// "COPY": as runs store it, and as the API and outputs show it.
std::string_view to_string(Action action);
std::optional<Action> parse_action(std::string_view text);

// "copy": the command of the command line.
std::string_view command_of(Action action);

}  // namespace dth::options
