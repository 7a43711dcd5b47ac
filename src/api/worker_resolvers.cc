// The processes that execute jobs.
#include <algorithm>

#include "api/connection.h"
#include "api/polled_stream.h"
#include "api/resolvers.h"
#include "api/user_errors.h"
#include "api/values.h"
#include "base/json_writer.h"
#include "runs/worker_view.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using Done = Idempotency::Done;

constexpr std::string_view worker_list = "worker";

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Workers {
  explicit Workers(const ApiServices& services)
      : state(&services.runs.state()),
        idempotency(&services.idempotency),
        clock(&services.clock),
        version(services.version) {}

  StateReader* state;
  Idempotency* idempotency;
  Clock* clock;
  std::string version;  // of this hub
};

json::object worker_object(const Workers& workers, const state::WorkerInfo& worker) {
  json::object object;
  object["__typename"] = "Worker";
  object["id"] = shown(worker.id);
  object["name"] = shown(worker.host) + ":" + std::to_string(worker.pid);
  object["state"] = enum_name(runs::to_string(runs::status_of(worker)));
  object["version"] = shown(worker.version);
  object["versionMatches"] = worker.version == workers.version;
  auto& labels = object["labels"].emplace_array();
  for (const std::string& label : worker.labels) labels.push_back(json::string(shown(label)));
  object["takesAnyRun"] = worker.claims_anybody;
  object["startedAt"] = format_time(worker.started_at);
  object["lastSeenAt"] = format_time(worker.heartbeat_at);
  object["jobs"] = worker.jobs_held;
  object["embedded"] = worker.kind == state::WorkerKind::hub;
  return object;
}

Async<Result<std::vector<state::WorkerInfo>>> read_workers(Workers workers, std::string client) {
  const TimePoint now = workers.clock->now();
  const auto work = [now](state::State& state) { return state.workers().list(now); };
  co_return co_await workers.state->read(std::move(client), work);
}

Async<Result<Resolved>> constant(std::int64_t number) { co_return Resolved(json::value(number)); }

// Workers are few, so a page is cut out of all of them.
Async<Result<Resolved>> resolve_workers(Workers workers, ResolveInfo info) {
  auto request = page_request(info, worker_list);
  if (request.has_error()) co_return request.error();
  auto all = co_await read_workers(workers, client_of(info));
  if (all.has_error()) co_return all.error();
  std::vector<PageItem> items;
  const auto position = [](const state::WorkerInfo& worker) {
    return format_time(worker.started_at) + worker.id;
  };
  for (const state::WorkerInfo& worker : *all) {
    if (position(worker) <= request->after) continue;
    items.push_back({Resolved(json::value(worker_object(workers, worker))), position(worker)});
    if (items.size() > request->first) break;
  }
  const auto count = static_cast<std::int64_t>(all->size());
  TotalCount total = [count](ResolveInfo) { return constant(count); };
  co_return make_connection(*request, worker_list, std::move(items), std::move(total));
}

// When a worker was heard of last is no news: it is so every few seconds.
Async<Result<Polled>> poll_workers(Workers workers, std::string client) {
  auto all = co_await read_workers(workers, std::move(client));
  if (all.has_error()) co_return all.error();
  json::array shown_workers;
  std::string sign;
  for (const state::WorkerInfo& worker : *all) {
    json::object object = worker_object(workers, worker);
    shown_workers.push_back(object);
    object.erase("lastSeenAt");
    sign += write_json(json::value(std::move(object))) + "\n";
  }
  Resolved event{json::value(std::move(shown_workers))};
  co_return Polled{std::move(sign), std::move(event)};
}

using Events = Result<std::unique_ptr<graphql::EventStream>>;

Async<Events> watch_workers(Clock* clock, Poll poll) {
  co_return Events(poll_stream(*clock, std::move(poll), {}));
}

Async<Result<Resolved>> find_worker(Workers workers, std::string id, std::string client) {
  auto all = co_await read_workers(workers, std::move(client));
  if (all.has_error()) co_return all.error();
  const auto found = std::find_if(all->begin(), all->end(),
                                  [&](const state::WorkerInfo& worker) { return worker.id == id; });
  if (found == all->end()) co_return Resolved();
  co_return Resolved(json::value(worker_object(workers, *found)));
}

Async<Result<Done>> drain(Workers workers, ResolveInfo info) {
  const std::string id(object_argument(info.arguments, "input").at("id").as_string());
  state::AuditEntry by = audit_entry(info, workers.clock->now());
  by.target_kind = "worker";
  by.target_id = id;
  const auto work = [&](state::State& state) { return state.workers().drain(id, &by); };
  auto drained = co_await workers.state->read(client_of(info), work);
  if (drained.has_error()) {
    auto error = user_error_of(drained.error(), {"input", "id"});
    if (!error) co_return drained.error();
    co_return Done{"", refused(std::move(*error))};
  }
  // It is drained now, whether it can be read or not.
  auto worker = co_await find_worker(workers, id, client_of(info));
  if (worker.has_error()) co_return Done{id, worker.error()};
  co_return Done{id, payload("worker", std::move(*worker))};
}

Async<Result<Resolved>> replay(Workers workers, std::string client, std::string id) {
  auto worker = co_await find_worker(workers, std::move(id), std::move(client));
  if (worker.has_error()) co_return worker.error();
  co_return payload("worker", std::move(*worker));
}

}  // namespace

NodeKind worker_node_kind(const ApiServices& services) {
  return {"worker", [workers = Workers(services)](std::string id, ResolveInfo info) {
            return find_worker(workers, std::move(id), client_of(info));
          }};
}

void add_worker_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Workers workers(services);
  resolvers.json_object("Worker");
  add_connection_resolvers(resolvers, "Worker");
  add_payload_resolvers(resolvers, "DrainWorkerPayload", {"worker"});
  resolvers.async_field("Query.workers",
                        [workers](ResolveInfo info) { return resolve_workers(workers, info); },
                        {.weight = 10});
  resolvers.subscription("Subscription.workersChanged", [workers](ResolveInfo info) {
    Poll poll = [workers, client = client_of(info)] { return poll_workers(workers, client); };
    return watch_workers(workers.clock, std::move(poll));
  });
  resolvers.async_field("Mutation.drainWorker",
                        [workers](ResolveInfo info) {
                          Idempotency::Work work = [workers, info] { return drain(workers, info); };
                          Idempotency::Replay again = [workers,
                                                       client = client_of(info)](std::string id) {
                            return replay(workers, client, std::move(id));
                          };
                          return workers.idempotency->once(info, std::move(work), std::move(again));
                        },
                        {.weight = 20});
}

}  // namespace dth::api
