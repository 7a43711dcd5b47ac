#pragma once

#include <map>
#include <string>

#include "cli/output.h"
#include "engine/plugin.h"

// `dth serve` and `dth config …`. All return the exit code.
namespace dth::cli {

// The settings that were given on the command line.
struct HubFlags {
  std::string config;                         // the file; empty: none
  std::map<std::string, std::string> values;  // by the setting's name; empty: not given
};

// Serves until SIGTERM or SIGINT; a second one ends the process at once. SIGHUP reads certificate,
// key and log level again.
int serve(engine::Plugin& plugin, const HubFlags& flags);

// Tells every problem of the configuration, or the values in effect and where each came from.
int config_check(const HubFlags& flags, OutputFormat output);

}  // namespace dth::cli
