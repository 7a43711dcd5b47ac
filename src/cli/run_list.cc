#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/paths.h"
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

// What runs wait for that somebody has to decide, and how.
void tell_what_waits(ReadState& state, const std::vector<runs::RunView>& runs) {
  const std::string database = database_argument(state.place());
  for (const runs::RunView& view : runs) {
    if (!runs::awaits_approval(view.run)) continue;
    auto plan = state.state().runs().planned_deletions(view.run.id);
    if (plan.has_error() || !*plan) continue;  // it was decided a moment ago
    const std::string& run = view.run.id;
    std::fprintf(stderr, "dth: run %s waits: %s: `dth run approve %s --deletions %lld%s`\n",
                 run.c_str(), view.run.waiting->text.c_str(), run.c_str(),
                 static_cast<long long>((*plan)->count), database.c_str());
  }
}

}  // namespace

int run_list(const RunListCommand& command) {
  auto state = ReadState::open(command.database);
  // Where nothing was run yet there is no state; one that was named is expected to be there.
  const bool is_absent = state.has_error() && state.error().code == ErrorCode::not_found &&
                         is_default_database(command.database);
  if (state.has_error() && !is_absent) return print_error(state.error());
  std::vector<runs::RunView> views;
  boost::json::array array;
  if (!is_absent) {
    auto runs = (*state)->reader().list("", command.count_max);
    if (runs.has_error()) return print_error(runs.error());
    views = std::move(*runs);
    for (const runs::RunView& view : views) array.push_back(run_object(view, (*state)->place()));
  }
  switch (command.output) {
    case OutputFormat::table:
      put(to_list(views));
      std::fflush(stdout);
      if (!is_absent) tell_what_waits(**state, views);
      break;
    case OutputFormat::json:
      put(write_json(array) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(array));
      break;
  }
  return 0;
}

}  // namespace dth::cli
