#include "graphql/measure.h"

#include <ctime>
#include <iomanip>
#include <iostream>

#include "graphql/fixture.h"

namespace dth::graphql::tests {
namespace {

constexpr std::string_view sdl = R"(
type Query { task(id: ID!): Task, tasks(first: Int = 10): [Task!]! }
type Task { id: ID!, name: String!, state: State!, created: String!, runs(first: Int = 5): [Run!]! }
type Run { id: ID!, objects: Float!, bytes: Float!, finished: String }
enum State { ACTIVE PAUSED }
)";

constexpr std::string_view one_task =
    "query Task($id: ID!) { task(id: $id) { id name state created } }";
constexpr std::string_view many_tasks =
    "query Tasks { tasks(first: 20) { id name state runs(first: 5) { id objects bytes finished } } "
    "}";

struct Run {
  std::string id;
  double objects = 1e6;
  double bytes = 1e12;
};

struct Task {
  std::string id, name, created;
  std::vector<Run> runs;
};

template <class T, class Get>
void add(Resolvers& resolvers, std::string coordinate, Get get) {
  resolvers.field(std::move(coordinate), [get](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(get(info.parent_as<T>()));
  });
}

Resolvers make_resolvers(const std::vector<Task>& tasks) {
  Resolvers resolvers;
  resolvers.field("Query.task", [&tasks](const ResolveInfo& info) -> Result<Resolved> {
    for (const auto& task : tasks) {
      if (task.id == std::string_view(info.arguments.at("id").get_string()))
        return Resolved::object_at(&task);
    }
    return Resolved();
  });
  resolvers.field("Query.tasks", [&tasks](const ResolveInfo&) -> Result<Resolved> {
    std::vector<Resolved> list;
    for (const auto& task : tasks) list.push_back(Resolved::object_at(&task));
    return Resolved(std::move(list));
  });
  add<Task>(resolvers, "Task.id", [](const Task& task) { return Resolved(task.id); });
  add<Task>(resolvers, "Task.name", [](const Task& task) { return Resolved(task.name); });
  add<Task>(resolvers, "Task.state", [](const Task&) { return Resolved("ACTIVE"); });
  add<Task>(resolvers, "Task.created", [](const Task& task) { return Resolved(task.created); });
  add<Task>(resolvers, "Task.runs", [](const Task& task) {
    std::vector<Resolved> list;
    for (const auto& run : task.runs) list.push_back(Resolved::object_at(&run));
    return Resolved(std::move(list));
  });
  add<Run>(resolvers, "Run.id", [](const Run& run) { return Resolved(run.id); });
  add<Run>(resolvers, "Run.objects",
           [](const Run& run) { return Resolved(boost::json::value(run.objects)); });
  add<Run>(resolvers, "Run.bytes",
           [](const Run& run) { return Resolved(boost::json::value(run.bytes)); });
  add<Run>(resolvers, "Run.finished", [](const Run&) { return Resolved(); });
  return resolvers;
}

double processor_microseconds() { return static_cast<double>(std::clock()) * 1e6 / CLOCKS_PER_SEC; }

Async<std::size_t> ask(const Engine& engine, std::string_view query, std::size_t times) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < times; ++i) {
    Request request{.query = std::string(query), .variables = {{"id", "7"}}};
    const Response response = co_await engine.execute(std::move(request));
    bytes += to_json_text(response).size();
  }
  co_return bytes;
}

void measure(const std::vector<Task>& tasks, std::string_view query, std::size_t cached,
             std::string_view what) {
  constexpr std::size_t times = 20'000;
  EngineOptions options{
      .sdl = std::string(sdl), .resolvers = make_resolvers(tasks), .cached_documents_max = cached};
  const auto build = Engine::create(std::move(options));
  boost::asio::io_context context(1);
  run_for_test(context, ask(*build.engine, query, times / 10));
  const double start = processor_microseconds();
  const std::size_t bytes = run_for_test(context, ask(*build.engine, query, times));
  const double each = (processor_microseconds() - start) / times;
  std::cout << std::fixed << std::setprecision(2) << what << ": " << each << " microseconds ("
            << bytes / times << " bytes)\n";
}

}  // namespace

int measure() {
  std::vector<Task> tasks;
  for (int i = 0; i < 20; ++i) {
    Task task{std::to_string(i), "copy of bucket " + std::to_string(i), "2026-11-25T10:00:00Z", {}};
    for (int j = 0; j < 5; ++j) task.runs.push_back({std::to_string(i * 5 + j)});
    tasks.push_back(std::move(task));
  }
  measure(tasks, one_task, 0, "4 fields, parsed, validated and executed each time");
  measure(tasks, one_task, 100, "4 fields, document cached");
  measure(tasks, many_tasks, 0, "480 fields in lists, parsed, validated and executed each time");
  measure(tasks, many_tasks, 100, "480 fields in lists, document cached");
  return 0;
}

}  // namespace dth::graphql::tests
