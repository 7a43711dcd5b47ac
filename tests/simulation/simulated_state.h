#pragma once

#include <cstdint>
#include <memory>

#include "state/state.h"

namespace dth::simulation {

// A state of a simulation's own: in memory; or, where DTH_SIMULATION_POSTGRES is set, a schema on
// the server that DTH_TEST_POSTGRES names.
std::unique_ptr<state::State> new_state();

std::uint64_t environment_number(const char* name, std::uint64_t otherwise);

// How many seeds are to be run: DTH_SIMULATION_SEEDS, or as many as there are by default. On
// PostgreSQL DTH_SIMULATION_POSTGRES.
std::uint64_t seeds(std::uint64_t otherwise);

}  // namespace dth::simulation
