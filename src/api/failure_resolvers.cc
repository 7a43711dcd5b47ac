// The failed items of a run.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/values.h"
#include "runs/failure_advice.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

constexpr std::string_view failure_list = "failure";

bool is_known_reason(const std::string& reason) {
  constexpr auto last = static_cast<int>(ErrorReason::state_full);
  for (int i = static_cast<int>(ErrorReason::unspecified) + 1; i <= last; ++i) {
    if (to_string(static_cast<ErrorReason>(i)) == reason) return true;
  }
  return false;
}

// Null also for a class that another version of the program wrote and this one does not know.
json::value reason_or_null(const std::string& reason) {
  return is_known_reason(reason) ? json::value(enum_name(reason)) : json::value();
}

json::object failure_object(const state::Failure& failure) {
  json::object object;
  object["key"] = shown(failure.key);
  object["versionId"] = text_or_null(failure.version_id);
  object["size"] = static_cast<std::int64_t>(failure.size);
  object["code"] = enum_name(failure.code);
  object["reason"] = reason_or_null(failure.reason);
  object["message"] = shown(failure.message);
  object["detail"] = text_or_null(failure.detail);
  object["attempts"] = failure.attempts;
  object["at"] = format_time(failure.at);
  object["step"] = text_or_null(failure.step);
  return object;
}

// Exact however many failures are kept: the groups count all. Null with a filter that no group
// decides.
Async<Result<Resolved>> count_failures(StateReader* state, std::string run,
                                       std::shared_ptr<const state::FailureFilter> wanted,
                                       ResolveInfo info) {
  const state::FailureFilter& filter = *wanted;
  if (!filter.key_prefix.empty() || !filter.text.empty()) co_return Resolved();
  const auto work = [&](state::State& of) { return of.records().failure_groups(run); };
  auto groups = co_await state->read(client_of(info), work);
  if (groups.has_error()) co_return groups.error();
  std::int64_t sum = 0;
  for (const state::FailureGroup& group : *groups) {
    const bool fits = group.code == filter.code.value_or(group.code) &&
                      group.reason == filter.reason.value_or(group.reason) &&
                      group.step == filter.step.value_or(group.step);
    sum += fits ? group.count : 0;
  }
  co_return Resolved(json::value(sum));
}

Async<Result<Resolved>> resolve_failures(StateReader* state, ResolveInfo info) {
  const std::string kind = list_kind(failure_list, info);
  auto request = page_request(info, kind);
  if (request.has_error()) co_return request.error();
  std::optional<state::FailurePosition> after;
  if (!request->after.empty()) {
    const auto position = parse_position(request->after);
    if (!position) co_return bad_cursor();
    after = state::FailurePosition{TimePoint(std::chrono::microseconds(position->first)),
                                   position->second};
  }
  const std::string run = info.parent_as<RunView>().run.id;
  const auto& wanted = object_argument(info.arguments, "filter");
  if (auto fit = check_lengths(wanted); fit.has_error()) co_return fit.error();
  const auto filter = std::make_shared<const state::FailureFilter>(failure_filter(wanted));
  const std::size_t count_max = request->first + 1;
  const auto work = [&](state::State& of) {
    return of.control().run_lists().failures(run, *filter, after, count_max);
  };
  auto page = co_await state->read(client_of(info), work);
  if (page.has_error()) co_return page.error();
  std::vector<PageItem> items;
  for (const state::ListedFailure& listed : *page) {
    const auto at = listed.position.at.time_since_epoch().count();
    items.push_back({Resolved(json::value(failure_object(listed.failure))),
                     position_text(at, listed.position.id)});
  }
  TotalCount total = [state, run, filter](ResolveInfo asked) {
    return count_failures(state, run, filter, asked);
  };
  co_return make_connection(*request, kind, std::move(items), std::move(total));
}

json::object group_object(const state::FailureGroup& group) {
  json::object object;
  object["code"] = enum_name(group.code);
  object["reason"] = reason_or_null(group.reason);
  object["step"] = text_or_null(group.step);
  object["count"] = group.count;
  object["sampleKey"] = shown(group.sample_key);
  object["advice"] = runs::failure_advice(group.code, group.reason);
  return object;
}

Async<Result<Resolved>> resolve_groups(StateReader* state, ResolveInfo info) {
  const std::string run = info.parent_as<RunView>().run.id;
  const auto work = [&](state::State& of) { return of.records().failure_groups(run); };
  auto groups = co_await state->read(client_of(info), work);
  if (groups.has_error()) co_return groups.error();
  json::array array;
  for (const state::FailureGroup& group : *groups) array.push_back(group_object(group));
  co_return Resolved(json::value(std::move(array)));
}

}  // namespace

void add_failure_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  StateReader* state = &services.runs.state();
  resolvers.json_object("Failure").json_object("FailureGroup");
  add_connection_resolvers(resolvers, "Failure");
  resolvers.async_field("Run.failures",
                        [state](ResolveInfo info) { return resolve_failures(state, info); },
                        {.weight = 10});
  resolvers.async_field("Run.failureGroups",
                        [state](ResolveInfo info) { return resolve_groups(state, info); },
                        {.weight = 10});
}

}  // namespace dth::api
