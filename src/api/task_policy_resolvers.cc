// What a task needs to be allowed at a side.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/task_input.h"
#include "control/tasks/task_service.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Policies {
  explicit Policies(const ApiServices& services)
      : state(&services.runs.state()), service(services.tasks), clock(&services.clock) {}

  StateReader* state;
  control::TaskService* service;  // null: the hub has no tasks
  Clock* clock;
};

// Of a kept task, or of one that a form shows.
Result<state::TaskDefinition> find_definition(const Policies& it, const json::object& arguments,
                                              const control::TaskCaller& caller) {
  const auto* id = arguments.if_contains("id");
  const auto* task = arguments.if_contains("task");
  const bool has_id = id != nullptr && !id->is_null();
  const bool has_task = task != nullptr && !task->is_null();
  if (has_id == has_task)
    return Error{ErrorCode::invalid_argument, "give either \"id\" or \"task\"", ""};
  if (has_id) {
    auto kept = it.service->store().find(std::string(id->as_string()));
    if (kept.has_error()) return kept.error();
    return std::move(kept->definition);
  }
  const control::TaskInput input = read_task_input(task->as_object());
  auto checked = it.service->rules().check(input, caller, nullptr, it.clock->now());
  if (checked.has_error()) return checked.error();
  if (!checked->problems.empty())
    return Error{ErrorCode::invalid_argument, checked->problems.front().message, ""};
  return std::move(checked->definition);
}

Result<std::string> write_policy(const Policies& it, const json::object& arguments,
                                 const control::TaskCaller& caller) {
  auto definition = find_definition(it, arguments, caller);
  if (definition.has_error()) return definition.error();
  const control::TaskRules& rules = it.service->rules();
  auto parts = control::parts_of(*definition, rules.endpoints());
  if (parts.has_error()) return parts.error();
  auto plugin = rules.plugin_of(definition->kind);
  if (plugin.has_error()) return plugin.error();
  auto task =
      (*plugin)->parse(control::compose(*parts, (*plugin)->option_table()), it.clock->now());
  if (task.has_error()) return task.error();
  const bool is_source = arguments.at("side").as_string() == "SOURCE";
  return (*plugin)->access_policy(**task,
                                  is_source ? engine::Side::source : engine::Side::destination);
}

Async<Result<Resolved>> resolve_policy(Policies it, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const control::TaskCaller caller = task_caller(info, it.clock->now());
  const auto work = [&](state::State&) { return write_policy(it, info.arguments, caller); };
  auto policy = co_await it.state->read(client_of(info), work);
  if (policy.has_error()) co_return policy.error();
  co_return Resolved(*policy);
}

}  // namespace

void add_task_policy_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Policies it(services);
  resolvers.async_field("Query.taskPolicy",
                        [it](ResolveInfo info) { return resolve_policy(it, std::move(info)); },
                        {.weight = 20});
}

}  // namespace dth::api
