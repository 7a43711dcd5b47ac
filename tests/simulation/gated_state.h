#pragma once

#include <memory>

#include "state/state.h"

namespace dth::simulation {

// A process's life. A crash ends it at once: what its objects still try to do is refused.
struct Life {
  bool alive = true;
};

// A process's way to the state, which outlives it.
std::unique_ptr<state::State> make_gated_state(state::State& state,
                                               std::shared_ptr<const Life> life);

}  // namespace dth::simulation
