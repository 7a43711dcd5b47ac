// The audit log, for administrators.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/values.h"
#include "base/json_reader.h"
#include "base/zoned_time.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::AuditRecord;

json::value changes_of(const AuditRecord& record) {
  json::array array;
  const auto parsed = parse_json(record.changes, "the changes of an audit entry");
  if (parsed.has_error() || !parsed->is_array()) return array;
  for (const auto& change : parsed->get_array()) {
    if (!change.is_object()) continue;
    json::object object;
    for (const char* name : {"field", "before", "after"}) {
      const auto* value = change.get_object().if_contains(name);
      object[name] = value && value->is_string() ? *value : json::value();
    }
    if (object["field"].is_string()) array.push_back(std::move(object));
  }
  return array;
}

json::object event_object(const AuditRecord& record) {
  json::object object;
  object["__typename"] = "AuditEvent";
  object["id"] = record.id;
  object["at"] = format_time(record.at);
  object["actorKind"] = enum_name(to_string(record.actor_kind));
  object["actorId"] = text_or_null(record.actor_id);
  object["actorName"] = text_or_null(record.actor_name);
  object["address"] = text_or_null(record.address);
  object["action"] = record.action;
  object["targetKind"] = text_or_null(record.target_kind);
  object["targetId"] = text_or_null(record.target_id);
  object["targetName"] = text_or_null(record.target_name);
  object["outcome"] = enum_name(to_string(record.outcome));
  object["changes"] = changes_of(record);
  object["requestId"] = text_or_null(record.request_id);
  object["link"] = record.link ? json::value(*record.link) : json::value();
  object["hash"] = text_or_null(record.hash);
  return object;
}

std::string filter_text(const json::object& filter, std::string_view name) {
  const auto* value = filter.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

state::AuditFilter filter_of(const ResolveInfo& info) {
  const json::object& given = object_argument(info.arguments, "filter");
  state::AuditFilter filter;
  filter.actor_id = filter_text(given, "actorId");
  filter.action = filter_text(given, "action");
  filter.target_kind = filter_text(given, "targetKind");
  filter.target_id = filter_text(given, "targetId");
  const std::string outcome = filter_text(given, "outcome");
  if (!outcome.empty()) {
    filter.outcome = outcome == "OK" ? state::AuditOutcome::ok : state::AuditOutcome::refused;
  }
  if (const std::string time = filter_text(given, "since"); !time.empty())
    filter.since = parse_zoned_time(time);
  if (const std::string time = filter_text(given, "until"); !time.empty())
    filter.until = parse_zoned_time(time);
  return filter;
}

Async<Result<Resolved>> resolve_events(StateReader* reader, ResolveInfo info) {
  const std::string list = list_kind("audit", info);
  auto request = page_request(info, list);
  if (request.has_error()) co_return request.error();
  std::optional<state::AuditPosition> after;
  if (!request->after.empty()) {
    const auto position = parse_position(request->after);
    if (!position) co_return bad_cursor();
    after = {.at = TimePoint(std::chrono::microseconds(position->first)),
             .number = position->second};
  }
  const state::AuditFilter filter = filter_of(info);
  const auto work = [&](state::State& state) {
    return state.control().audit().list(filter, after, request->first + 1);
  };
  auto records = co_await reader->read(client_of(info), work);
  if (records.has_error()) co_return records.error();
  std::vector<PageItem> items;
  for (const AuditRecord& record : *records) {
    items.push_back({Resolved(json::value(event_object(record))),
                     position_text(record.at.time_since_epoch().count(), record.number)});
  }
  co_return make_connection(*request, list, std::move(items));
}

Async<Result<Resolved>> find_event(StateReader* reader, std::string id, ResolveInfo info) {
  if (principal_of(info).role < state::Role::admin) co_return Resolved();
  const auto work = [&](state::State& state) { return state.control().audit().find(id); };
  auto record = co_await reader->read(client_of(info), work);
  if (record.has_value()) co_return Resolved(json::value(event_object(*record)));
  if (record.error().code == ErrorCode::not_found) co_return Resolved();
  co_return record.error();
}

}  // namespace

NodeKind audit_node_kind(const ApiServices& services) {
  return {"audit", [reader = &services.runs.state()](std::string id, ResolveInfo info) {
            return find_event(reader, std::move(id), info);
          }};
}

void add_audit_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  resolvers.json_object("AuditEvent");
  resolvers.json_object("AuditChange");
  add_connection_resolvers(resolvers, "AuditEvent");
  resolvers.async_field(
      "Query.auditEvents",
      [reader = &services.runs.state()](ResolveInfo info) { return resolve_events(reader, info); },
      {.weight = 10});
}

}  // namespace dth::api
