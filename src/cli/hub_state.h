#pragma once

#include <filesystem>
#include <memory>

#include "cli/database.h"
#include "cli/hub_command.h"
#include "config/resolve.h"

namespace dth::cli {

// The hub's data directory, made for its user alone where it is not there. permission_denied.
Result<void> make_data_directory(const std::filesystem::path& directory);

// Where the hub with these settings has its state.
Result<StatePlace> hub_state_place(const config::HubSettings& settings);

// Beside the processes that execute runs, and beside a running hub. Makes what is missing.
Result<std::unique_ptr<state::State>> open_hub_state(const StatePlace& place);

}  // namespace dth::cli
