// Changing tasks and starting their runs.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/task_input.h"
#include "api/values.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using control::TaskAnswer;
using control::TaskCaller;
using control::TaskService;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::StoredTask;
using Done = Idempotency::Done;

constexpr std::size_t tasks_max = 100;        // of one mutation
constexpr std::size_t kept_message_max = 60;  // of each, for a repeated call

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct TaskChanges {
  explicit TaskChanges(const ApiServices& services)
      : state(&services.runs.state()),
        runs(&services.runs),
        idempotency(&services.idempotency),
        service(services.tasks),
        clock(&services.clock) {}

  StateReader* state;
  RunReader* runs;
  Idempotency* idempotency;
  TaskService* service;  // null: the hub has no tasks
  Clock* clock;
};

const json::object& task_mutation_input(const ResolveInfo& info) {
  return object_argument(info.arguments, "input");
}

std::string task_text(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// The run, if it can be read at this moment.
Async<Resolved> run_of(TaskChanges it, std::string id, std::string client) {
  if (id.empty()) co_return Resolved();
  auto view = co_await it.runs->find(std::move(id), std::move(client));
  co_return view.has_value() ? run_object(std::move(*view)) : Resolved();
}

Async<Result<Resolved>> task_of(TaskChanges it, std::string id, std::string client) {
  const auto work = [&](state::State&) { return it.service->store().find(id); };
  auto found = co_await it.state->read(std::move(client), work);
  if (found.has_value()) co_return task_object(std::move(*found));
  if (found.error().code == ErrorCode::not_found) co_return Resolved();
  co_return found.error();
}

// --- one task

using Change = std::function<Result<TaskAnswer>(TaskService&, const json::object&, TaskCaller)>;

Result<TaskAnswer> create(TaskService& service, const json::object& input, TaskCaller caller) {
  auto created = service.create(read_task_input(input.at("task").as_object()), caller);
  if (created.has_error() || !created->task || !input.at("start").as_bool()) return created;
  auto started = service.run(created->task->id, {}, std::nullopt, std::move(caller));
  // The task is there, and user errors would say that nothing was done: no run says the rest.
  if (started.has_error() || !started->task) return created;
  return started;
}

Result<TaskAnswer> update(TaskService& service, const json::object& input, TaskCaller caller) {
  return service.update(task_text(input, "id"), input.at("revision").as_int64(),
                        read_task_input(input.at("task").as_object()), std::move(caller));
}

Async<Result<Done>> change_task(TaskChanges it, Change change, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const TaskCaller caller = task_caller(info, it.clock->now());
  const auto work = [&](state::State&) {
    return change(*it.service, task_mutation_input(info), caller);
  };
  auto answer = co_await it.state->read(client_of(info), work);
  if (answer.has_error()) co_return answer.error();
  const std::vector<std::string> prefix{"input", "task"};
  if (!answer->task) co_return Done{"", refused(errors_of(answer->problems, prefix))};
  Payload made;
  std::string kept = answer->task->id + " " + answer->run;
  made.errors = errors_of(answer->problems, prefix);
  made.fields["run"] = co_await run_of(it, answer->run, client_of(info));
  made.fields["task"] = task_object(std::move(*answer->task));
  co_return Done{std::move(kept), payload(std::move(made))};
}

// The same answer again: task and run as they are now.
Async<Result<Resolved>> replay_task(TaskChanges it, std::string client, std::string kept) {
  const std::size_t space = std::min(kept.find(' '), kept.size());
  auto task = co_await task_of(it, kept.substr(0, space), client);
  if (task.has_error()) co_return task.error();
  Payload made;
  made.fields["task"] = std::move(*task);
  std::string run = space < kept.size() ? kept.substr(space + 1) : std::string();
  made.fields["run"] = co_await run_of(it, std::move(run), client);
  co_return payload(std::move(made));
}

graphql::AsyncResolver once(TaskChanges it, Change change) {
  return [it, change = std::move(change)](ResolveInfo info) {
    Idempotency::Work work = [it, change, info] { return change_task(it, change, info); };
    Idempotency::Replay again = [it, client = client_of(info)](std::string kept) {
      return replay_task(it, client, std::move(kept));
    };
    return it.idempotency->once(info, std::move(work), std::move(again));
  };
}

Async<Result<Resolved>> resolve_validation(TaskChanges it, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const TaskCaller caller = task_caller(info, it.clock->now());
  const json::object& input = task_mutation_input(info);
  const auto work = [&](state::State&) {
    return it.service->validate(task_text(input, "id"),
                                read_task_input(input.at("task").as_object()), caller);
  };
  auto answer = co_await it.state->read(client_of(info), work);
  if (answer.has_error()) co_return answer.error();
  Payload made;
  json::array warnings;
  for (const std::string& warning : answer->warnings) warnings.push_back(json::string(warning));
  made.fields["warnings"] = Resolved(json::value(std::move(warnings)));
  const std::vector<std::string> prefix{"input", "task"};
  made.errors = errors_of(answer->problems, prefix);
  co_return payload(std::move(made));
}

// --- several tasks

using Verb = std::function<Result<TaskAnswer>(TaskService&, const std::string& id,
                                              const json::object&, TaskCaller)>;

// What became of one of them.
struct TaskResult {
  std::string id;
  std::optional<StoredTask> task = {};
  std::string run = {};
  std::optional<UserError> error = {};
};

json::array kept_of(const std::vector<TaskResult>& results) {
  json::array kept;
  for (const TaskResult& result : results) {
    json::array one{result.id, result.run};
    if (result.error) {
      one.push_back(json::value(static_cast<int>(result.error->code)));
      std::string message = result.error->message;
      if (message.size() > kept_message_max) message = "it was refused at the first call";
      one.push_back(json::string(message));
    }
    kept.push_back(std::move(one));
  }
  return kept;
}

Resolved results_payload(std::vector<TaskResult> results) {
  std::vector<Resolved> list;
  for (TaskResult& result : results)
    list.push_back(Resolved::object(std::make_shared<const TaskResult>(std::move(result))));
  return payload("results", Resolved(std::move(list)));
}

TaskResult result_of(const std::string& id, Result<TaskAnswer> answer, bool is_deletion) {
  TaskResult result{.id = id};
  if (answer.has_error()) {
    auto error = user_error_of(answer.error());
    // One that fails says nothing of the others.
    result.error = error ? std::move(*error)
                         : UserError{UserErrorCode::unreachable, answer.error().to_string(), {}};
    return result;
  }
  if (!answer->problems.empty()) {
    const std::vector<std::string> prefix{"input"};
    result.error = errors_of(answer->problems, prefix).front();
    return result;
  }
  if (!is_deletion) result.task = std::move(answer->task);
  result.run = std::move(answer->run);
  return result;
}

Async<Result<Done>> change_tasks(TaskChanges it, Verb verb, bool is_deletion, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const json::object& input = task_mutation_input(info);
  const auto ids = text_list(input, "ids");
  if (ids.empty() || ids.size() > tasks_max) {
    UserError error{UserErrorCode::out_of_range,
                    "name 1 to " + std::to_string(tasks_max) + " tasks",
                    {"input", "ids"}};
    co_return Done{"", refused(std::move(error))};
  }
  std::vector<TaskResult> results;
  bool is_changed = false;
  for (const std::string& id : ids) {
    const TaskCaller caller = task_caller(info, it.clock->now());
    const auto work = [&](state::State&) { return verb(*it.service, id, input, caller); };
    auto answer = co_await it.state->read_at_once(work);
    results.push_back(result_of(id, std::move(answer), is_deletion));
    is_changed = is_changed || !results.back().error;
  }
  std::string kept = is_changed ? write_json(kept_of(results)) : std::string();
  co_return Done{std::move(kept), results_payload(std::move(results))};
}

// The same answer again: tasks and runs as they are now.
Async<Result<Resolved>> replay_tasks(TaskChanges it, std::string client, std::string kept) {
  auto parsed = parse_json(kept, "the answer");
  if (parsed.has_error()) co_return parsed.error();
  std::vector<TaskResult> results;
  for (const auto& each : parsed->as_array()) {
    const json::array& one = each.as_array();
    TaskResult result{.id = std::string(one.at(0).as_string()),
                      .run = std::string(one.at(1).as_string())};
    if (one.size() > 3) {
      result.error = UserError{
          static_cast<UserErrorCode>(one.at(2).as_int64()), std::string(one.at(3).as_string()), {}};
    }
    const auto work = [&](state::State&) { return it.service->store().find(result.id); };
    auto task = co_await it.state->read(client, work);
    if (task.has_value() && !result.error) result.task = std::move(*task);
    results.push_back(std::move(result));
  }
  co_return results_payload(std::move(results));
}

graphql::AsyncResolver once_each(TaskChanges it, Verb verb, bool is_deletion = false) {
  return [it, verb = std::move(verb), is_deletion](ResolveInfo info) {
    Idempotency::Work work = [it, verb, is_deletion, info] {
      return change_tasks(it, verb, is_deletion, info);
    };
    Idempotency::Replay again = [it, client = client_of(info)](std::string kept) {
      return replay_tasks(it, client, std::move(kept));
    };
    return it.idempotency->once(info, std::move(work), std::move(again));
  };
}

Result<TaskAnswer> run(TaskService& service, const std::string& id, const json::object& input,
                       TaskCaller caller) {
  return service.run(id, read_option_inputs(input, "options"),
                     options::parse_action(task_text(input, "action")), std::move(caller));
}

Verb steer(Result<TaskAnswer> (TaskService::*step)(const std::string&, TaskCaller)) {
  return [step](TaskService& service, const std::string& id, const json::object&,
                TaskCaller caller) { return (service.*step)(id, std::move(caller)); };
}

Async<Result<Resolved>> resolve_result_run(TaskChanges it, ResolveInfo info) {
  co_return co_await run_of(it, info.parent_as<TaskResult>().run, client_of(info));
}

void add_result_fields(graphql::Resolvers& resolvers, const TaskChanges& it) {
  resolvers.field("TaskResult.id", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(shown(info.parent_as<TaskResult>().id));
  });
  resolvers.field("TaskResult.task", [](const ResolveInfo& info) -> Result<Resolved> {
    const auto& task = info.parent_as<TaskResult>().task;
    return task ? task_object(*task) : Resolved();
  });
  resolvers.field("TaskResult.error", [](const ResolveInfo& info) -> Result<Resolved> {
    const auto& error = info.parent_as<TaskResult>().error;
    return error ? Resolved(json::value(user_error_object(*error))) : Resolved();
  });
  resolvers.async_field("TaskResult.run",
                        [it](ResolveInfo info) { return resolve_result_run(it, info); },
                        {.weight = 10});
}

}  // namespace

void add_task_mutations(graphql::Resolvers& resolvers, const ApiServices& services) {
  const TaskChanges it(services);
  constexpr graphql::FieldCost cost{.weight = 20};
  constexpr graphql::FieldCost of_many{.weight = 100};
  add_result_fields(resolvers, it);
  resolvers.async_field("Mutation.createTask", once(it, create), cost);
  resolvers.async_field("Mutation.updateTask", once(it, update), cost);
  resolvers.async_field(
      "Mutation.validateTask", [it](ResolveInfo info) { return resolve_validation(it, info); },
      cost);
  resolvers.async_field("Mutation.runTasks", once_each(it, run), of_many);
  resolvers.async_field("Mutation.pauseTasks", once_each(it, steer(&TaskService::pause)), of_many);
  resolvers.async_field("Mutation.resumeTasks", once_each(it, steer(&TaskService::resume)),
                        of_many);
  resolvers.async_field("Mutation.archiveTasks", once_each(it, steer(&TaskService::archive)),
                        of_many);
  resolvers.async_field("Mutation.deleteTasks", once_each(it, steer(&TaskService::remove), true),
                        of_many);
  add_payload_resolvers(resolvers, "CreateTaskPayload", {"task", "run"});
  add_payload_resolvers(resolvers, "UpdateTaskPayload", {"task"});
  add_payload_resolvers(resolvers, "ValidateTaskPayload", {"warnings"});
  for (const char* type : {"RunTasksPayload", "TasksPayload", "DeleteTasksPayload"})
    add_payload_resolvers(resolvers, type, {"results"});
}

}  // namespace dth::api
