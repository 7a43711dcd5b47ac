#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/output.h"
#include "client/documents.h"

namespace dth::cli {

// What a hub is to do with a run.
struct RemoteSteering {
  const client::Document* document;  // a mutation that takes the run's id
  std::string run;                   // its id, or "latest"
  std::string done;                  // what is said of the run afterwards
  std::vector<std::string> keys = {};
  bool waits = false;  // until the run that it answers is over
  OutputFormat output = OutputFormat::table;
};
// Options that only this machine's own runs can be given; `what` happens to the run.
Error options_stay(const std::string& what);
// Returns the exit code.
int steer_remote_run(const std::string& hub, const RemoteSteering& steering);

}  // namespace dth::cli
