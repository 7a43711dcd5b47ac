#include "engine/concurrency_control.h"

#include <cmath>
#include <functional>
#include <queue>

#include <gtest/gtest.h>

namespace dth::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
constexpr ConcurrencyBounds bounds{.min = 4, .start = 32, .max = 2048};

// A world in which `in_flight` operations take `latency(in_flight)` each; there is always more to
// do.
struct World {
  std::function<milliseconds(std::uint32_t)> latency;
  ConcurrencyControl control{bounds};
  MonotonicTime now{};
  std::uint64_t done = 0;
  struct Operation {
    MonotonicTime began, ends;
    bool operator<(const Operation& other) const { return ends > other.ends; }
  };
  std::priority_queue<Operation> in_flight = {};

  void run_for(seconds time, bool busy = true) {
    const MonotonicTime end = now + time;
    while (now < end) {
      const std::uint32_t limit = busy ? control.limit() : 2;
      // Admission is never all at once: one after the other, a little later each.
      while (in_flight.size() < limit) {
        const auto jitter = std::chrono::microseconds(3 * (done % 100 + in_flight.size() % 64));
        in_flight.push(
            {now, now + latency(static_cast<std::uint32_t>(in_flight.size()) + 1) + jitter});
      }
      const Operation next = in_flight.top();
      in_flight.pop();
      now = next.ends;
      ++done;
      control.ended(next.began, now, 10'240, busy);
    }
  }
};

// As many as you like take the same time: a long way, and nothing else.
milliseconds far_away(std::uint32_t) { return milliseconds(400); }

// 4 ms each, and a server that does 4,000 a second: more than 16 only wait.
milliseconds near(std::uint32_t in_flight) {
  return milliseconds(std::max<std::uint32_t>(4, in_flight / 4));
}

TEST(ConcurrencyControl, GrowsWhereALongWayIsWhatTakesTheTime) {
  World world{.latency = far_away};
  world.run_for(seconds(60));
  EXPECT_GE(world.control.limit(), 1200u);
  EXPECT_GE(world.done,
            60 * 3000u);  // objects a second over 200 ms of round trip twice, the start included
}

TEST(ConcurrencyControl, StaysSmallWhereMoreWouldOnlyWait) {
  World world{.latency = near};
  world.run_for(seconds(60));
  EXPECT_LE(world.control.limit(), 40u);
  EXPECT_GE(world.control.limit(), 12u);
}

TEST(ConcurrencyControl, FollowsAWorldThatChanges) {
  World world{.latency = near};
  world.run_for(seconds(60));
  const std::uint32_t small = world.control.limit();
  world.latency = far_away;
  world.run_for(seconds(300));
  EXPECT_GE(world.control.limit(), 4 * small);
  world.latency = near;
  world.run_for(seconds(300));
  EXPECT_LE(world.control.limit(), 2 * small);
}

TEST(ConcurrencyControl, ObeysAStoreThatAsksForLess) {
  World world{.latency = far_away};
  world.run_for(seconds(20));
  const std::uint32_t before = world.control.limit();
  world.control.throttled(world.now);
  EXPECT_LE(world.control.limit(), before * 7 / 10 + 1);
  const std::uint32_t after = world.control.limit();
  for (int i = 0; i < 100; ++i)
    world.control.throttled(world.now);  // all that were in flight are told the same
  EXPECT_EQ(world.control.limit(), after);
  world.now += seconds(2);
  world.control.throttled(world.now);
  EXPECT_LT(world.control.limit(), after);
}

TEST(ConcurrencyControl, NeverLeavesItsBounds) {
  World world{.latency = far_away};
  for (int i = 0; i < 100; ++i) {
    world.now += seconds(2);
    world.control.throttled(world.now);
    EXPECT_GE(world.control.limit(), bounds.min);
  }
  world.run_for(seconds(900));
  EXPECT_LE(world.control.limit(), bounds.max);
  EXPECT_GE(world.control.limit(), bounds.max / 4);
}

TEST(ConcurrencyControl, LearnsNothingFromHavingLittleToDo) {
  World world{.latency = far_away};
  world.run_for(seconds(120), false);
  EXPECT_LE(world.control.limit(), bounds.start);
}

TEST(ConcurrencyControl, OneNumberIsKept) {
  ConcurrencyControl control({.min = 7, .start = 7, .max = 7});
  MonotonicTime now{};
  for (int i = 0; i < 10'000; ++i) {
    control.ended(now, now + milliseconds(1), 1, true);
    now += milliseconds(1);
  }
  control.throttled(now);
  EXPECT_EQ(control.limit(), 7u);
}

}  // namespace
}  // namespace dth::engine
