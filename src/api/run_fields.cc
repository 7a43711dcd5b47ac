// What a run says of itself.
#include <array>
#include <map>
#include <set>

#include "api/resolvers.h"
#include "api/values.h"
#include "engine/counters.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using engine::Counter;
using graphql::Resolved;
using graphql::ResolveInfo;

// The fields of RunCounts: what all kinds count.
constexpr std::array<std::pair<std::string_view, const state::Counter*>, 9> common_counters = {{
    {"listed", &Counter::scanned},
    {"selected", &Counter::selected},
    {"copied", &Counter::copied},
    {"unchanged", &Counter::unchanged},
    {"skipped", &Counter::skipped},
    {"deletedAtSource", &Counter::deleted_at_source},
    {"failed", &Counter::failed},
    {"deleted", &Counter::deleted},
    {"bytes", &Counter::bytes},
}};

// By the kind of task.
using CountersOfKinds = std::map<std::string, std::span<const state::Counter* const>, std::less<>>;

CountersOfKinds counters_of(std::span<engine::Plugin* const> plugins) {
  CountersOfKinds counters;
  for (const engine::Plugin* plugin : plugins) counters.emplace(plugin->kind(), plugin->counters());
  return counters;
}

std::string_view unit_name(state::Counter::Unit unit) {
  switch (unit) {
    case state::Counter::Unit::items:
      return "ITEMS";
    case state::Counter::Unit::bytes:
      return "BYTES";
    case state::Counter::Unit::requests:
      return "REQUESTS";
  }
  return "ITEMS";
}

json::object counts_object(const RunView& view) {
  json::object object;
  for (const auto& [name, counter] : common_counters) object[name] = view.run.counts[*counter];
  return object;
}

json::object counter_object(const state::Counter& counter, std::int64_t value) {
  json::object object;
  object["name"] = counter.name;
  object["unit"] = unit_name(counter.unit);
  object["value"] = value;
  object["isExact"] = counter.exact;
  object["description"] = text_or_null(std::string(counter.help));
  return object;
}

// Those that the kind declares, also where nothing was counted; then what was counted and no
// version that is here declares.
json::array counters_array(const CountersOfKinds& kinds, const RunView& view) {
  json::array array;
  std::set<std::string_view> declared;
  if (const auto kind = kinds.find(view.run.kind); kind != kinds.end()) {
    for (const state::Counter* counter : kind->second) {
      array.push_back(counter_object(*counter, view.run.counts[*counter]));
      declared.insert(counter->name);
    }
  }
  for (const auto& [name, value] : view.run.counts.by_name()) {
    if (!declared.contains(name))
      array.push_back(counter_object(state::counter_named(name), value));
  }
  return array;
}

json::value waiting_object(const RunView& view) {
  if (view.status != runs::RunStatus::waiting || !view.run.waiting) return json::value();
  const state::Waiting& waiting = *view.run.waiting;
  return json::object{{"for", enum_name(to_string(waiting.what))},
                      {"why", shown(waiting.text)},
                      {"since", format_time(waiting.since)}};
}

json::array options_array(const options::Values& given) {
  json::array options;
  for (const auto& [name, value] : given)
    options.push_back(json::object{{"name", name}, {"value", shown(value)}});
  return options;
}

json::array backlog_array(const RunView& view) {
  json::array backlog;
  for (const auto& [kind, left] : view.backlog) {
    backlog.push_back(json::object{{"kind", kind}, {"jobs", left.jobs}, {"items", left.items}});
  }
  return backlog;
}

// Of a run that is watched it is known already; of one that is over there is none.
Async<Result<Resolved>> resolve_backlog(RunReader* runs, ResolveInfo info) {
  const RunView& view = info.parent_as<RunView>();
  if (view.is_over() || !view.backlog.empty()) co_return Resolved(json::value(backlog_array(view)));
  auto progress = co_await runs->progress(view.run.id, client_of(info));
  if (progress.has_error()) co_return progress.error();
  co_return Resolved(json::value(backlog_array(*progress)));
}

// A field that the view answers by itself.
template <class Value>
graphql::SyncResolver from_view(Value value) {
  return [value](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(json::value(value(info.parent_as<RunView>())));
  };
}

void add_own_fields(graphql::Resolvers& resolvers, CountersOfKinds counters) {
  resolvers.field("Run.id", from_view([](const RunView& view) { return view.run.id; }));
  resolvers.field("Run.kind", from_view([](const RunView& view) { return view.run.kind; }));
  resolvers.field("Run.action", from_view([](const RunView& view) {
                    return json::string(options::to_string(view.spec.action));
                  }));
  resolvers.field("Run.state", from_view([](const RunView& view) {
                    return enum_name(runs::to_string(view.status));
                  }));
  resolvers.field("Run.isOver", from_view([](const RunView& view) { return view.is_over(); }));
  for (const auto& [field, option] :
       {std::pair("Run.source", "source"), std::pair("Run.destination", "destination")}) {
    resolvers.field(field, from_view([option = std::string(option)](const RunView& view) {
                      return text_or_null(view.spec.option(option));
                    }));
  }
  resolvers.field("Run.retryOf", from_view([](const RunView& view) {
                    return view.spec.retry ? text_or_null(view.spec.retry->run) : json::value();
                  }));
  resolvers.field("Run.options",
                  from_view([](const RunView& view) { return options_array(view.spec.options); }));
  resolvers.field("Run.createdAt",
                  from_view([](const RunView& view) { return format_time(view.run.created_at); }));
  resolvers.field("Run.endedAt", from_view([](const RunView& view) {
                    const auto& ended = view.run.ended_at;
                    return ended ? json::value(json::string(format_time(*ended))) : json::value();
                  }));
  resolvers.field("Run.error",
                  from_view([](const RunView& view) { return text_or_null(view.run.error); }));
  resolvers.field("Run.waiting", from_view(waiting_object));
  resolvers.field("Run.counts", from_view(counts_object));
  resolvers.field("Run.counters", from_view([counters = std::move(counters)](const RunView& view) {
                    return counters_array(counters, view);
                  }));
}

}  // namespace

void add_run_fields(graphql::Resolvers& resolvers, const ApiServices& services) {
  RunReader* runs = &services.runs;
  for (const char* type : {"RunOption", "RunWaiting", "JobBacklog", "RunCounts", "Counter"})
    resolvers.json_object(type);
  add_own_fields(resolvers, counters_of(services.plugins));
  resolvers.async_field("Run.backlog",
                        [runs](ResolveInfo info) { return resolve_backlog(runs, info); },
                        {.weight = 10});
}

}  // namespace dth::api
