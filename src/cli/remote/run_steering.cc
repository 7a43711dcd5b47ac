// `dth run pause|resume|cancel|retry` of a hub's run.
#include "cli/remote/run_steering.h"

#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/exit_code.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/remote_runs.h"

namespace dth::cli {
namespace {

namespace json = boost::json;

// The run that is meant, after the mutation.
Result<runs::RunView> steer(client::HubClient& hub, const client::Document& document,
                            const std::string& run, json::object input) {
  auto view = read_run(hub, run);
  if (view.has_error()) return view.error();
  input["id"] = view->run.id;
  return steer_run(hub, document, std::move(input));
}

}  // namespace

Error options_stay(const std::string& what) {
  return {ErrorCode::invalid_argument,
          "a run of a hub is " + what +
              " there, with the options that it has: with --hub, give --wait, --key and --output "
              "only",
          ""};
}

int steer_remote_run(const std::string& name, const RemoteSteering& steering) {
  auto hub = open_hub(name);
  if (hub.has_error()) return print_error(hub.error());
  json::object input;
  if (!steering.keys.empty()) {
    json::array& keys = input["keys"].emplace_array();
    for (const std::string& key : steering.keys) keys.push_back(json::string(key));
  }
  auto run = steer(**hub, *steering.document, steering.run, std::move(input));
  if (run.has_error()) return print_error(run.error());
  std::fprintf(stderr, "dth: run %s %s\n", run->run.id.c_str(), steering.done.c_str());
  return steering.waits ? wait_for_run(**hub, run->run.id, steering.output) : 0;
}

}  // namespace dth::cli
