#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/paths.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/remote_runs.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"
#include "cli/run_object.h"
#include "options/amounts.h"
#include "plugins/object_copy/counters.h"

namespace dth::cli {
namespace {

using object_copy::Counter;

std::string to_list(const std::vector<runs::RunView>& runs) {
  std::vector<std::vector<std::string>> rows;
  for (const runs::RunView& found : runs) {
    const state::Counts& counts = found.run.counts;
    auto count = [&](const state::Counter& counter) {
      return options::format_count(counts[counter]);
    };
    rows.push_back(
        {found.run.id, std::string(options::to_string(found.spec.action)),
         std::string(runs::to_string(found.status)),
         format_time(found.run.created_at).substr(0, 19) + "Z", count(Counter::selected),
         count(Counter::copied), count(Counter::failed),
         options::format_size_rounded(static_cast<std::uint64_t>(counts[Counter::bytes])),
         printable(found.spec.option("source")) + " -> " +
             printable(found.spec.option("destination"))});
  }
  return to_table(
      {"RUN", "ACTION", "STATE", "BEGAN", ">SELECTED", ">COPIED", ">FAILED", ">BYTES", "WHAT"},
      rows);
}

// What runs wait for that somebody has to decide, and how: a line each.
std::string describe_waiting(ReadState& state, const std::vector<runs::RunView>& runs) {
  const std::string database = database_argument(state.place());
  std::string text;
  for (const runs::RunView& view : runs) {
    if (!runs::awaits_approval(view.run)) continue;
    auto plan = state.state().runs().planned_deletions(view.run.id);
    if (plan.has_error() || !*plan) continue;  // it was decided a moment ago
    const std::string& run = view.run.id;
    text += "dth: run " + run + " waits: " + view.run.waiting->text + ": `dth run approve " + run +
            " --deletions " + std::to_string((*plan)->count) + database + "`\n";
  }
  return text;
}

// The runs, and where they are kept.
struct Listed {
  std::vector<runs::RunView> views;
  boost::json::array objects;
  std::string waiting = {};  // what is to be said behind the table
};

Result<Listed> list_at(const std::string& name, std::size_t count_max) {
  auto hub = open_hub(name);
  if (hub.has_error()) return hub.error();
  auto views = read_runs(**hub, count_max);
  if (views.has_error()) return views.error();
  Listed listed;
  for (const runs::RunView& view : *views)
    listed.objects.push_back(run_object(view, RunPlace::at_hub((*hub)->address().url())));
  listed.views = std::move(*views);
  return listed;
}

Result<Listed> list_here(const RunListCommand& command) {
  auto state = ReadState::open(command.database);
  // Where nothing was run yet there is no state; one that was named is expected to be there.
  const bool is_absent = state.has_error() && state.error().code == ErrorCode::not_found &&
                         is_default_database(command.database);
  if (is_absent) return Listed();
  if (state.has_error()) return state.error();
  auto runs = (*state)->reader().list("", command.count_max);
  if (runs.has_error()) return runs.error();
  Listed listed;
  listed.views = std::move(*runs);
  for (const runs::RunView& view : listed.views)
    listed.objects.push_back(run_object(view, (*state)->place()));
  listed.waiting = describe_waiting(**state, listed.views);
  return listed;
}

}  // namespace

int run_list(const RunListCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return print_error(hub.error());
  const auto listed = hub->empty() ? list_here(command) : list_at(*hub, command.count_max);
  if (listed.has_error()) return print_error(listed.error());
  switch (command.output) {
    case OutputFormat::table:
      put(to_list(listed->views));
      std::fflush(stdout);
      std::fputs(listed->waiting.c_str(), stderr);
      break;
    case OutputFormat::json:
      put(write_json(listed->objects) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(listed->objects));
      break;
  }
  return 0;
}

}  // namespace dth::cli
