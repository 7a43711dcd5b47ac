#include "state/control/task_store.h"

#include <array>
#include <limits>

namespace dth::state {
namespace {

constexpr std::array<std::pair<TaskState, std::string_view>, 3> state_words = {
    {{TaskState::ready, "ready"},
     {TaskState::paused, "paused"},
     {TaskState::archived, "archived"}}};

}  // namespace

std::string_view to_string(TaskState state) {
  for (const auto& [value, word] : state_words) {
    if (value == state) return word;
  }
  return "";
}

std::optional<TaskState> parse_task_state(std::string_view text) {
  for (const auto& [value, word] : state_words) {
    if (word == text) return value;
  }
  return std::nullopt;
}

TaskPosition position_of(const StoredTask& task, TaskOrder::Field field) {
  using Field = TaskOrder::Field;
  TaskPosition position{.id = task.id};
  switch (field) {
    case Field::name:
      position.name = task.definition.name;
      break;
    case Field::next_run_at:
      position.time = task.clock.next_run_at ? task.clock.next_run_at->time_since_epoch().count()
                                             : std::numeric_limits<std::int64_t>::max();
      break;
    case Field::updated_at:
      position.time = task.updated_at.time_since_epoch().count();
      break;
    case Field::created_at:
      position.time = task.created_at.time_since_epoch().count();
      break;
  }
  return position;
}

}  // namespace dth::state
