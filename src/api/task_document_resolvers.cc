// Tasks as documents.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/task_input.h"
#include "api/values.h"
#include "control/tasks/task_document.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using control::TaskCaller;
using graphql::Resolved;
using graphql::ResolveInfo;
using Done = Idempotency::Done;

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Documents {
  explicit Documents(const ApiServices& services)
      : state(&services.runs.state()),
        idempotency(&services.idempotency),
        service(services.tasks),
        clock(&services.clock) {}

  StateReader* state;
  Idempotency* idempotency;
  control::TaskService* service;  // null: the hub has no tasks
  Clock* clock;
};

const json::value* given_member(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

// Of a kept task, or of one that a form shows.
Result<std::string> write_document(control::TaskService& service, const json::object& arguments) {
  const auto* id = given_member(arguments, "id");
  const auto* task = given_member(arguments, "task");
  if ((id == nullptr) == (task == nullptr)) {
    return Error{ErrorCode::invalid_argument, "give either \"id\" or \"task\"", ""};
  }
  control::TaskInput input;
  if (task != nullptr) {
    input = read_task_input(task->as_object());
  } else {
    auto kept = service.store().find(std::string(id->as_string()));
    if (kept.has_error()) return kept.error();
    auto said = control::input_of(kept->definition, service.rules());
    if (said.has_error()) return said.error();
    input = std::move(*said);
  }
  const bool is_command = arguments.at("format").as_string() == "CLI";
  return is_command ? control::command_of(input, service.rules())
                    : control::yaml_of(input, service.rules());
}

Async<Result<Resolved>> resolve_document(Documents it, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const auto work = [&](state::State&) { return write_document(*it.service, info.arguments); };
  auto text = co_await it.state->read(client_of(info), work);
  if (text.has_error()) co_return text.error();
  co_return Resolved(*text);
}

json::array change_objects(const std::vector<control::TaskChange>& changes) {
  json::array array;
  for (const control::TaskChange& change : changes) {
    array.push_back(json::object{{"field", change.field},
                                 {"before", text_or_null(change.before)},
                                 {"after", text_or_null(change.after)}});
  }
  return array;
}

Async<Result<Done>> apply(Documents it, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const TaskCaller caller = task_caller(info, it.clock->now());
  const json::object& input = object_argument(info.arguments, "input");
  const std::string document(input.at("document").as_string());
  const bool dry_run = input.at("dryRun").as_bool();
  const auto work = [&](state::State&) {
    return control::apply_document(*it.service, document, dry_run, caller);
  };
  auto applied = co_await it.state->read(client_of(info), work);
  if (applied.has_error()) co_return applied.error();
  Payload made;
  const std::vector<std::string> prefix{"input"};
  made.errors = errors_of(applied->answer.problems, prefix);
  made.fields["created"] = Resolved(applied->is_created && made.errors.empty());
  made.fields["changes"] = Resolved(json::value(change_objects(applied->changes)));
  std::string kept;
  if (applied->answer.task) {
    if (!dry_run) kept = (applied->is_created ? "1" : "0") + applied->answer.task->id;
    made.fields["task"] = task_object(std::move(*applied->answer.task));
  }
  co_return Done{std::move(kept), payload(std::move(made))};
}

// The same answer again: the task as it is now, without what was changed then.
Async<Result<Resolved>> replay(Documents it, std::string client, std::string kept) {
  const std::string id = kept.substr(std::min<std::size_t>(1, kept.size()));
  const auto work = [&](state::State&) { return it.service->store().find(id); };
  auto task = co_await it.state->read(std::move(client), work);
  if (task.has_error() && task.error().code != ErrorCode::not_found) co_return task.error();
  Payload made;
  made.fields["created"] = Resolved(kept.starts_with('1'));
  made.fields["changes"] = Resolved(json::value(json::array()));
  if (task.has_value()) made.fields["task"] = task_object(std::move(*task));
  co_return payload(std::move(made));
}

Async<Result<Resolved>> apply_once(Documents it, ResolveInfo info) {
  Idempotency::Work work = [it, info] { return apply(it, info); };
  Idempotency::Replay again = [it, client = client_of(info)](std::string kept) {
    return replay(it, client, std::move(kept));
  };
  return it.idempotency->once(info, std::move(work), std::move(again));
}

}  // namespace

void add_task_document_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Documents it(services);
  resolvers.json_object("TaskChange");
  resolvers.async_field("Query.taskDocument",
                        [it](ResolveInfo info) { return resolve_document(it, info); },
                        {.weight = 20});
  resolvers.async_field("Mutation.applyTask",
                        [it](ResolveInfo info) { return apply_once(it, info); }, {.weight = 20});
  add_payload_resolvers(resolvers, "ApplyTaskPayload", {"task", "created", "changes"});
}

}  // namespace dth::api
