#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/ledger_places.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/remote_runs.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"
#include "cli/run_object.h"
#include "cli/summary.h"
#include "options/amounts.h"

namespace dth::cli {
namespace {

// "proof": {"SOURCE_CHECKSUM": 3, "NONE": 0} as "SOURCE_CHECKSUM 3".
std::string joined(const boost::json::object& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    if (count.to_number<std::int64_t>() == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(name) + " " +
            options::format_count(count.to_number<std::int64_t>());
  }
  return text.empty() ? "none" : text;
}

// What the run's jobs are waiting for or doing.
boost::json::object backlog_object(const runs::RunView& view) {
  boost::json::object object;
  for (const auto& [kind, backlog] : view.backlog) {
    object[kind] = boost::json::object{{"jobs", backlog.jobs}, {"items", backlog.items}};
  }
  return object;
}

constexpr std::string_view waits_for_key =
    "everything is done; to be closed by a worker with the signing key (dth worker)";

// Is its end all that is left, and nobody outside has to do something for that?
bool is_to_be_closed(const runs::RunView& view) {
  const bool is_close_left =
      view.backlog.size() == 1 && view.backlog.front().first == state::close_job_kind;
  return is_close_left && !view.is_over() && !view.run.waiting;
}

// What a run has besides its row.
struct Extras {
  std::vector<state::Upload> left_open;
  std::vector<std::string> warnings;
  std::optional<state::PlannedDeletions> deletions;
};

std::string decision_text(const state::PlannedDeletions& plan) {
  if (!plan.decision) return "to be decided";
  return std::string(state::to_string(*plan.decision)) + " by " + printable(plan.decided_by) +
         " at " + format_time(plan.decided_at);
}

// The deletions that wait for a decision or were decided, and how to decide.
template <class Line>
void show_deletions(const state::PlannedDeletions& plan, const std::string& run,
                    const std::string& database, Line& line) {
  line("Deletions", options::format_count(plan.count) + " of " +
                        options::format_count(plan.destination_count) +
                        " objects at the destination: " + decision_text(plan));
  for (const std::string& key : plan.sample_keys) line("  would go", printable(key));
  if (plan.decision) return;
  line("To approve",
       "dth run approve " + run + " --deletions " + std::to_string(plan.count) + database);
  line("To reject", "dth run reject " + run + database);
}

boost::json::object deletions_object(const state::PlannedDeletions& plan) {
  boost::json::object object{{"count", plan.count},
                             {"destination_count", plan.destination_count},
                             {"counted_at", format_time(plan.counted_at)}};
  if (plan.decision) {
    object["decision"] = state::to_string(*plan.decision);
    object["decided_by"] = printable(plan.decided_by);
    object["decided_at"] = format_time(plan.decided_at);
  }
  boost::json::array& keys = object["sample_keys"].emplace_array();
  for (const std::string& key : plan.sample_keys)
    keys.push_back(boost::json::string(is_valid_utf8(key) ? key : printable(key)));
  return object;
}

Result<Extras> read_extras(state::State& state, const std::string& run) {
  auto uploads = state.uploads().open_uploads(run, "");
  if (uploads.has_error()) return uploads.error();
  auto warnings = state.records().warnings(run);
  if (warnings.has_error()) return warnings.error();
  auto deletions = state.runs().planned_deletions(run);
  if (deletions.has_error()) return deletions.error();
  return Extras{left_open_of(std::move(*uploads)), std::move(*warnings), std::move(*deletions)};
}

std::string to_text(const runs::RunView& view, const RunPlace& place,
                    const boost::json::object& object, const Extras& extras) {
  std::string text;
  auto line = [&](const std::string& name, const std::string& value) {
    text += name + std::string(name.size() < 13 ? 13 - name.size() : 1, ' ') + value + "\n";
  };
  line("Run", view.run.id);
  line("Action", std::string(options::to_string(view.spec.action)));
  line("State", std::string(runs::to_string(view.status)));
  if (view.run.waiting && !view.is_over()) line("Waiting", view.run.waiting->text);
  if (extras.deletions && place.state())
    show_deletions(*extras.deletions, view.run.id, database_argument(*place.state()), line);
  if (is_to_be_closed(view)) line("Waiting", std::string(waits_for_key));
  if (view.process)
    line("Process", std::to_string(view.process->pid) + " on " + view.process->host);
  line("Began", format_time(view.run.created_at));
  if (view.run.ended_at) line("Ended", format_time(*view.run.ended_at));
  if (view.spec.retry) line("Retry of", view.spec.retry->run);
  for (const auto& [name, value] : view.spec.options) line("  " + name, printable(value));
  boost::json::object items;
  for (const auto& [name, value] : counts_object(view.run.counts)) {
    if (value.is_object()) continue;
    items[name] = value;
  }
  line("Objects", joined(items));
  line("Proof", joined(object.at("proof").as_object()));
  line("Requests", joined(object.at("requests").as_object()));
  for (const auto& [kind, backlog] : view.backlog) {
    line("To do", kind + ": " + options::format_count(backlog.jobs) + " jobs, " +
                      options::format_count(backlog.items) + " objects");
  }
  for (const state::Upload& upload : extras.left_open) line("Left open", about_left_open(upload));
  for (const std::string& warning : extras.warnings) line("Warning", printable(warning));
  if (!view.run.error.empty()) line("Error", view.run.error);
  if (const StatePlace* state = place.state()) {
    line("Database", state->url());
    line("Ledger", shown_ledger(view.spec.options, *state, view.run.id));
  } else {
    line("Hub", place.hub());
  }
  return text;
}

void print(const runs::RunView& view, const RunPlace& place, const Extras& extras,
           OutputFormat output) {
  boost::json::object object = run_object(view, place);
  if (is_to_be_closed(view))
    object["waiting"] = boost::json::object{{"for", "signing_key"}, {"why", waits_for_key}};
  if (extras.deletions) object["deletions"] = deletions_object(*extras.deletions);
  if (!extras.warnings.empty()) object["warnings"] = warnings_array(extras.warnings);
  if (!extras.left_open.empty()) object["uploads_left_open"] = left_open_array(extras.left_open);
  boost::json::object options;
  for (const auto& [name, value] : view.spec.options)
    options[name] = is_valid_utf8(value) ? value : printable(value);
  object["options"] = std::move(options);
  object["backlog"] = backlog_object(view);
  switch (output) {
    case OutputFormat::table:
      put(to_text(view, place, object, extras));
      break;
    case OutputFormat::json:
      put(write_json(object) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(object));
      break;
  }
}

// A hub does not show uploads and warnings.
Result<void> show_at(const std::string& name, const RunShowCommand& command) {
  auto hub = open_hub(name);
  if (hub.has_error()) return hub.error();
  auto view = read_run(**hub, command.run);
  if (view.has_error()) return view.error();
  print(*view, RunPlace::at_hub((*hub)->address().url()), {}, command.output);
  return {};
}

Result<void> show(const RunShowCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return hub.error();
  if (!hub->empty()) return show_at(*hub, command);
  auto found = read_run(command.database, command.run);
  if (found.has_error()) return found.error();
  ReadState& state = *found->state;
  auto view = state.reader().progress(found->view.run.id);
  if (view.has_error()) return view.error();
  auto extras = read_extras(state.state(), view->run.id);
  if (extras.has_error()) return extras.error();
  print(*view, state.place(), *extras, command.output);
  return Result<void>();
}

}  // namespace

int run_show(const RunShowCommand& command) {
  auto shown = show(command);
  return shown.has_error() ? print_error(shown.error()) : 0;
}

}  // namespace dth::cli
