#pragma once

#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "cli/output.h"
#include "client/hub_client.h"
#include "runs/run_view.h"
#include "state/worker_registry.h"

// Runs and workers of a hub, as the same values that this machine's own are shown from.
namespace dth::cli {

// A run as its hub shows it. Not known, and left as they are made: weight (0), placement, process.
// Errors: data_corrupted for what cannot be one.
Result<runs::RunView> run_view_of(const boost::json::object& run, const client::HubClient& hub);

// The newest first.
Result<std::vector<runs::RunView>> read_runs(client::HubClient& hub, std::size_t count_max);
// The run of that id with its backlog; "latest" is the newest one. Errors: invalid_argument where
// there is none.
Result<runs::RunView> read_run(client::HubClient& hub, const std::string& run);

// A page of failures, after `cursor`, which becomes that of the page's end; empty at the end.
Result<std::vector<state::Failure>> read_failures(client::HubClient& hub, const std::string& run,
                                                  std::size_t count, std::string* cursor);

Result<std::vector<state::WorkerInfo>> read_workers(client::HubClient& hub);

// Steers a run by one of the mutations that take its id. Returns the run as it is then.
Result<runs::RunView> steer_run(client::HubClient& hub, const client::Document& document,
                                boost::json::object input);

// Waits until the run is over, shows on standard error how far it is, and prints the summary at the
// end. Returns the exit code of a command that executes a run; exit_waits for one that is paused or
// waits for an approval. A hub that does not answer is asked again for five minutes.
int wait_for_run(client::HubClient& hub, const std::string& run, OutputFormat format);

}  // namespace dth::cli
