#include "control/tasks/compose.h"

namespace dth::control {

std::string location_of(const TaskEndpoint& endpoint, const std::string& path) {
  return endpoint.kind + "://" + path;
}

engine::TaskSpec compose(const TaskParts& parts) {
  engine::TaskSpec spec{.action = parts.action, .options = parts.options};
  const auto add = [&](std::string_view side, const TaskEndpoint& endpoint,
                       const std::string& path) {
    const std::string prefix = std::string(side) + "-";
    for (const auto& [name, value] : endpoint.values) spec.options[prefix + name] = value;
    spec.options[std::string(side)] = location_of(endpoint, path);
  };
  add("source", parts.source, parts.source_path);
  add("destination", parts.destination, parts.destination_path);
  return spec;
}

}  // namespace dth::control
