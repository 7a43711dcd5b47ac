#include "state/worker_registry.h"

#include <array>

namespace dth::state {
namespace {

constexpr std::array<std::string_view, 3> kind_names = {"command", "worker", "hub"};

}  // namespace

std::string_view to_string(WorkerKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::optional<WorkerKind> parse_worker_kind(std::string_view text) {
  for (std::size_t i = 0; i < kind_names.size(); ++i) {
    if (kind_names[i] == text) return static_cast<WorkerKind>(i);
  }
  return std::nullopt;
}

}  // namespace dth::state
