#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/paths.h"
#include "cli/run_command.h"
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
boost::json::object backlog_object(const state::Progress& progress) {
  boost::json::object object;
  for (const auto& [kind, backlog] : progress.backlog) {
    object[kind] = boost::json::object{{"jobs", backlog.jobs}, {"items", backlog.items}};
  }
  return object;
}

std::string to_text(const FoundRun& found, const boost::json::object& object,
                    const state::Progress& progress, const std::vector<state::Upload>& left_open,
                    const std::vector<std::string>& warnings) {
  std::string text;
  auto line = [&](const std::string& name, const std::string& value) {
    text += name + std::string(name.size() < 13 ? 13 - name.size() : 1, ' ') + value + "\n";
  };
  line("Run", found.run.id);
  line("Action", std::string(options::to_string(found.spec.action)));
  line("State", display_state(found));
  line("Began", format_time(found.run.created_at));
  if (found.run.ended_at) line("Ended", format_time(*found.run.ended_at));
  if (found.spec.retry) line("Retry of", found.spec.retry->run);
  for (const auto& [name, value] : found.spec.options) line("  " + name, printable(value));
  boost::json::object items;
  for (const auto& [name, value] : counts_object(found.run.counts)) {
    if (value.is_object()) continue;
    items[name] = value;
  }
  line("Objects", joined(items));
  line("Proof", joined(object.at("proof").as_object()));
  line("Requests", joined(object.at("requests").as_object()));
  for (const auto& [kind, backlog] : progress.backlog) {
    line("To do", kind + ": " + options::format_count(backlog.jobs) + " jobs, " +
                      options::format_count(backlog.items) + " objects");
  }
  for (const state::Upload& upload : left_open) line("Left open", about_left_open(upload));
  for (const std::string& warning : warnings) line("Warning", printable(warning));
  if (!found.run.error.empty()) line("Error", found.run.error);
  line("State file", found.state_path.string());
  line("Ledger", (ledger_path_of(found.state_path) / found.run.id).string());
  return text;
}

}  // namespace

int run_show(const RunShowCommand& command) {
  auto found = find_run(command.state_path, command.run);
  if (found.has_error()) return print_error(found.error());
  auto state = open_for_reading(found->state_path);
  if (state.has_error()) return print_error(state.error());
  auto progress = (*state)->runs().progress(found->run.id);
  if (progress.has_error()) return print_error(progress.error());
  found->run = progress->run;
  boost::json::object object = run_object(*found);
  auto uploads = (*state)->uploads().open_uploads(found->run.id, "");
  if (uploads.has_error()) return print_error(uploads.error());
  const auto left_open = left_open_of(std::move(*uploads));
  const auto warnings = (*state)->records().warnings(found->run.id);
  if (warnings.has_error()) return print_error(warnings.error());
  if (!warnings->empty()) object["warnings"] = warnings_array(*warnings);
  if (!left_open.empty()) object["uploads_left_open"] = left_open_array(left_open);
  boost::json::object options;
  for (const auto& [name, value] : found->spec.options)
    options[name] = is_valid_utf8(value) ? value : printable(value);
  object["options"] = std::move(options);
  object["backlog"] = backlog_object(*progress);
  switch (command.output) {
    case OutputFormat::table:
      put(to_text(*found, object, *progress, left_open, *warnings));
      break;
    case OutputFormat::json:
      put(write_json(object) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(object));
      break;
  }
  return 0;
}

}  // namespace dth::cli
