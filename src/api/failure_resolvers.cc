// The failed items of a run.
#include <charconv>

#include "api/connection.h"
#include "api/resolvers.h"
#include "api/values.h"

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

// The cursor of a failure is its number in the list, which only grows at its end.
Async<Result<Resolved>> resolve_failures(RunReader* runs, ResolveInfo info) {
  auto request = page_request(info, failure_list);
  if (request.has_error()) co_return request.error();
  std::size_t offset = 0;
  const std::string& after = request->after;
  if (!after.empty()) {
    const auto parsed = std::from_chars(after.data(), after.data() + after.size(), offset);
    if (parsed.ec != std::errc() || parsed.ptr != after.data() + after.size()) {
      co_return Error{
          ErrorCode::invalid_argument,
          "\"after\" is not a cursor of this list. Pass the endCursor of the previous page.", ""};
    }
  }
  const std::string id = info.parent_as<RunView>().run.id;
  auto failures = co_await runs->failures(id, offset, request->first + 1, client_of(info));
  if (failures.has_error()) co_return failures.error();
  std::vector<PageItem> items;
  for (const state::Failure& failure : *failures) {
    items.push_back({Resolved(json::value(failure_object(failure))), std::to_string(++offset)});
  }
  co_return make_connection(*request, failure_list, std::move(items));
}

}  // namespace

void add_failure_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  RunReader* runs = &services.runs;
  resolvers.json_object("Failure");
  add_connection_resolvers(resolvers, "Failure");
  resolvers.async_field("Run.failures",
                        [runs](ResolveInfo info) { return resolve_failures(runs, info); },
                        {.weight = 10});
}

}  // namespace dth::api
