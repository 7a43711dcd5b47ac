// How far runs are, and how fast they were.
#include <map>

#include "api/resolvers.h"
#include "api/values.h"
#include "base/clock.h"
#include "runs/run_progress.h"
#include "runs/series_view.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

using SlotsOfKinds = std::map<std::string, std::vector<engine::JobSlots>, std::less<>>;

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Progress {
  Progress(const ApiServices& services, std::shared_ptr<const SlotsOfKinds> of_kinds)
      : runs(&services.runs), clock(&services.clock), slots(std::move(of_kinds)) {}

  RunReader* runs;
  Clock* clock;
  std::shared_ptr<const SlotsOfKinds> slots;
};

json::object balance_object(const runs::ItemBalance& balance) {
  return {{"listed", balance.listed},
          {"leftOut", balance.left_out},
          {"selected", balance.selected},
          {"toDelete", balance.to_delete},
          {"copied", balance.copied},
          {"unchanged", balance.unchanged},
          {"skipped", balance.skipped},
          {"matched", balance.matched},
          {"undetermined", balance.undetermined},
          {"deletedAtSource", balance.deleted_at_source},
          {"failed", balance.failed},
          {"deleted", balance.deleted},
          {"pending", balance.pending}};
}

json::array phases_array(const std::vector<runs::PhaseProgress>& phases) {
  json::array array;
  for (const runs::PhaseProgress& phase : phases) {
    array.push_back(json::object{{"phase", enum_name(runs::to_string(phase.phase))},
                                 {"state", enum_name(runs::to_string(phase.state))},
                                 {"items", phase.items},
                                 {"pendingJobs", phase.pending_jobs},
                                 {"pendingItems", phase.pending_items}});
  }
  return array;
}

std::string duration_text(std::chrono::seconds duration) {
  return "PT" + std::to_string(duration.count()) + "S";
}

json::value time_left_value(const std::optional<runs::TimeLeft>& left) {
  if (!left) return json::value();
  return json::object{{"kind", enum_name(runs::to_string(left->kind))},
                      {"low", duration_text(left->low)},
                      {"high", duration_text(left->high)}};
}

json::value expected_value(const std::optional<runs::ExpectedTotals>& expected) {
  if (!expected) return json::value();
  return json::object{
      {"run", expected->run}, {"items", expected->items}, {"bytes", expected->bytes}};
}

json::object report_object(const runs::ProgressReport& report) {
  return {{"items", balance_object(report.items)},
          {"phases", phases_array(report.phases)},
          {"expected", expected_value(report.expected)},
          {"itemsPerSecond", report.rates.items_recent},
          {"bytesPerSecond", report.rates.bytes_recent},
          {"timeLeft", time_left_value(report.time_left)}};
}

// The backlog and the counts are of one transaction; of a run that is watched they are there.
Async<Result<Resolved>> resolve_progress(Progress progress, ResolveInfo info) {
  const std::string client = client_of(info);
  auto view = std::make_shared<const RunView>(info.parent_as<RunView>());
  if (!view->is_over() && view->backlog.empty()) {
    auto read = co_await progress.runs->progress(view->run.id, client);
    if (read.has_error()) co_return read.error();
    view = std::make_shared<const RunView>(std::move(*read));
  }
  std::span<const engine::JobSlots> slots;
  if (const auto kind = progress.slots->find(view->run.kind); kind != progress.slots->end())
    slots = kind->second;
  const TimePoint now = progress.clock->now();
  const auto work = [&](state::State& state) {
    return runs::report_progress(state, *view, slots, now);
  };
  auto report = co_await progress.runs->state().read(client, work);
  if (report.has_error()) co_return report.error();
  co_return Resolved(json::value(report_object(*report)));
}

std::optional<TimePoint> time_argument(const ResolveInfo& info, std::string_view name) {
  const auto* value = info.arguments.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return parse_time(std::string_view(value->get_string()));
}

json::object point_object(const state::SeriesPoint& point, double seconds) {
  return {{"at", format_time(point.at)},
          {"bytes", point.bytes},
          {"items", point.items},
          {"retries", point.retries},
          {"failures", point.failures},
          {"bytesPerSecond", static_cast<double>(point.bytes) / seconds},
          {"itemsPerSecond", static_cast<double>(point.items) / seconds}};
}

Async<Result<Resolved>> resolve_series(Progress progress, ResolveInfo info) {
  const state::Run& run = info.parent_as<RunView>().run;
  const TimePoint now = progress.clock->now();
  const TimePoint from = time_argument(info, "from").value_or(run.created_at);
  const TimePoint until = time_argument(info, "until").value_or(run.ended_at.value_or(now));
  if (until <= from) {
    co_return Error{ErrorCode::invalid_argument, "from is not before until: exchange them.", ""};
  }
  const auto points = static_cast<int>(info.arguments.at("points").to_number<std::int64_t>());
  const runs::SeriesPlan plan = runs::plan_series(from, until, now, points);
  const std::string id = run.id;
  const auto work = [&](state::State& state) {
    return state.control().run_series().points(id, plan.step, plan.from, until);
  };
  auto read = co_await progress.runs->state().read(client_of(info), work);
  if (read.has_error()) co_return read.error();
  json::object series{{"from", format_time(plan.from)}, {"step", duration_text(plan.width)}};
  auto& array = series["points"].emplace_array();
  const TimePoint ended = run.ended_at.value_or(now);
  for (const state::SeriesPoint& point : runs::merge_points(plan, *read)) {
    array.push_back(
        point_object(point, runs::active_seconds(plan, point.at, run.created_at, ended)));
  }
  co_return Resolved(json::value(std::move(series)));
}

}  // namespace

void add_progress_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  SlotsOfKinds slots;
  for (const engine::Plugin* plugin : services.plugins)
    slots.emplace(plugin->kind(), plugin->job_slots());
  const Progress progress(services, std::make_shared<const SlotsOfKinds>(std::move(slots)));
  for (const char* type : {"RunProgress", "ItemBalance", "RunPhase", "ExpectedTotals", "TimeLeft",
                           "RunSeries", "RunSeriesPoint"})
    resolvers.json_object(type);
  resolvers.async_field("Run.progress",
                        [progress](ResolveInfo info) { return resolve_progress(progress, info); },
                        {.weight = 20});
  resolvers.async_field("Run.series",
                        [progress](ResolveInfo info) { return resolve_series(progress, info); },
                        {.weight = 20, .size_argument = "points"});
}

}  // namespace dth::api
