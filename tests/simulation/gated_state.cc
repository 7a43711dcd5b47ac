#include "simulation/gated_state.h"

#include "state/testing/guarded_state.h"

namespace dth::simulation {

std::unique_ptr<state::State> make_gated_state(state::State& state,
                                               std::shared_ptr<const Life> life) {
  return std::make_unique<state::testing::GuardedState>(
      state, [life = std::move(life)](std::string_view) -> std::optional<Error> {
        if (!life->alive) return Error{ErrorCode::cancelled, "this process is dead", ""};
        return std::nullopt;
      });
}

}  // namespace dth::simulation
