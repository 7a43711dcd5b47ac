#include "runs/run_service.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "engine/testing/fake_plugin.h"
#include "state/sqlite_state.h"

namespace dth::runs {
namespace {

using state::Placement;
using state::RunState;

class RunServiceTest : public ::testing::Test {
 protected:
  engine::TaskSpec spec(const std::string& source) { return {.options = {{"source", source}}}; }

  Result<state::Run> start(const std::string& source, RunPlace place = {}) {
    auto task = plugin_.parse(spec(source), clock_.now());
    return service_.start(plugin_, **task, std::move(place));
  }
  state::Run begin(const std::string& source, RunPlace place = {}) {
    auto run = start(source, std::move(place));
    EXPECT_TRUE(run.has_value()) << run.error().to_string();
    return run.has_value() ? std::move(*run) : state::Run();
  }
  void add_worker(const std::string& id, bool claims_anybody = false) {
    const state::NewWorker worker{.id = id, .claims_anybody = claims_anybody};
    ASSERT_TRUE(state_->workers().register_worker(worker, clock_.now()).has_value());
  }
  void remove_worker(const std::string& id) {
    ASSERT_TRUE(state_->workers().remove(id, clock_.now()).has_value());
  }
  static Placement at(const std::string& process) { return {Placement::Kind::process, process}; }
  Placement placement_of(const std::string& run) { return state_->runs().find_run(run)->placement; }
  RunState state_of(const std::string& run) { return state_->runs().find_run(run)->state; }
  template <class T>
  static std::optional<ErrorCode> code_of(const Result<T>& result) {
    return result.has_error() ? std::optional(result.error().code) : std::nullopt;
  }

  SimulatedClock clock_;
  std::unique_ptr<state::State> state_ =
      state::open_sqlite_state({":memory:", false, false}).value();
  engine::testing::FakePlugin plugin_;
  engine::Plugin* const plugins_[1] = {&plugin_};
  RunService service_{*state_, plugins_, clock_};
};

TEST_F(RunServiceTest, RunStartsWithItsJobsPlacementAndWeight) {
  const state::Run run = begin("a", {.placement = {Placement::Kind::label, "east"}, .weight = 7});
  EXPECT_EQ(run.state, RunState::queued);
  EXPECT_EQ(run.placement, (Placement{Placement::Kind::label, "east"}));
  EXPECT_EQ(run.weight, 7);
  const std::string kind = engine::testing::FakePlugin::job_kind;
  EXPECT_EQ(state_->jobs().backlog(run.id, kind)->jobs, 1);
  EXPECT_EQ(code_of(start("b", {.weight = 0})), ErrorCode::invalid_argument);
}

TEST_F(RunServiceTest, SecondRunOfTheSameWorkIsRefusedUntilTheFirstIsOver) {
  const state::Run run = begin("a");
  EXPECT_EQ(code_of(start("a")), ErrorCode::already_exists);
  EXPECT_EQ(service_.find_unfinished(plugin_, spec("a")).value()->run.id, run.id);
  EXPECT_FALSE(service_.find_unfinished(plugin_, spec("b")).value().has_value());
  begin("b");
  ASSERT_TRUE(service_.cancel(run.id).has_value());
  EXPECT_FALSE(service_.find_unfinished(plugin_, spec("a")).value().has_value());
  begin("a");
}

TEST_F(RunServiceTest, RunOfALiveProcessIsNotTakenFromIt) {
  add_worker("p");
  const state::Run run = begin("a", {.placement = at("p")});
  add_worker("q");
  EXPECT_EQ(code_of(service_.place(run.id, "q")), ErrorCode::already_exists);
  EXPECT_EQ(code_of(service_.resume(run.id, {}, Here{"q", true})), ErrorCode::already_exists);
  EXPECT_EQ(placement_of(run.id), at("p"));
  remove_worker("p");
  ASSERT_TRUE(service_.resume(run.id, {}, Here{"q"}).has_value());
  EXPECT_EQ(placement_of(run.id), at("q"));
  ASSERT_TRUE(service_.resume(run.id, {}, Here{"q"}).has_value()) << "it has it already";
}

TEST_F(RunServiceTest, RunThatWasLeftToWorkersStaysThereUnlessItIsAskedForHere) {
  add_worker("worker", true);
  add_worker("q");
  const state::Run run = begin("a");
  ASSERT_TRUE(service_.pause(run.id).has_value());
  ASSERT_TRUE(service_.resume(run.id, {}, std::nullopt).has_value());
  EXPECT_EQ(placement_of(run.id), Placement());
  EXPECT_EQ(code_of(service_.resume(run.id, {}, Here{"q"})), ErrorCode::already_exists);
  ASSERT_TRUE(service_.resume(run.id, {}, Here{"q", true}).has_value());
  EXPECT_EQ(placement_of(run.id), at("q"));
}

TEST_F(RunServiceTest, PausedRunIsResumed) {
  const state::Run run = begin("a");
  ASSERT_TRUE(service_.pause(run.id).has_value());
  ASSERT_TRUE(service_.pause(run.id).has_value());
  EXPECT_EQ(service_.reader().find(run.id)->status, RunStatus::paused);
  const auto resumed = service_.resume(run.id, {}, std::nullopt);
  ASSERT_TRUE(resumed.has_value());
  EXPECT_EQ(resumed->run.state, RunState::running);
  EXPECT_EQ(resumed->run.epoch, 1);
}

TEST_F(RunServiceTest, ChangedOptionsGoIntoTheSpecAndWrongOnesChangeNothing) {
  const state::Run run = begin("a");
  ASSERT_TRUE(service_.pause(run.id).has_value());
  EXPECT_EQ(code_of(service_.resume(run.id, {{"wrong", "1"}}, Here{"q"})),
            ErrorCode::invalid_argument);
  EXPECT_EQ(state_of(run.id), RunState::paused);
  EXPECT_EQ(placement_of(run.id), Placement());
  ASSERT_TRUE(service_.resume(run.id, {{"attempts", "3"}}, std::nullopt).has_value());
  EXPECT_EQ(service_.reader().find(run.id)->spec.option("attempts"), "3");
}

TEST_F(RunServiceTest, RunThatIsCancelledOrUnknownIsNotResumed) {
  const state::Run run = begin("a");
  ASSERT_TRUE(service_.cancel(run.id).has_value());
  EXPECT_EQ(code_of(service_.resume(run.id, {}, std::nullopt)), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(service_.pause(run.id)), ErrorCode::precondition_failed);
  EXPECT_EQ(code_of(service_.resume("nope", {}, std::nullopt)), ErrorCode::not_found);
  EXPECT_EQ(code_of(service_.pause("nope")), ErrorCode::not_found);
}

TEST_F(RunServiceTest, OnlyARunThatIsOverIsTriedAgain) {
  const state::Run run = begin("a");
  EXPECT_EQ(code_of(service_.retry(run.id, {}, {})), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(service_.retry("nope", {}, {})), ErrorCode::not_found);
}

}  // namespace
}  // namespace dth::runs
