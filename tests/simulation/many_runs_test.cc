// Many runs in one process of two lanes, of two kinds of store, each with credentials of its own.
#include <cstdlib>

#include <gtest/gtest.h>

#include "plugins/object_copy/counters.h"
#include "simulation/hub_world.h"

namespace dth::simulation {
namespace {

using namespace std::chrono_literals;
using object_copy::Counter;
using state::RunState;

constexpr int tasks = 10;
constexpr int small_objects = 60;
constexpr int large_objects = 24;
constexpr int all_objects = small_objects + large_objects;
constexpr std::uint64_t large_size = 50'000;

class ManyRunsTest : public testing::Test {
 protected:
  static std::string run_of(int task) { return "run-" + std::to_string(task); }
  static std::string place_name(int task, const std::string& side) {
    const bool is_file = (task + (side == "destination" ? task / 2 : 0)) % 2 == 1;
    const std::string name = side + "-" + std::to_string(task);
    return is_file ? "file /" + name : "s3 " + name;
  }

  Place& source(int task) { return *world_.places.by_name.at(place_name(task, "source")); }
  Place& destination(int task) {
    return *world_.places.by_name.at(place_name(task, "destination"));
  }

  void add_places(int task) {
    for (const std::string side : {"source", "destination"}) {
      const std::string name = place_name(task, side);
      const std::size_t space = name.find(' ');
      world_.places.add(name.substr(0, space), name.substr(space + 1),
                        side + "-key-" + std::to_string(task));
    }
  }

  void fill(int task, int count, int large_count) {
    add_places(task);
    for (int i = 0; i < count; ++i) {
      source(task).bucket.put("k" + std::to_string(i), run_of(task) + "#" + std::to_string(i), {},
                              world_.clock.now());
    }
    for (int i = 0; i < large_count; ++i) {
      source(task).bucket.put("large" + std::to_string(i),
                              std::string(large_size, static_cast<char>('a' + task)), {},
                              world_.clock.now());
    }
  }

  void create(int task) {
    world_.create_run(
        run_of(task), place_name(task, "source"), place_name(task, "destination"),
        {{"multipart-threshold", "20000"}, {"part-size", "10000"}, {"concurrency", "2"}});
  }

  void start() {
    world_.network->delay_min = world_.network->delay_max = 20ms;
    world_.start_process();
  }

  void create_all() {
    for (int task = 0; task < tasks; ++task) {
      fill(task, small_objects, large_objects);
      create(task);
    }
  }

  void expect_exact(int task) {
    const state::Run run = world_.find(run_of(task));
    EXPECT_EQ(run.state, RunState::succeeded) << run.id << " " << run.error;
    EXPECT_EQ(run.counts[Counter::scanned], all_objects) << run.id;
    EXPECT_EQ(run.counts[Counter::copied], all_objects) << run.id;
    EXPECT_EQ(run.counts[Counter::failed], 0) << run.id;
    check_run(*world_.state, world_.ledger, run, options::Action::copy);
    for (const std::string& key : source(task).bucket.keys())
      EXPECT_EQ(destination(task).bucket.bytes(key), source(task).bucket.bytes(key)) << run.id;
    EXPECT_EQ(destination(task).bucket.size(), source(task).bucket.size()) << run.id;
    EXPECT_EQ(world_.sealer.sealed[run.id], 1);
  }

  std::int64_t copied(int task) { return world_.find(run_of(task)).counts[Counter::copied]; }

  bool all_over() {
    for (int task = 0; task < tasks; ++task) {
      if (!world_.is_over(run_of(task))) return false;
    }
    return true;
  }

  std::uint64_t bytes_on_loan() {
    std::uint64_t all = 0;
    for (BufferBudget* budget : world_.processes.front()->outside.budgets)
      all += budget->bytes_on_loan();
    return all;
  }

  HubWorld world_;
};

TEST_F(ManyRunsTest, TenTasksOfTwoKindsShareTwoLanesAndOneBudget) {
  start();
  create_all();
  std::uint64_t most = 0;
  world_.on_step = [&] { most = std::max(most, bytes_on_loan()); };
  world_.drive([&] { return all_over(); });
  for (int task = 0; task < tasks; ++task) expect_exact(task);
  std::uint64_t all = 0;
  for (BufferBudget* budget : world_.processes.front()->outside.budgets)
    all += budget->bytes.capacity();
  EXPECT_EQ(world_.processes.front()->outside.budgets.size(), 2u) << "one of each lane";
  EXPECT_EQ(all, BufferBudget::process_bytes_max);
  EXPECT_GT(most, 0u);
  EXPECT_LE(most, BufferBudget::process_bytes_max);
  EXPECT_EQ(bytes_on_loan(), 0u);
}

TEST_F(ManyRunsTest, OneLosesItsCredentialOneIsPausedOneIsCancelledAndNobodyElseNotices) {
  start();
  create_all();
  constexpr int locked_out = 3, paused = 4, cancelled = 5;
  world_.drive(
      [&] { return copied(locked_out) > 5 && copied(paused) > 5 && copied(cancelled) > 5; });
  source(locked_out).lets_in = false;
  ASSERT_TRUE(world_.state->runs().pause(run_of(paused)).has_value());
  ASSERT_TRUE(
      world_.state->runs().request_cancel(run_of(cancelled), world_.clock.now()).has_value());
  world_.drive([&] {
    for (int task = 0; task < tasks; ++task) {
      if (task != locked_out && task != paused && !world_.is_over(run_of(task))) return false;
    }
    return true;
  });
  state::Run run = world_.find(run_of(locked_out));
  ASSERT_EQ(run.state, RunState::waiting);
  EXPECT_EQ(run.waiting->what, state::WaitingFor::credential);
  EXPECT_EQ(world_.find(run_of(paused)).state, RunState::paused);
  run = world_.find(run_of(cancelled));
  EXPECT_EQ(run.state, RunState::cancelled);
  EXPECT_TRUE(destination(cancelled).bucket.open_uploads().empty());
  EXPECT_TRUE(world_.state->runs().progress(run.id)->backlog.empty());
  check_run(*world_.state, world_.ledger, run, options::Action::copy);
  // Nobody touches what sleeps.
  world_.drive_for(15s);
  const std::int64_t before = copied(paused);
  world_.drive_for(10min);
  EXPECT_EQ(copied(paused), before);
  EXPECT_EQ(world_.find(run_of(locked_out)).state, RunState::waiting);
  source(locked_out).lets_in = true;
  ASSERT_TRUE(world_.state->runs().resume(run_of(locked_out)).has_value());
  ASSERT_TRUE(world_.state->runs().resume(run_of(paused)).has_value());
  world_.drive([&] { return all_over(); });
  for (int task = 0; task < tasks; ++task) {
    if (task != cancelled) expect_exact(task);
  }
}

TEST_F(ManyRunsTest, ACredentialThatComesBackIsFoundWithoutBeingTold) {
  start();
  fill(0, small_objects, large_objects);
  create(0);
  world_.drive([&] { return copied(0) > 5; });
  source(0).lets_in = false;
  world_.drive([&] { return world_.find(run_of(0)).state == RunState::waiting; });
  source(0).lets_in = true;
  const MonotonicTime begun = world_.clock.monotonic_now();
  world_.drive([&] { return world_.is_over(run_of(0)); });
  EXPECT_LT(world_.clock.monotonic_now() - begun, 90s);
  expect_exact(0);
}

// A run of many items is not cheap to make: 200,000 stand for a million. DTH_SIMULATION_ITEMS: how
// many there are.
TEST_F(ManyRunsTest, ALargeTaskDelaysASmallOneByLessThanASecond) {
  constexpr int large = 0, small = 1, alone = 2;
  const char* items = std::getenv("DTH_SIMULATION_ITEMS");
  const int many = items != nullptr ? std::atoi(items) : 200'000;
  start();
  const auto time_of = [&](int task) {
    fill(task, 10, 0);
    const MonotonicTime begun = world_.clock.monotonic_now();
    create(task);
    world_.drive([&] { return world_.is_over(run_of(task)); });
    EXPECT_EQ(copied(task), 10);
    return world_.clock.monotonic_now() - begun;
  };
  const Duration by_itself = time_of(alone);
  fill(large, many, 0);
  create(large);
  world_.drive([&] { return copied(large) > 500; });
  const Duration beside = time_of(small);
  EXPECT_LT(beside - by_itself, 1s);
  EXPECT_FALSE(world_.is_over(run_of(large)));
  ASSERT_TRUE(world_.state->runs().request_cancel(run_of(large), world_.clock.now()).has_value());
  world_.drive([&] { return world_.is_over(run_of(large)); });
  const state::Run run = world_.find(run_of(large));
  EXPECT_EQ(run.state, RunState::cancelled);
  check_run(*world_.state, world_.ledger, run, options::Action::copy);
  std::printf("alone %lld ms, beside %lld ms, large: %lld scanned\n",
              static_cast<long long>(by_itself / 1ms), static_cast<long long>(beside / 1ms),
              static_cast<long long>(run.counts[Counter::scanned]));
}

}  // namespace
}  // namespace dth::simulation
