#pragma once

#include "cli/hub_command.h"
#include "config/resolve.h"

namespace dth::cli {

// The settings in effect: the file that the flags name, DTH_… variables, the flags themselves.
config::Resolution resolve_settings(const HubFlags& flags);

// Says the problems on standard error. Returns the exit code.
int print_error(const std::vector<config::Problem>& problems);

}  // namespace dth::cli
