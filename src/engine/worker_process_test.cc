#include "engine/worker_process.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "engine/counters.h"
#include "engine/testing/fake_plugin.h"
#include "engine/testing/worker_fixture.h"
#include "state/sqlite_state.h"

// A process of two lanes without threads, on a state in memory.
namespace dth::engine::testing {
namespace {

class WorkerProcessTest : public ::testing::Test {
 protected:
  void create(const std::string& run, int jobs, const state::Placement& placement = {}) {
    const TaskSpec spec{.options = {{"source", run}}};
    const state::NewRun row{
        .id = run, .kind = "fake", .spec = to_json(spec), .placement = placement};
    std::vector<state::NewJob> first;
    for (int i = 0; i < jobs; ++i) first.push_back({.kind = FakePlugin::job_kind, .payload = ""});
    const auto created = state_.runs().create_run(row, first, clock_.now());
    ASSERT_TRUE(created.has_value()) << created.error().to_string();
  }

  void start(WorkerProcessOptions options = {}) {
    options.registration.id = "process";
    options.lanes = 2;
    options.has_threads = false;
    options.on_note = [this](const std::string& line) { notes_.push_back(line); };
    process_ = WorkerProcess::start({clock_, state_, ledger_, blocking_}, sealer_, plugins_,
                                    std::move(options))
                   .value();
  }

  bool drive(const std::function<bool()>& done) {
    for (int step = 0; step < 200'000; ++step) {
      if (done()) return true;
      if (!process_->poll_one() && !clock_.wake_next()) return false;
    }
    return false;
  }
  void end() {
    process_->request_stop();
    ASSERT_TRUE(drive([this] { return process_->ended(); }));
  }

  state::RunState state_of(const std::string& run) { return state_.runs().find_run(run)->state; }
  std::int64_t copied(const std::string& run) {
    return state_.runs().find_run(run)->counts[Counter::copied];
  }

  SimulatedClock clock_;
  std::unique_ptr<state::State> sqlite_ =
      state::open_sqlite_state({":memory:", false, false}).value();
  BreakableState state_{*sqlite_};
  WatchingLedger ledger_{*sqlite_};
  CountingSealer sealer_;
  InlineExecutor blocking_;
  FakePlugin plugin_;
  Plugin* const plugins_[1] = {&plugin_};
  std::vector<std::string> notes_;
  std::unique_ptr<WorkerProcess> process_;
};

TEST_F(WorkerProcessTest, ExecutesRunsSideBySideAndClosesThem) {
  create("one", 5);
  create("two", 5);
  start();
  ASSERT_TRUE(
      drive([&] { return state::is_over(state_of("one")) && state::is_over(state_of("two")); }));
  EXPECT_EQ(copied("one"), 5);
  EXPECT_EQ(copied("two"), 5);
  EXPECT_EQ(state_of("one"), state::RunState::succeeded);
  EXPECT_EQ(plugin_.parsed, 2) << "once for both lanes";
  end();
  EXPECT_FALSE(process_->failure().has_value());
  process_.reset();
  EXPECT_TRUE(state_.workers().list(clock_.now())->empty()) << "it has gone in good order";
}

TEST_F(WorkerProcessTest, APausedRunStandsStillAndGoesOnInTheSameProcess) {
  create("one", 40);
  plugin_.job_time = 1s;
  start();
  ASSERT_TRUE(drive([&] { return copied("one") >= 4; }));
  ASSERT_TRUE(state_.runs().pause("one").has_value());
  const TimePoint paused = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > paused + 5s; }));
  const std::int64_t then = copied("one");
  ASSERT_TRUE(drive([&] { return clock_.now() > paused + 60s; }));
  EXPECT_EQ(copied("one"), then);
  EXPECT_LT(then, 40);
  EXPECT_FALSE(process_->ended());
  ASSERT_TRUE(state_.runs().resume("one").has_value());
  ASSERT_TRUE(drive([&] { return state::is_over(state_of("one")); }));
  EXPECT_EQ(copied("one"), 40);
  end();
}

TEST_F(WorkerProcessTest, ADrainedProcessEndsAllOfItsLanesAndLeavesTheRestToOthers) {
  create("one", 40);
  plugin_.job_time = 1s;
  start();
  ASSERT_TRUE(drive([&] { return copied("one") >= 4; }));
  ASSERT_TRUE(state_.workers().drain("process").has_value());
  const TimePoint drained = clock_.now();
  ASSERT_TRUE(drive([&] { return process_->ended(); }));
  EXPECT_LT(clock_.now() - drained, 5s);
  EXPECT_FALSE(process_->failure().has_value());
  EXPECT_LT(copied("one"), 40);
  EXPECT_EQ(state_.workers().list(clock_.now())->at(0).jobs_held, 0);
}

TEST_F(WorkerProcessTest, AProcessThatWasTakenForDeadStopsAllOfItsLanes) {
  create("one", 400);
  plugin_.job_time = 1s;
  start();
  ASSERT_TRUE(drive([&] { return copied("one") >= 4; }));
  ASSERT_TRUE(state_.workers().remove("process", clock_.now()).has_value());
  const TimePoint removed = clock_.now();
  ASSERT_TRUE(drive([&] { return process_->ended(); }));
  EXPECT_LT(clock_.now() - removed, 5s);
  ASSERT_TRUE(process_->failure().has_value());
  EXPECT_EQ(process_->failure()->code, ErrorCode::not_found);
}

TEST_F(WorkerProcessTest, ABusyStateIsToldOfOnceForAllLanes) {
  create("one", 40);
  plugin_.job_time = 1s;
  start();
  ASSERT_TRUE(drive([&] { return copied("one") >= 4; }));
  state_.broken = Error{ErrorCode::unavailable, ErrorReason::state_unreachable, "it is busy", ""};
  const TimePoint broken = clock_.now();
  state_.calls.clear();
  ASSERT_TRUE(drive([&] { return clock_.now() > broken + 2min; }));
  int calls = 0;
  for (const auto& [method, count] : state_.calls) calls += count;
  EXPECT_LE(calls, 40) << "one asks for all";
  state_.broken.reset();
  ASSERT_TRUE(drive([&] { return state::is_over(state_of("one")); }));
  EXPECT_EQ(copied("one"), 40);
  EXPECT_EQ(notes_.size(), 2u);
  end();
}

TEST_F(WorkerProcessTest, IdleLanesAskOnceASecond) {
  start();
  const TimePoint began = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > began + 5s; }));
  state_.calls.clear();
  const TimePoint idle = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() >= idle + 60s; }));
  EXPECT_GE(state_.calls["claim"], 2 * 55);
  EXPECT_LE(state_.calls["claim"], 2 * 61);
  int calls = 0;
  for (const auto& [method, count] : state_.calls) calls += count;
  EXPECT_LE(calls, 2 * 61 + 61 + 7 + 2 * 13) << "is it to drain, heartbeats, dead workers";
  end();
}

TEST_F(WorkerProcessTest, JobsThatALaneLeavesAreTakenByIdleLanesAtOnce) {
  start();
  const TimePoint began = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > began + 5s; }));
  plugin_.job_time = 350ms;
  plugin_.jobs_to_emit = 4;
  create("one", 1);
  ASSERT_TRUE(drive([&] { return plugin_.begun.size() == 5; }));
  EXPECT_LT(plugin_.begun[4] - plugin_.begun[1], 20ms) << "two by either lane";
  ASSERT_TRUE(drive([&] { return state::is_over(state_of("one")); }));
  end();
}

TEST_F(WorkerProcessTest, ARunThatIsPlacedElsewhereIsLeftAlone) {
  create("one", 1, {state::Placement::Kind::process, "another"});
  create("two", 1, {state::Placement::Kind::label, "east"});
  create("three", 1, {state::Placement::Kind::label, "west"});
  WorkerProcessOptions options;
  options.registration.labels = {"west"};
  start(std::move(options));
  ASSERT_TRUE(drive([&] { return state::is_over(state_of("three")); }));
  const TimePoint then = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > then + 10s; }));
  EXPECT_EQ(state_of("one"), state::RunState::queued);
  EXPECT_EQ(state_of("two"), state::RunState::queued);
  end();
}

TEST_F(WorkerProcessTest, ARunnerIsOpenedOnceALaneAndClosedWhenItHasBeenIdle) {
  create("one", 30);
  plugin_.job_time = 1s;
  start();
  ASSERT_TRUE(drive([&] { return state::is_over(state_of("one")); }));
  EXPECT_LE(plugin_.opened, 2);
  EXPECT_GE(plugin_.opened, 1);
  const TimePoint then = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > then + 90s; }));
  EXPECT_EQ(plugin_.closed, plugin_.opened);
  end();
}

TEST_F(WorkerProcessTest, ARunWhoseStoresCannotBeOpenedWaitsAndStopsNoOther) {
  create("one", 3);
  create("two", 3);
  plugin_.refused_run = "one";
  start();
  ASSERT_TRUE(drive([&] {
    return state::is_over(state_of("two")) && state_of("one") == state::RunState::waiting;
  }));
  EXPECT_EQ(copied("two"), 3);
  const TimePoint since = state_.runs().find_run("one")->waiting->since;
  const TimePoint then = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > then + 5min; }));
  EXPECT_GE(plugin_.refusals, 4) << "it is tried again";
  EXPECT_EQ(state_.runs().find_run("one")->waiting->since, since) << "it waits for the same thing";
  plugin_.refused_run.clear();
  ASSERT_TRUE(drive([&] { return state::is_over(state_of("one")); }));
  EXPECT_EQ(copied("one"), 3);
  end();
}

}  // namespace
}  // namespace dth::engine::testing
