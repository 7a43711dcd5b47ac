#include "runs/run_view.h"

#include <gtest/gtest.h>

namespace dth::runs {
namespace {

using state::Placement;
using state::RunState;
using Life = state::WorkerInfo::Life;

state::WorkerInfo worker(const std::string& id, Life life, bool claims_anybody = true,
                         std::vector<std::string> labels = {}) {
  state::WorkerInfo info;
  info.id = id;
  info.life = life;
  info.claims_anybody = claims_anybody;
  info.labels = std::move(labels);
  return info;
}

state::Run run(RunState state, Placement placement) {
  state::Run run;
  run.id = "r";
  run.state = state;
  run.placement = std::move(placement);
  return run;
}

const Placement here{Placement::Kind::process, "p"};
const Placement anybody{};
const Placement east{Placement::Kind::label, "east"};

TEST(RunViewTest, ARunWhoseProcessLivesRuns) {
  const std::vector workers = {worker("p", Life::alive, false)};
  EXPECT_EQ(status_of(run(RunState::running, here), workers), RunStatus::running);
  EXPECT_EQ(status_of(run(RunState::queued, here), workers), RunStatus::running);
  EXPECT_EQ(status_of(run(RunState::waiting, here), workers), RunStatus::waiting);
  EXPECT_EQ(status_of(run(RunState::paused, here), workers), RunStatus::paused);
}

TEST(RunViewTest, ARunWhoseProcessIsGoneIsInterrupted) {
  for (const auto& workers :
       {std::vector<state::WorkerInfo>{}, std::vector{worker("p", Life::dead)},
        std::vector{worker("q", Life::alive)}}) {
    EXPECT_EQ(status_of(run(RunState::running, here), workers), RunStatus::interrupted);
    EXPECT_EQ(status_of(run(RunState::queued, here), workers), RunStatus::interrupted);
    EXPECT_EQ(status_of(run(RunState::waiting, here), workers), RunStatus::interrupted);
    EXPECT_EQ(status_of(run(RunState::paused, here), workers), RunStatus::paused);
  }
}

TEST(RunViewTest, ARunForAnybodyNeedsAProcessThatTakesSuch) {
  const std::vector takes_none = {worker("p", Life::alive, false)};
  const std::vector takes_any = {worker("p", Life::alive, false), worker("q", Life::alive, true)};
  EXPECT_EQ(status_of(run(RunState::queued, anybody), takes_none), RunStatus::queued);
  EXPECT_EQ(status_of(run(RunState::queued, anybody), takes_any), RunStatus::queued);
  EXPECT_EQ(status_of(run(RunState::running, anybody), takes_none), RunStatus::interrupted);
  EXPECT_EQ(status_of(run(RunState::running, anybody), takes_any), RunStatus::running);
}

TEST(RunViewTest, ALabelIsAskedFor) {
  const std::vector west = {worker("p", Life::alive, true, {"west"})};
  const std::vector both = {worker("p", Life::alive, true, {"west"}),
                            worker("q", Life::alive, false, {"north", "east"})};
  EXPECT_EQ(status_of(run(RunState::running, east), west), RunStatus::interrupted);
  EXPECT_EQ(status_of(run(RunState::running, east), both), RunStatus::running);
}

TEST(RunViewTest, ACancelledRunIsSoUntilItIsOver) {
  const std::vector workers = {worker("p", Life::alive)};
  state::Run cancelled = run(RunState::paused, here);
  cancelled.cancel_requested = true;
  EXPECT_EQ(status_of(cancelled, workers), RunStatus::cancelling);
  EXPECT_EQ(status_of(cancelled, {}), RunStatus::interrupted);
  cancelled.state = RunState::cancelled;
  EXPECT_EQ(status_of(cancelled, {}), RunStatus::cancelled);
}

}  // namespace
}  // namespace dth::runs
