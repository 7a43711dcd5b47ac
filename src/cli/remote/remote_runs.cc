#include "cli/remote/remote_runs.h"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "base/ascii.h"
#include "base/encoding.h"
#include "base/zoned_time.h"
#include "cli/remote/listing.h"

namespace dth::cli {
namespace {

namespace json = boost::json;
namespace documents = client::documents;

constexpr std::size_t workers_max = 10'000;

Error unusable(const client::HubClient& hub, const std::string& what) {
  return {ErrorCode::data_corrupted, ErrorReason::foreign_answer,
          hub.name() + ": its answer cannot be used: " + what, ""};
}

std::string upper(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::optional<runs::RunStatus> status_named(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(runs::RunStatus::cancelled); ++i) {
    const auto status = static_cast<runs::RunStatus>(i);
    if (upper(runs::to_string(status)) == name) return status;
  }
  return std::nullopt;
}

std::optional<std::int64_t> number_at(const json::object& object, std::string_view path) {
  const std::string text = text_of(object, path);
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// The objects of a list; none where it is missing.
template <class Take>
void each(const json::object& object, std::string_view path, Take take) {
  const json::value* list = find_field(object, path);
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& node : list->get_array()) {
    if (node.is_object()) take(node.get_object());
  }
}

void take_waiting(const json::object& object, runs::RunView* view) {
  if (find_field(object, "waiting") == nullptr) return;
  state::Waiting waiting;
  waiting.what = state::parse_waiting_for(ascii_lower(text_of(object, "waiting.for")))
                     .value_or(state::WaitingFor::store);
  waiting.text = printable(text_of(object, "waiting.why"));
  waiting.since = parse_zoned_time(text_of(object, "waiting.since")).value_or(TimePoint{});
  view->run.waiting = std::move(waiting);
}

}  // namespace

Result<runs::RunView> run_view_of(const json::object& object, const client::HubClient& hub) {
  runs::RunView view;
  view.run.id = printable(text_of(object, "id"));
  view.run.kind = printable(text_of(object, "kind"));
  const auto status = status_named(text_of(object, "state"));
  const auto action = options::parse_action(text_of(object, "action"));
  const auto created = parse_zoned_time(text_of(object, "createdAt"));
  if (view.run.id.empty() || !status || !action || !created)
    return unusable(hub, "it is not a run that this program knows; the hub may be newer");
  view.status = *status;
  view.run.state =
      state::parse_run_state(runs::to_string(*status)).value_or(state::RunState::running);
  view.spec.action = *action;
  view.run.created_at = *created;
  view.run.ended_at = parse_zoned_time(text_of(object, "endedAt"));
  view.run.error = printable(text_of(object, "error"));
  view.run.weight = 0;
  each(object, "options", [&](const json::object& option) {
    view.spec.options[text_of(option, "name")] = text_of(option, "value");
  });
  view.spec.options["source"] = text_of(object, "source");
  view.spec.options["destination"] = text_of(object, "destination");
  if (const std::string retried = text_of(object, "retryOf"); !retried.empty())
    view.spec.retry = engine::Retry{printable(retried)};
  take_waiting(object, &view);
  each(object, "counters", [&](const json::object& counter) {
    const auto value = number_at(counter, "value");
    if (value) view.run.counts[state::counter_named(text_of(counter, "name"))] = *value;
  });
  each(object, "backlog", [&](const json::object& backlog) {
    view.backlog.emplace_back(printable(text_of(backlog, "kind")),
                              state::Backlog{number_at(backlog, "jobs").value_or(0),
                                             number_at(backlog, "items").value_or(0)});
  });
  return view;
}

Result<std::vector<runs::RunView>> read_runs(client::HubClient& hub, std::size_t count_max) {
  auto page = read_pages(hub, documents::runs, "runs", {}, count_max);
  if (page.has_error()) return page.error();
  std::vector<runs::RunView> views;
  for (const json::value& node : page->nodes) {
    auto view = run_view_of(node.as_object(), hub);
    if (view.has_error()) return view.error();
    views.push_back(std::move(*view));
  }
  return views;
}

Result<runs::RunView> read_run(client::HubClient& hub, const std::string& run) {
  std::string id = run;
  if (run == "latest") {
    auto newest = read_runs(hub, 1);
    if (newest.has_error()) return newest.error();
    id = newest->empty() ? "" : newest->front().run.id;
  }
  if (!id.empty()) {
    auto data = hub.ask(documents::run, json::object{{"id", id}});
    if (data.has_error()) return data.error();
    const json::value* found = find_field(*data, "run");
    if (found != nullptr && found->is_object()) return run_view_of(found->get_object(), hub);
  }
  return Error{
      ErrorCode::invalid_argument,
      (id.empty() ? "there is no run yet at " : "there is no run " + printable(id) + " at ") +
          hub.name() + "; `dth run list --hub` shows the runs that there are",
      ""};
}

Result<std::vector<state::Failure>> read_failures(client::HubClient& hub, const std::string& run,
                                                  std::size_t count, std::string* cursor) {
  json::object variables{{"id", run}, {"first", std::min<std::size_t>(count, 500)}};
  if (!cursor->empty()) variables["after"] = *cursor;
  auto data = hub.ask(documents::failures, std::move(variables));
  if (data.has_error()) return data.error();
  std::vector<state::Failure> failures;
  each(*data, "run.failures.nodes", [&](const json::object& node) {
    state::Failure failure;
    failure.key = text_of(node, "key");
    failure.version_id = text_of(node, "versionId");
    failure.size = static_cast<std::uint64_t>(number_at(node, "size").value_or(0));
    failure.code = ascii_lower(text_of(node, "code"));
    failure.reason = ascii_lower(text_of(node, "reason"));
    failure.message = printable(text_of(node, "message"));
    failure.detail = printable(text_of(node, "detail"));
    failure.attempts = static_cast<int>(number_at(node, "attempts").value_or(0));
    failure.at = parse_zoned_time(text_of(node, "at")).value_or(TimePoint{});
    failure.step = text_of(node, "step");
    failures.push_back(std::move(failure));
  });
  const json::value* more = find_field(*data, "run.failures.pageInfo.hasNextPage");
  const std::string end = text_of(*data, "run.failures.pageInfo.endCursor");
  const bool has_more = more != nullptr && more->is_bool() && more->get_bool();
  if (has_more && (failures.empty() || end.empty() || end == *cursor))
    return unusable(hub, "an empty page of failures");
  *cursor = has_more ? end : "";
  return failures;
}

Result<std::vector<state::WorkerInfo>> read_workers(client::HubClient& hub) {
  auto page = read_pages(hub, documents::workers, "workers", {}, workers_max);
  if (page.has_error()) return page.error();
  std::vector<state::WorkerInfo> workers;
  for (const json::value& node : page->nodes) {
    const json::object& object = node.as_object();
    state::WorkerInfo worker;
    worker.id = printable(text_of(object, "id"));
    const std::string name = text_of(object, "name");  // host:pid
    const std::size_t colon = std::min(name.rfind(':'), name.size());
    worker.host = name.substr(0, colon);
    (void)std::from_chars(name.data() + std::min(colon + 1, name.size()), name.data() + name.size(),
                          worker.pid);
    worker.kind =
        text_of(object, "embedded") == "yes" ? state::WorkerKind::hub : state::WorkerKind::worker;
    worker.version = text_of(object, "version");
    worker.claims_anybody = text_of(object, "takesAnyRun") == "yes";
    const json::value* labels = find_field(object, "labels");
    if (labels != nullptr && labels->is_array()) {
      for (const json::value& label : labels->get_array())
        if (label.is_string()) worker.labels.emplace_back(label.get_string());
    }
    const std::string state = text_of(object, "state");
    worker.draining = state == "DRAINING" || state == "DRAINED";
    worker.life = state == "LOST" ? state::WorkerInfo::Life::dead : state::WorkerInfo::Life::alive;
    worker.started_at = parse_zoned_time(text_of(object, "startedAt")).value_or(TimePoint{});
    worker.heartbeat_at = parse_zoned_time(text_of(object, "lastSeenAt")).value_or(TimePoint{});
    worker.jobs_held = number_at(object, "jobs").value_or(0);
    workers.push_back(std::move(worker));
  }
  return workers;
}

Result<runs::RunView> steer_run(client::HubClient& hub, const client::Document& document,
                                json::object input) {
  auto payload = hub.change(document, std::move(input));
  if (payload.has_error()) return payload.error();
  const json::value* run = find_field(*payload, "run");
  if (run == nullptr || !run->is_object()) return unusable(hub, "it lacks the run");
  return run_view_of(run->get_object(), hub);
}

}  // namespace dth::cli
