#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/exit_code.h"
#include "cli/places.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"
#include "cli/run_object.h"

namespace dth::cli {
namespace {

using state::Counter;

std::string to_list(const std::vector<FoundRun>& runs) {
  std::vector<std::vector<std::string>> rows;
  for (const FoundRun& found : runs) {
    const state::Counts& counts = found.run.counts;
    auto count = [&](Counter counter) { return with_separators(counts[counter]); };
    rows.push_back({found.run.id, mode_of(found), shown_state(found),
                    format_time(found.run.created_at).substr(0, 19) + "Z", count(Counter::selected),
                    count(Counter::copied), count(Counter::failed),
                    iec_bytes(static_cast<std::uint64_t>(counts[Counter::bytes])),
                    printable(value_of(found, "source")) + " -> " +
                        printable(value_of(found, "destination"))});
  }
  return to_table(
      {"RUN", "COMMAND", "STATE", "BEGAN", ">SELECTED", ">COPIED", ">FAILED", ">BYTES", "WHAT"},
      rows);
}

}  // namespace

int run_list(const RunListCommand& command) {
  std::vector<Error> unreadable;
  auto runs = list_runs(command.state_path, command.count_max, &unreadable);
  if (runs.has_error()) return complain(runs.error());
  boost::json::array array;
  for (const FoundRun& found : *runs) array.push_back(run_object(found));
  switch (command.output) {
    case OutputFormat::table:
      put(to_list(*runs));
      break;
    case OutputFormat::json:
      put(boost::json::serialize(array) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(array));
      break;
  }
  for (const Error& error : unreadable) complain(error);
  return unreadable.empty() ? 0 : exit_could_not_run;
}

}  // namespace dth::cli
