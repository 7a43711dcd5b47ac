#include "control/tasks/compose.h"

namespace dth::control {
namespace {

const std::string approval_option = "approve-deletions";

}  // namespace

std::string location_of(const TaskEndpoint& endpoint, const std::string& path) {
  return endpoint.kind + "://" + path;
}

engine::TaskSpec compose(const TaskParts& parts, std::span<const options::Option> table) {
  engine::TaskSpec spec{.action = parts.action, .options = parts.options};
  const auto add = [&](std::string_view side, const TaskEndpoint& endpoint,
                       const std::string& path) {
    const std::string prefix = std::string(side) + "-";
    for (const auto& [name, value] : endpoint.values) spec.options[prefix + name] = value;
    spec.options[std::string(side)] = location_of(endpoint, path);
  };
  add("source", parts.source, parts.source_path);
  add("destination", parts.destination, parts.destination_path);
  const options::Option* approval = options::find_option(table, approval_option);
  if (approval && approval->applies_to(parts.action)) spec.options[approval_option] = "true";
  return spec;
}

}  // namespace dth::control
