// TaskQueries: how they are found and listed, and what they say of themselves.
#include <charconv>

#include "api/connection.h"
#include "api/endpoint_input.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/task_input.h"
#include "api/values.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::StoredTask;

constexpr std::size_t next_runs_max = 5;

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct TaskQueries {
  explicit TaskQueries(const ApiServices& services)
      : state(&services.runs.state()), runs(&services.runs), service(services.tasks) {}

  StateReader* state;
  RunReader* runs;
  control::TaskService* service;  // null: the hub has no tasks
};

// One side of a task.
struct Place {
  state::TaskPlace place;
};

// --- reading

Async<Result<Resolved>> find_task(TaskQueries it, std::string id, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const auto work = [&](state::State&) { return it.service->store().find(id); };
  auto found = co_await it.state->read(client_of(info), work);
  if (found.has_value()) co_return task_object(std::move(*found));
  if (found.error().code == ErrorCode::not_found) co_return Resolved();
  co_return found.error();
}

Async<Result<Resolved>> count_tasks(TaskQueries it, std::shared_ptr<const state::TaskFilter> filter,
                                    ResolveInfo info) {
  const auto work = [&](state::State&) { return it.service->store().count(*filter); };
  auto count = co_await it.state->read(client_of(info), work);
  if (count.has_error()) co_return count.error();
  co_return Resolved(json::value(*count));
}

// A position: its id, a time, and the name, which may hold anything.
std::string position_text_of(const state::TaskPosition& position) {
  return position.id + " " + std::to_string(position.time) + " " + position.name;
}

std::optional<state::TaskPosition> parse_task_position(std::string_view text) {
  const std::size_t first = text.find(' ');
  if (first == text.npos) return std::nullopt;
  const std::size_t second = text.find(' ', first + 1);
  if (second == text.npos) return std::nullopt;
  state::TaskPosition position{.name = std::string(text.substr(second + 1)),
                               .id = std::string(text.substr(0, first))};
  const std::string_view digits = text.substr(first + 1, second - first - 1);
  const auto [end, fault] =
      std::from_chars(digits.data(), digits.data() + digits.size(), position.time);
  if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return position;
}

Async<Result<Resolved>> resolve_tasks(TaskQueries it, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const std::string kind = list_kind("task", info);
  auto request = page_request(info, kind);
  if (request.has_error()) co_return request.error();
  std::optional<state::TaskPosition> after;
  if (!request->after.empty()) {
    after = parse_task_position(request->after);
    if (!after) co_return bad_cursor();
  }
  const auto& asked = object_argument(info.arguments, "filter");
  if (auto fit = check_lengths(asked); fit.has_error()) co_return fit.error();
  const auto filter = std::make_shared<const state::TaskFilter>(task_filter(asked));
  const state::TaskOrder order = task_order(object_argument(info.arguments, "orderBy"));
  const auto work = [&](state::State&) {
    return it.service->store().list(*filter, order, after, request->first + 1);
  };
  auto page = co_await it.state->read(client_of(info), work);
  if (page.has_error()) co_return page.error();
  std::vector<PageItem> items;
  for (StoredTask& task : *page) {
    std::string position = position_text_of(state::position_of(task, order.field));
    items.push_back({task_object(std::move(task)), std::move(position)});
  }
  TotalCount total = [it, filter](ResolveInfo of) { return count_tasks(it, filter, of); };
  co_return make_connection(*request, kind, std::move(items), std::move(total));
}

json::object counts_object(const state::TaskCounts& counts) {
  return {{"all", counts.all},
          {"running", counts.running},
          {"attention", counts.attention},
          {"paused", counts.paused},
          {"archived", counts.archived}};
}

Async<Result<Resolved>> resolve_counts(TaskQueries it, ResolveInfo info) {
  if (!it.service) co_return without_tasks();
  const auto work = [&](state::State&) { return it.service->store().counts(); };
  auto counts = co_await it.state->read(client_of(info), work);
  if (counts.has_error()) co_return counts.error();
  co_return Resolved(json::value(counts_object(*counts)));
}

// --- fields

Async<Result<Resolved>> resolve_run(TaskQueries it, std::string StoredTask::*run,
                                    ResolveInfo info) {
  std::string id = info.parent_as<StoredTask>().*run;
  if (id.empty()) co_return Resolved();
  auto view = co_await it.runs->find(std::move(id), client_of(info));
  if (view.has_value()) co_return run_object(std::move(*view));
  if (view.error().code == ErrorCode::not_found) co_return Resolved();
  co_return view.error();
}

std::string_view activity_of(const RunView& view) {
  using runs::RunStatus;
  switch (view.status) {
    case RunStatus::queued:
      return "QUEUED";
    case RunStatus::running:
    case RunStatus::cancelling:
      return "RUNNING";
    case RunStatus::waiting: {
      const bool is_approval =
          view.run.waiting && view.run.waiting->what == state::WaitingFor::approval;
      return is_approval ? "WAITS_FOR_APPROVAL" : "WAITING";
    }
    case RunStatus::paused:
      return "PAUSED";
    case RunStatus::interrupted:
      return "INTERRUPTED";
    default:
      return "IDLE";
  }
}

Async<Result<Resolved>> resolve_activity(TaskQueries it, ResolveInfo info) {
  std::string id = info.parent_as<StoredTask>().current_run;
  if (id.empty()) co_return Resolved("IDLE");
  auto view = co_await it.runs->find(std::move(id), client_of(info));
  if (view.has_error()) co_return view.error();
  co_return Resolved(activity_of(*view));
}

Result<Resolved> resolve_options(const TaskQueries& it, const ResolveInfo& info) {
  const state::TaskDefinition& definition = info.parent_as<StoredTask>().definition;
  auto values = control::parse_texts(definition.options, "the options of the task");
  if (values.has_error()) return values.error();
  auto plugin = it.service->rules().plugin_of(definition.kind);
  const auto table =
      plugin.has_value() ? (*plugin)->option_table() : std::span<const options::Option>();
  json::array options;
  for (const auto& [name, value] : control::given_options(*values, table))
    options.push_back(json::object{{"name", name}, {"value", shown(value)}});
  return Resolved(json::value(std::move(options)));
}

Result<Resolved> resolve_schedule(const ResolveInfo& info) {
  auto schedule = control::parse_task_schedule(info.parent_as<StoredTask>().definition.schedule);
  if (schedule.has_error()) return schedule.error();
  return Resolved(json::value(schedule_object(*schedule)));
}

Async<Result<Resolved>> resolve_url(TaskQueries it, ResolveInfo info) {
  const state::TaskPlace& place = info.parent_as<Place>().place;
  const auto work = [&](state::State&) {
    return it.service->rules().endpoints().find(place.endpoint);
  };
  auto endpoint = co_await it.state->read(client_of(info), work);
  if (endpoint.has_error()) co_return endpoint.error();
  co_return Resolved(shown(control::location_of(*endpoint, place.path)));
}

void add_plain_fields(graphql::Resolvers& resolvers) {
  const auto add = [&](const char* name, auto value) {
    resolvers.field(std::string("Task.") + name,
                    [value](const ResolveInfo& info) -> Result<Resolved> {
                      return Resolved(json::value(value(info.parent_as<StoredTask>())));
                    });
  };
  const auto text = [](const std::string& of) { return json::string(shown(of)); };
  add("id", [](const StoredTask& t) { return json::string(t.id); });
  add("name", [text](const StoredTask& t) { return text(t.definition.name); });
  add("description", [text](const StoredTask& t) { return text(t.definition.description); });
  add("labels", [](const StoredTask& t) { return label_objects(t.definition.labels); });
  add("kind", [text](const StoredTask& t) { return text(t.definition.kind); });
  add("action", [](const StoredTask& t) { return json::string(t.definition.action); });
  add("nextRunAt", [](const StoredTask& t) {
    return t.state == state::TaskState::ready ? task_time(t.clock.next_run_at) : json::value();
  });
  add("state", [](const StoredTask& t) { return json::string(enum_name(to_string(t.state))); });
  add("problem", [](const StoredTask& t) { return text_or_null(t.clock.problem); });
  add("runCount", [](const StoredTask& t) { return t.run_count; });
  add("createdAt", [](const StoredTask& t) { return json::string(format_time(t.created_at)); });
  add("createdBy", [text](const StoredTask& t) { return text(t.created_by); });
  add("updatedAt", [](const StoredTask& t) { return json::string(format_time(t.updated_at)); });
  add("updatedBy", [text](const StoredTask& t) { return text(t.updated_by); });
  add("revision", [](const StoredTask& t) { return t.revision; });
  add("pausedBy", [](const StoredTask& t) { return text_or_null(t.paused_by); });
  add("pausedAt", [](const StoredTask& t) { return task_time(t.paused_at); });
}

void add_task_fields(graphql::Resolvers& resolvers, const ApiServices& services) {
  const TaskQueries it(services);
  constexpr graphql::FieldCost asks_the_state{.weight = 10};
  add_plain_fields(resolvers);
  resolvers.field("Task.options",
                  [it](const ResolveInfo& info) { return resolve_options(it, info); });
  resolvers.field("Task.schedule", resolve_schedule);
  resolvers.async_field(
      "Task.activity", [it](ResolveInfo info) { return resolve_activity(it, info); },
      asks_the_state);
  for (const auto& [name, run] : {std::pair("Task.currentRun", &StoredTask::current_run),
                                  std::pair("Task.lastRun", &StoredTask::last_run)}) {
    resolvers.async_field(
        name, [it, run = run](ResolveInfo info) { return resolve_run(it, run, info); },
        asks_the_state);
  }
  for (const auto& [name, side] :
       {std::pair("Task.source", &state::TaskDefinition::source),
        std::pair("Task.destination", &state::TaskDefinition::destination)}) {
    resolvers.field(name, [side = side](const ResolveInfo& info) -> Result<Resolved> {
      return Resolved::object(
          std::make_shared<const Place>(Place{info.parent_as<StoredTask>().definition.*side}));
    });
  }
  resolvers.field("TaskLocation.path", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(shown(info.parent_as<Place>().place.path));
  });
  resolvers.async_field(
      "TaskLocation.url", [it](ResolveInfo info) { return resolve_url(it, info); }, asks_the_state);
  resolvers.async_field(
      "TaskLocation.endpoint",
      [endpoints = endpoint_node_kind(services)](ResolveInfo info) {
        return endpoints.find(info.parent_as<Place>().place.endpoint, info);
      },
      asks_the_state);
}

// --- what runs and the overview say of tasks

void add_run_origin_fields(graphql::Resolvers& resolvers, const TaskQueries& it) {
  const auto add = [&](const char* name, auto value) {
    resolvers.field(std::string("Run.") + name,
                    [value](const ResolveInfo& info) -> Result<Resolved> {
                      return Resolved(json::value(value(info.parent_as<RunView>().run.origin)));
                    });
  };
  using state::RunOrigin;
  add("number", [](const RunOrigin& origin) {
    return origin.number > 0 ? json::value(origin.number) : json::value();
  });
  add("trigger",
      [](const RunOrigin& origin) { return json::string(enum_name(to_string(origin.trigger))); });
  add("triggeredBy", [](const RunOrigin& origin) { return text_or_null(origin.by); });
  resolvers.field("Run.isBoundToProcess", [](const ResolveInfo& info) -> Result<Resolved> {
    const auto kind = info.parent_as<RunView>().run.placement.kind;
    return Resolved(json::value(kind == state::Placement::Kind::process));
  });
  resolvers.async_field("Run.task",
                        [it](ResolveInfo info) {
                          return find_task(it, info.parent_as<RunView>().run.origin.task, info);
                        },
                        {.weight = 10});
}

Async<Result<Resolved>> resolve_next_runs(TaskQueries it, ResolveInfo info) {
  if (!it.service) co_return Resolved(std::vector<Resolved>());
  state::TaskFilter filter;
  filter.states.push_back(state::TaskState::ready);
  const state::TaskOrder order{.field = state::TaskOrder::Field::next_run_at};
  const auto work = [&](state::State&) {
    return it.service->store().list(filter, order, std::nullopt, next_runs_max);
  };
  auto tasks = co_await it.state->read(client_of(info), work);
  if (tasks.has_error()) co_return tasks.error();
  std::vector<Resolved> next;
  for (StoredTask& task : *tasks) {
    if (task.clock.next_run_at) next.push_back(task_object(std::move(task)));
  }
  co_return Resolved(std::move(next));
}

}  // namespace

Resolved task_object(StoredTask task) {
  return Resolved::object(std::make_shared<const StoredTask>(std::move(task)), "Task");
}

NodeKind task_node_kind(const ApiServices& services) {
  const TaskQueries it(services);
  return {"task",
          [it](std::string id, ResolveInfo info) { return find_task(it, std::move(id), info); }};
}

void add_task_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const TaskQueries it(services);
  constexpr graphql::FieldCost asks_the_state{.weight = 10};
  add_task_fields(resolvers, services);
  add_run_origin_fields(resolvers, it);
  add_connection_resolvers(resolvers, "Task");
  resolvers.json_object("TaskCounts");
  resolvers.async_field(
      "Query.task",
      [it](ResolveInfo info) { return find_task(it, text_argument(info, "id"), info); },
      asks_the_state);
  resolvers.async_field(
      "Query.tasks", [it](ResolveInfo info) { return resolve_tasks(it, info); }, asks_the_state);
  resolvers.async_field("Query.taskCounts",
                        [it](ResolveInfo info) { return resolve_counts(it, info); },
                        {.weight = 20});
  resolvers.async_field("Overview.nextRuns",
                        [it](ResolveInfo info) { return resolve_next_runs(it, info); },
                        {.weight = 10});
  resolvers.field("NextRun.task",
                  [](const ResolveInfo& info) -> Result<Resolved> { return info.parent; });
  resolvers.field("NextRun.at", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(task_time(info.parent_as<StoredTask>().clock.next_run_at));
  });
}

}  // namespace dth::api
