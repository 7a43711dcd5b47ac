#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
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

std::string to_list(const std::vector<FoundRun>& runs) {
  std::vector<std::vector<std::string>> rows;
  for (const FoundRun& found : runs) {
    const state::Counts& counts = found.run.counts;
    auto count = [&](const state::Counter& counter) {
      return options::format_count(counts[counter]);
    };
    rows.push_back(
        {found.run.id, std::string(options::to_string(found.spec.action)), display_state(found),
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

}  // namespace

int run_list(const RunListCommand& command) {
  std::vector<Error> unreadable;
  auto runs = list_runs(command.state_path, command.count_max, &unreadable);
  if (runs.has_error()) return print_error(runs.error());
  boost::json::array array;
  for (const FoundRun& found : *runs) array.push_back(run_object(found));
  switch (command.output) {
    case OutputFormat::table:
      put(to_list(*runs));
      break;
    case OutputFormat::json:
      put(write_json(array) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(array));
      break;
  }
  for (const Error& error : unreadable) print_error(error);
  return unreadable.empty() ? 0 : exit_could_not_run;
}

}  // namespace dth::cli
