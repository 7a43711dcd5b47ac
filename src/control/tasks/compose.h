#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/task.h"
#include "options/option.h"
#include "state/control/task_store.h"

namespace dth::control {

// An endpoint as tasks need it.
struct TaskEndpoint {
  std::string id;
  std::string name;
  std::string kind;             // of a store: "s3"
  options::Values values = {};  // endpoint_values(): its options, and who signs there
  bool has_server = true;       // false: it is on the hub's own host
};

// Where tasks find endpoints. Thread-safe; methods block.
class TaskEndpoints {
 public:
  virtual ~TaskEndpoints() = default;
  // not_found.
  virtual Result<TaskEndpoint> find(const std::string& id) = 0;
  virtual Result<TaskEndpoint> find_named(const std::string& name) = 0;
};

// "s3://bucket/prefix/": a place as locations are written.
std::string location_of(const TaskEndpoint& endpoint, const std::string& path);

struct TaskParts {
  options::Action action = options::Action::copy;
  TaskEndpoint source;
  std::string source_path;
  TaskEndpoint destination;
  std::string destination_path;
  options::Values options;  // of the task itself
};

// What a run of it is to do: the task's options, and those that endpoints and locations stand for,
// with the prefix of their side, which go before. Deletions of a task wait for an approval, where
// the kind's table has an option for that.
engine::TaskSpec compose(const TaskParts& parts, std::span<const options::Option> table);

}  // namespace dth::control
