#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/remote_runs.h"
#include "cli/run_lookup.h"
#include "cli/worker_command.h"
#include "options/amounts.h"

namespace dth::cli {
namespace {

std::string_view status_of(const state::WorkerInfo& worker) {
  switch (worker.life) {
    case state::WorkerInfo::Life::dead:
      return "dead";
    case state::WorkerInfo::Life::unknown:
      return "unknown";
    case state::WorkerInfo::Life::alive:
      break;
  }
  return worker.draining ? "draining" : "alive";
}

// Whose runs it takes: "any", its labels, or only those begun by it.
std::string takes(const state::WorkerInfo& worker) {
  std::string text = worker.claims_anybody ? "any" : "";
  for (const std::string& label : worker.labels)
    text += (text.empty() ? "label:" : ", label:") + printable(label);
  return text.empty() ? "its own" : text;
}

std::string to_list(const std::vector<state::WorkerInfo>& workers) {
  std::vector<std::vector<std::string>> rows;
  for (const state::WorkerInfo& worker : workers) {
    rows.push_back({worker.id, std::string(to_string(worker.kind)), std::string(status_of(worker)),
                    printable(worker.host), std::to_string(worker.pid), takes(worker),
                    format_time(worker.started_at).substr(0, 19) + "Z",
                    options::format_count(worker.jobs_held)});
  }
  return to_table({"WORKER", "KIND", "STATE", "HOST", ">PID", "TAKES", "STARTED", ">JOBS"}, rows);
}

boost::json::array to_array(const std::vector<state::WorkerInfo>& workers) {
  boost::json::array array;
  for (const state::WorkerInfo& worker : workers) {
    boost::json::array labels;
    for (const std::string& label : worker.labels) labels.emplace_back(printable(label));
    array.push_back(boost::json::object{{"worker", worker.id},
                                        {"kind", to_string(worker.kind)},
                                        {"state", status_of(worker)},
                                        {"host", printable(worker.host)},
                                        {"pid", worker.pid},
                                        {"version", printable(worker.version)},
                                        {"takes_any", worker.claims_anybody},
                                        {"labels", std::move(labels)},
                                        {"started_at", format_time(worker.started_at)},
                                        {"heartbeat_at", format_time(worker.heartbeat_at)},
                                        {"jobs_held", worker.jobs_held}});
  }
  return array;
}

Result<std::vector<state::WorkerInfo>> list_here(const DatabaseFlags& database) {
  auto state = ReadState::open(database);
  if (state.has_error()) return state.error();
  return (*state)->state().workers().list(SystemClock().now());
}

Result<std::vector<state::WorkerInfo>> list(const DatabaseFlags& database) {
  const auto name = hub_of(database);
  if (name.has_error()) return name.error();
  if (name->empty()) return list_here(database);
  auto hub = open_hub(*name);
  if (hub.has_error()) return hub.error();
  return read_workers(**hub);
}

Result<void> drain_at(const std::string& name, const std::string& worker) {
  auto hub = open_hub(name);
  if (hub.has_error()) return hub.error();
  auto drained =
      (*hub)->change(client::documents::drain_worker, boost::json::object{{"id", worker}});
  if (drained.has_error()) return drained.error();
  return {};
}

Result<void> drain(const WorkerDrainCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return hub.error();
  if (!hub->empty()) return drain_at(*hub, command.worker);
  auto place = find_state(command.database);
  if (place.has_error()) return place.error();
  // Looks first: what is not there is not made.
  auto workers = list_here(command.database);
  if (workers.has_error()) return workers.error();
  auto state = place->open(StatePlace::Access::work);
  if (state.has_error()) return state.error();
  auto drained = (*state)->workers().drain(command.worker);
  if (drained.has_error() && drained.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::invalid_argument,
                 "there is no worker " + printable(command.worker) +
                     "; `dth worker list` shows those that there are",
                 ""};
  }
  return drained;
}

}  // namespace

int worker_list(const WorkerListCommand& command) {
  auto workers = list(command.database);
  if (workers.has_error()) return print_error(workers.error());
  switch (command.output) {
    case OutputFormat::table:
      put(to_list(*workers));
      break;
    case OutputFormat::json:
      put(write_json(to_array(*workers)) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(to_array(*workers)));
      break;
  }
  return 0;
}

int worker_drain(const WorkerDrainCommand& command) {
  auto drained = drain(command);
  if (drained.has_error()) return print_error(drained.error());
  std::fprintf(stderr,
               "dth: worker %s takes no more jobs, and ends when those that it holds have ended\n",
               command.worker.c_str());
  return 0;
}

}  // namespace dth::cli
