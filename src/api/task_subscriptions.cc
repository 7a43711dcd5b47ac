// What tells clients that tasks have changed.
#include <deque>
#include <map>

#include "api/connection.h"
#include "api/polled_stream.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/task_input.h"
#include "base/json_writer.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::StoredTask;
using Event = std::optional<Resolved>;
using Events = Result<std::unique_ptr<graphql::EventStream>>;

constexpr std::size_t watched_max = 100;  // tasks of one subscription
constexpr std::size_t task_list_head = 50;
constexpr std::chrono::seconds between_looks{1};

// A task, and the run that shows what it does.
struct Seen {
  StoredTask task;
  std::string activity;
  std::string sign() const { return std::to_string(task.turn) + " " + activity; }
};

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Watch {
  explicit Watch(const ApiServices& services)
      : state(&services.runs.state()),
        runs(&services.runs),
        service(services.tasks),
        clock(&services.clock) {}

  StateReader* state;
  RunReader* runs;
  control::TaskService* service;  // null: the hub has no tasks
  Clock* clock;
};

// The status of the run is what state has of it: a worker that comes or goes is no change.
Result<std::vector<Seen>> look(state::State& state, Result<std::vector<StoredTask>> tasks) {
  if (tasks.has_error()) return tasks.error();
  std::vector<Seen> seen;
  for (StoredTask& task : *tasks) {
    std::string activity;
    if (!task.current_run.empty()) {
      auto run = state.runs().find_run(task.current_run);
      if (run.has_value())
        activity = std::string(to_string(run->state)) + (run->cancel_requested ? "!" : "");
    }
    seen.push_back({std::move(task), std::move(activity)});
  }
  return seen;
}

// The tasks one by one: at once, and whenever they have changed. They are looked at while the
// client waits, so nothing is queued for a slow one.
class TaskStream final : public graphql::EventStream {
 public:
  TaskStream(Watch watch, std::vector<std::string> ids, std::string client)
      : watch_(watch), ids_(std::move(ids)), client_(std::move(client)) {}

  Async<Result<Event>> next() override {
    for (;;) {
      if (!changed_.empty()) {
        Event event(task_object(std::move(changed_.front())));
        changed_.pop_front();
        co_return event;
      }
      if (has_looked_) {
        auto slept = co_await watch_.clock->sleep_for(between_looks);
        if (slept.has_error()) co_return slept.error();
      }
      const auto work = [&](state::State& state) {
        return look(state, watch_.service->store().find_all(ids_));
      };
      auto seen = co_await watch_.state->read(client_, work);
      has_looked_ = true;
      if (seen.has_error()) {
        if (!is_retryable(seen.error().code)) co_return seen.error();
        continue;
      }
      take(std::move(*seen));
    }
  }

 private:
  void take(std::vector<Seen> seen) {
    for (Seen& each : seen) {
      std::string& sign = signs_[each.task.id];
      if (sign == each.sign()) continue;
      sign = each.sign();
      changed_.push_back(std::move(each.task));
    }
  }

  Watch watch_;
  const std::vector<std::string> ids_;
  const std::string client_;
  std::map<std::string, std::string> signs_;
  std::deque<StoredTask> changed_;  // at most ids_.size()
  bool has_looked_ = false;
};

Async<Events> refuse_watch(Error error) { co_return error; }

Async<Events> watch_tasks(Watch watch, std::vector<std::string> ids, std::string client) {
  co_return Events(std::make_unique<TaskStream>(watch, std::move(ids), std::move(client)));
}

Async<Result<Polled>> poll_list(Watch watch, std::shared_ptr<const state::TaskFilter> filter,
                                std::string client) {
  const auto head = [&](state::State& state) {
    return look(state, watch.service->store().list(*filter, {}, std::nullopt, task_list_head));
  };
  auto seen = co_await watch.state->read(client, head);
  if (seen.has_error()) co_return seen.error();
  const auto count = [&](state::State&) { return watch.service->store().counts(); };
  auto counts = co_await watch.state->read(client, count);
  if (counts.has_error()) co_return counts.error();
  json::object shown{{"all", counts->all},
                     {"running", counts->running},
                     {"attention", counts->attention},
                     {"paused", counts->paused},
                     {"archived", counts->archived}};
  std::string sign = write_json(json::value(shown));
  for (const Seen& each : *seen) sign += "\n" + each.task.id + " " + each.sign();
  Resolved event{json::value(json::object{{"counts", std::move(shown)}})};
  co_return Polled{std::move(sign), std::move(event)};
}

Async<Events> watch_list(Watch watch, Poll poll) {
  co_return Events(poll_stream(*watch.clock, std::move(poll),
                               {.interval = between_looks, .sends_first = false}));
}

}  // namespace

void add_task_subscriptions(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Watch watch(services);
  resolvers.json_object("TaskListChange");
  resolvers.subscription("Subscription.tasksChanged", [watch](ResolveInfo info) {
    if (!watch.service) return refuse_watch(without_tasks());
    auto ids = text_list(info.arguments, "ids");
    if (ids.empty() || ids.size() > watched_max) {
      return refuse_watch(Error{ErrorCode::invalid_argument,
                                "\"ids\" names " + std::to_string(ids.size()) +
                                    " tasks: name 1 to " + std::to_string(watched_max),
                                ""});
    }
    return watch_tasks(watch, std::move(ids), client_of(info));
  });
  resolvers.subscription("Subscription.taskListChanged", [watch](ResolveInfo info) {
    if (!watch.service) return refuse_watch(without_tasks());
    const auto& asked = object_argument(info.arguments, "filter");
    if (auto fit = check_lengths(asked); fit.has_error()) return refuse_watch(fit.error());
    auto filter = std::make_shared<const state::TaskFilter>(task_filter(asked));
    Poll poll = [watch, filter, client = client_of(info)] {
      return poll_list(watch, filter, client);
    };
    return watch_list(watch, std::move(poll));
  });
}

}  // namespace dth::api
