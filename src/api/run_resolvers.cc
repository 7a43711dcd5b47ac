// Runs: what was asked of them and what they did.
#include <charconv>
#include <map>

#include "api/connection.h"
#include "api/resolvers.h"
#include "base/encoding.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

constexpr std::string_view run_list = "run", failure_list = "failure";
// Fields that ask the state for each object.
constexpr graphql::FieldCost asks_the_state{.weight = 10};

// Keys and locations are bytes; JSON is UTF-8.
std::string shown(const std::string& bytes) {
  return is_valid_utf8(bytes) ? bytes : printable(bytes);
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(json::string(shown(text)));
}

// "completed_with_failures": COMPLETED_WITH_FAILURES.
std::string enum_name(std::string_view word) {
  std::string name(word);
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

// "proof_read_back": proofReadBack.
std::string field_name(std::string_view words) {
  std::string name;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != '_') {
      const bool begins = i > 0 && words[i - 1] == '_' && words[i] >= 'a' && words[i] <= 'z';
      name += begins ? static_cast<char>(words[i] - 'a' + 'A') : words[i];
    }
  }
  return name;
}

// By the names of the schema: what the plugins declare, each once.
using CounterFields = std::map<std::string, const state::Counter*>;

CounterFields counter_fields(std::span<engine::Plugin* const> plugins) {
  CounterFields fields;
  for (const engine::Plugin* plugin : plugins) {
    for (const state::Counter* counter : plugin->counters())
      fields.emplace(field_name(counter->name), counter);
  }
  return fields;
}

json::object counts_object(const CounterFields& fields, const state::Counts& counts) {
  json::object object;
  for (const auto& [name, counter] : fields) object[name] = counts[*counter];
  return object;
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

json::object failure_object(const state::Failure& failure) {
  json::object object;
  object["key"] = shown(failure.key);
  object["versionId"] = text_or_null(failure.version_id);
  object["size"] = static_cast<std::int64_t>(failure.size);
  object["code"] = failure.code;
  object["message"] = shown(failure.message);
  object["detail"] = text_or_null(failure.detail);
  object["attempts"] = failure.attempts;
  object["at"] = format_time(failure.at);
  object["step"] = text_or_null(failure.step);
  return object;
}

std::string argument(const ResolveInfo& info, std::string_view name) {
  return std::string(info.arguments.at(name).as_string());
}

Resolved run_object(RunView view) {
  return Resolved::object(std::make_shared<const RunView>(std::move(view)));
}

Async<Result<Resolved>> resolve_run(RunReader* runs, ResolveInfo info) {
  auto view = co_await runs->find(argument(info, "id"), client_of(info));
  if (view.has_value()) co_return run_object(std::move(*view));
  if (view.error().code == ErrorCode::not_found) co_return Resolved();
  co_return view.error();
}

Async<Result<Resolved>> resolve_runs(RunReader* runs, ResolveInfo info) {
  auto request = page_request(info, run_list);
  if (request.has_error()) co_return request.error();
  auto views = co_await runs->list(request->after, request->first + 1, client_of(info));
  if (views.has_error()) co_return views.error();
  std::vector<PageItem> items;
  for (RunView& view : *views) {
    std::string id = view.run.id;
    items.push_back({run_object(std::move(view)), std::move(id)});
  }
  co_return make_connection(*request, run_list, std::move(items));
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
      co_return Error{ErrorCode::invalid_argument,
                      "\"after\" is no cursor of this list: give the endCursor of the page before",
                      ""};
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

void add_own_fields(graphql::Resolvers& resolvers, CounterFields counters) {
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
  resolvers.field("Run.counts", from_view([counters = std::move(counters)](const RunView& view) {
                    return counts_object(counters, view.run.counts);
                  }));
}

}  // namespace

void add_run_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  RunReader* runs = &services.runs;
  RunWatchers* watchers = &services.watchers;
  for (const char* type : {"RunOption", "RunWaiting", "JobBacklog", "RunCounts", "Failure"})
    resolvers.json_object(type);
  add_own_fields(resolvers, counter_fields(services.plugins));
  add_connection_resolvers(resolvers, "Run");
  add_connection_resolvers(resolvers, "Failure");
  resolvers.async_field(
      "Query.run", [runs](ResolveInfo info) { return resolve_run(runs, info); }, asks_the_state);
  resolvers.async_field(
      "Query.runs", [runs](ResolveInfo info) { return resolve_runs(runs, info); }, asks_the_state);
  resolvers.async_field(
      "Run.failures", [runs](ResolveInfo info) { return resolve_failures(runs, info); },
      asks_the_state);
  resolvers.async_field(
      "Run.backlog", [runs](ResolveInfo info) { return resolve_backlog(runs, info); },
      asks_the_state);
  resolvers.subscription("Subscription.runProgress", [watchers](ResolveInfo info) {
    return watchers->watch(argument(info, "id"), client_of(info));
  });
}

}  // namespace dth::api
