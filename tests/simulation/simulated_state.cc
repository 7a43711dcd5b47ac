#include "simulation/simulated_state.h"

#include <cstdlib>

#include "state/sqlite_state.h"
#include "state/testing/postgres_place.h"

namespace dth::simulation {
namespace {

constexpr const char* on_postgres = "DTH_SIMULATION_POSTGRES";

// The state with the schema that it lies in.
class PlacedState final : public state::State {
 public:
  state::RunStore& runs() override { return state_->runs(); }
  state::JobQueue& jobs() override { return state_->jobs(); }
  state::UploadLog& uploads() override { return state_->uploads(); }
  state::RunRecords& records() override { return state_->records(); }
  state::WorkerRegistry& workers() override { return state_->workers(); }
  state::ControlState& control() override { return state_->control(); }
  std::uint64_t transactions() const override { return state_->transactions(); }

 private:
  state::testing::PostgresPlace place_;
  std::unique_ptr<state::State> state_ = place_.open().value();
};

}  // namespace

std::uint64_t environment_number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::uint64_t seeds(std::uint64_t otherwise) {
  const std::uint64_t there = environment_number(on_postgres, 0);
  return there != 0 ? there : environment_number("DTH_SIMULATION_SEEDS", otherwise);
}

std::unique_ptr<state::State> new_state() {
  if (environment_number(on_postgres, 0) != 0) return std::make_unique<PlacedState>();
  return state::open_sqlite_state({":memory:", false, false}).value();
}

}  // namespace dth::simulation
