#include "options/action.h"

namespace dth::options {
namespace {

struct Names {
  Action action;
  std::string_view word;
  std::string_view command;
};

constexpr Names names[] = {
    {Action::copy, "COPY", "copy"},
    {Action::sync, "SYNC", "sync"},
    {Action::verify, "VERIFY", "verify"},
};

}  // namespace

std::string_view to_string(Action action) { return names[static_cast<std::size_t>(action)].word; }

std::optional<Action> parse_action(std::string_view text) {
  for (const Names& row : names) {
    if (row.word == text) return row.action;
  }
  return std::nullopt;
}

std::string_view command_of(Action action) {
  return names[static_cast<std::size_t>(action)].command;
}

}  // namespace dth::options
