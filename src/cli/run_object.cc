#include "cli/run_object.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/paths.h"
#include "cli/summary.h"
#include "state/observed_run.h"

namespace dth::cli {

boost::json::object run_object(const FoundRun& found) {
  const state::Run& run = found.run;
  // Locations are bytes; JSON is UTF-8.
  auto text = [](const std::string& value) {
    return is_valid_utf8(value) ? value : printable(value);
  };
  boost::json::object object;
  object["run"] = run.id;
  object["action"] = options::to_string(found.spec.action);
  object["kind"] = run.kind;
  object["state"] = display_state(found);
  object["created_at"] = format_time(run.created_at);
  if (run.ended_at) object["ended_at"] = format_time(*run.ended_at);
  object["source"] = text(found.spec.option("source"));
  object["destination"] = text(found.spec.option("destination"));
  if (found.spec.retry) object["retry_of"] = found.spec.retry->run;
  for (auto& field : counts_object(run.counts)) object[field.key()] = std::move(field.value());
  if (!run.error.empty()) object["error"] = run.error;
  object["state_file"] = text(found.state_path.string());
  object["ledger"] = text((ledger_path_of(found.state_path) / run.id).string());
  return object;
}

std::string display_state(const FoundRun& found) {
  return std::string(state::display_state({found.run, found.in_use}));
}

}  // namespace dth::cli
