// The hub at a glance, and what tells clients that lists have changed.
#include "api/connection.h"
#include "api/polled_stream.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/values.h"
#include "base/async_semaphore.h"
#include "base/json_writer.h"
#include "engine/counters.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using engine::Counter;
using graphql::Resolved;
using graphql::ResolveInfo;

constexpr std::size_t running_shown_max = 50;
constexpr std::size_t list_head = 50;  // runs whose coming, going and state runListChanged tells

constexpr std::chrono::seconds day_kept_for{3};  // adding it up may mean thousands of runs
constexpr std::chrono::milliseconds overview_kept_for{900};

// Everything but the running runs, which are objects of their own.
struct OverviewView {
  json::object fields;
  std::vector<RunView> running;
};

// What is computed once for all who ask, however many they are: by one of them, while the others
// wait for it.
struct SharedOverview {
  std::optional<AsyncSemaphore> turn = {};  // to compute
  std::optional<MonotonicTime> made_at = {};
  Result<std::shared_ptr<const OverviewView>> view = std::shared_ptr<const OverviewView>();
  std::optional<MonotonicTime> day_made_at = {};
  state::RunTotals day = {};
};

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Overview {
  explicit Overview(const ApiServices& services)
      : runs(&services.runs),
        sampler(&services.sampler),
        clock(&services.clock),
        shared(std::make_shared<SharedOverview>()) {}

  bool is_fresh() const {
    return shared->made_at && clock->monotonic_now() - *shared->made_at < overview_kept_for;
  }

  RunReader* runs;
  const RunSampler* sampler;
  Clock* clock;
  std::shared_ptr<SharedOverview> shared;
};

Async<Result<void>> add_up_day(Overview overview) {
  const MonotonicTime now = overview.clock->monotonic_now();
  const auto made_at = overview.shared->day_made_at;
  if (made_at && now - *made_at < day_kept_for) co_return Result<void>();
  const TimePoint since = overview.clock->now() - std::chrono::hours(24);
  const auto add_up = [&](state::State& of) { return of.control().run_lists().totals(since); };
  auto totals = co_await overview.runs->state().read("", add_up);
  if (totals.has_error()) co_return totals.error();
  overview.shared->day = std::move(*totals);
  overview.shared->day_made_at = now;
  co_return Result<void>();
}

Async<Result<std::shared_ptr<const OverviewView>>> make_overview(Overview overview) {
  auto filter = std::make_shared<runs::RunListFilter>();
  filter->statuses = {runs::RunStatus::running, runs::RunStatus::waiting,
                      runs::RunStatus::cancelling};
  auto page = co_await overview.runs->page(filter, {}, std::nullopt, running_shown_max);
  if (page.has_error()) co_return page.error();
  auto added_up = co_await add_up_day(overview);
  if (added_up.has_error()) co_return added_up.error();
  const state::RunTotals& totals = overview.shared->day;
  const auto count = [](state::State& state) { return state.control().run_lists().queue_jobs(); };
  auto jobs = co_await overview.runs->state().read("", count);
  if (jobs.has_error()) co_return jobs.error();
  auto view = std::make_shared<OverviewView>();
  for (runs::RunListItem& item : page->items) view->running.push_back(std::move(item.view));
  const state::Counts& counts = totals.counts;
  view->fields = {{"bytesPerSecond", overview.sampler->rates().bytes_per_second},
                  {"itemsPerSecond", overview.sampler->rates().items_per_second},
                  {"queueJobs", *jobs},
                  {"last24Hours", json::object{{"runs", totals.runs},
                                               {"runsWithFailures", totals.with_failures},
                                               {"copied", counts[Counter::copied]},
                                               {"failed", counts[Counter::failed]},
                                               {"bytes", counts[Counter::bytes]}}}};
  co_return std::shared_ptr<const OverviewView>(std::move(view));
}

Result<Resolved> shared_view(const SharedOverview& shared) {
  if (shared.view.has_error()) return shared.view.error();
  return Resolved::object(*shared.view);
}

Async<Result<Resolved>> resolve_overview(Overview overview) {
  SharedOverview& shared = *overview.shared;
  if (overview.is_fresh()) co_return shared_view(shared);
  if (!shared.turn) shared.turn.emplace(co_await boost::asio::this_coro::executor, 1);
  auto turn = co_await shared.turn->acquire(1);
  if (turn.has_error()) co_return turn.error();
  struct Release {
    AsyncSemaphore& turn;
    ~Release() { turn.release(1); }
  } release{*shared.turn};
  if (overview.is_fresh()) co_return shared_view(shared);
  auto made = co_await make_overview(overview);
  // That this client left says nothing to the others.
  if (made.has_error() && made.error().code == ErrorCode::cancelled) co_return made.error();
  shared.view = std::move(made);
  shared.made_at = overview.clock->monotonic_now();
  co_return shared_view(shared);
}

// What a client is shown of an overview.
std::string sign_of(const OverviewView& view) {
  std::string sign = write_json(json::value(view.fields));
  for (const RunView& run : view.running) {
    sign += "\n" + run.run.id + std::string(runs::to_string(run.status)) +
            state::to_json(run.run.counts);
  }
  return sign;
}

Async<Result<Polled>> poll_overview(Overview overview) {
  auto resolved = co_await resolve_overview(overview);
  if (resolved.has_error()) co_return resolved.error();
  std::string sign = sign_of(resolved->as<OverviewView>());
  co_return Polled{std::move(sign), std::move(*resolved)};
}

Async<Result<Polled>> poll_list(Overview overview,
                                std::shared_ptr<const runs::RunListFilter> filter,
                                std::string client) {
  auto page = co_await overview.runs->page(filter, {}, std::nullopt, list_head, client);
  if (page.has_error()) co_return page.error();
  std::string sign;
  for (const runs::RunListItem& item : page->items)
    sign += item.view.run.id + std::string(runs::to_string(item.view.status)) + "\n";
  json::object change{{"at", format_time(overview.clock->now())}};
  Resolved event{json::value(std::move(change))};
  co_return Polled{std::move(sign), std::move(event)};
}

graphql::SyncResolver from_overview(const char* name) {
  return [name](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(info.parent_as<OverviewView>().fields.at(name));
  };
}

using Events = Result<std::unique_ptr<graphql::EventStream>>;

Async<Events> stream_of(Clock* clock, Poll poll, bool sends_first) {
  co_return Events(poll_stream(*clock, std::move(poll),
                               {.interval = std::chrono::seconds(1), .sends_first = sends_first}));
}

Async<Events> refuse(Error error) { co_return error; }

}  // namespace

void add_overview_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Overview overview(services);
  for (const char* type : {"DayTotals", "RunListChange"}) resolvers.json_object(type);
  for (const char* name : {"bytesPerSecond", "itemsPerSecond", "queueJobs", "last24Hours"})
    resolvers.field(std::string("Overview.") + name, from_overview(name));
  resolvers.field("Overview.running", [](const ResolveInfo& info) -> Result<Resolved> {
    std::vector<Resolved> running;
    for (const RunView& view : info.parent_as<OverviewView>().running)
      running.push_back(run_object(view));
    return Resolved(std::move(running));
  });
  resolvers.async_field("Query.overview",
                        [overview](ResolveInfo) { return resolve_overview(overview); },
                        {.weight = 40});
  resolvers.subscription("Subscription.overview", [overview](ResolveInfo) {
    Poll poll = [overview] { return poll_overview(overview); };
    return stream_of(overview.clock, std::move(poll), true);
  });
  resolvers.subscription("Subscription.runListChanged", [overview](ResolveInfo info) {
    const auto& asked = object_argument(info.arguments, "filter");
    if (auto fit = check_lengths(asked); fit.has_error()) return refuse(fit.error());
    auto filter = std::make_shared<const runs::RunListFilter>(run_filter(asked));
    Poll poll = [overview, filter, client = client_of(info)] {
      return poll_list(overview, filter, client);
    };
    return stream_of(overview.clock, std::move(poll), false);
  });
}

}  // namespace dth::api
