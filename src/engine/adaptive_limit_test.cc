#include "engine/adaptive_limit.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"

namespace dth::engine {
namespace {

using std::chrono::milliseconds;

// `count` operations of 200 ms; tells how many were under way at most.
Async<void> work(AdaptiveLimit* limit, SimulatedClock* clock, int* left, int* under_way,
                 int* most) {
  while ((*left)-- > 0) {
    auto turn = co_await limit->enter();
    *most = std::max(*most, ++*under_way);
    co_await clock->sleep_for(milliseconds(200));
    --*under_way;
    limit->leave(*turn, 4096);
  }
}

Async<Result<void>> many(boost::asio::io_context* context, AdaptiveLimit* limit,
                         SimulatedClock* clock, int left, int* most) {
  int under_way = 0;
  AsyncScope scope(context->get_executor());
  for (int i = 0; i < 300; ++i) scope.spawn(work(limit, clock, &left, &under_way, most));
  co_await scope.join();
  co_return Result<void>();
}

TEST(AdaptiveLimit, LetsInAsManyAsItsControlSays) {
  boost::asio::io_context context;
  SimulatedClock clock;
  AdaptiveLimit limit(context.get_executor(), clock, {.min = 2, .start = 8, .max = 256});
  int most = 0;
  auto done = run_for_test(context, many(&context, &limit, &clock, 20'000, &most), &clock);
  EXPECT_TRUE(done.has_value());
  EXPECT_GT(limit.limit(), 100u);  // a long way, and a store that takes all
  EXPECT_GT(most, 100);
  EXPECT_LE(most, 256);
}

TEST(AdaptiveLimit, AFixedOneIsKept) {
  boost::asio::io_context context;
  SimulatedClock clock;
  AdaptiveLimit limit(context.get_executor(), clock, {.min = 5, .start = 5, .max = 5});
  int most = 0;
  auto done = run_for_test(context, many(&context, &limit, &clock, 2'000, &most), &clock);
  EXPECT_TRUE(done.has_value());
  EXPECT_EQ(most, 5);
}

TEST(AdaptiveLimit, FewerAreLetInOnceAStoreAskedForLess) {
  boost::asio::io_context context;
  SimulatedClock clock;
  AdaptiveLimit limit(context.get_executor(), clock, {.min = 2, .start = 100, .max = 256});
  limit.throttled();
  EXPECT_EQ(limit.limit(), 70u);
  int most = 0;
  auto done = run_for_test(context, many(&context, &limit, &clock, 300, &most), &clock);
  EXPECT_TRUE(done.has_value());
  EXPECT_EQ(most, 70);
}

// As two lanes of one process, each with more to do than both may have under way.
Async<Result<void>> two_lanes(boost::asio::io_context* context, SimulatedClock* clock,
                              SharedPermits* shared, int* left, int* most) {
  AdaptiveLimit one(context->get_executor(), *clock, {.min = 8, .start = 8, .max = 8}, shared);
  AdaptiveLimit two(context->get_executor(), *clock, {.min = 8, .start = 8, .max = 8}, shared);
  int under_way = 0;
  AsyncScope scope(context->get_executor());
  for (int i = 0; i < 20; ++i) {
    scope.spawn(work(&one, clock, left, &under_way, most));
    scope.spawn(work(&two, clock, left, &under_way, most));
  }
  co_await scope.join();
  co_return Result<void>();
}

TEST(AdaptiveLimit, LanesTogetherLetInNoMoreThanTheyShare) {
  for (const std::uint32_t permits : {1u, 3u, 10u}) {
    boost::asio::io_context context;
    SimulatedClock clock;
    SharedPermits all(100), shared(permits, &all);
    int left = 200, most = 0;
    auto done = run_for_test(context, two_lanes(&context, &clock, &shared, &left, &most), &clock);
    EXPECT_TRUE(done.has_value());
    EXPECT_EQ(most, static_cast<int>(permits));
    EXPECT_LE(left, 0);
    EXPECT_EQ(shared.held(), 0u);
    EXPECT_EQ(all.held(), 0u);
  }
}

// Says who did one.
Async<void> work_of(AdaptiveLimit* limit, SimulatedClock* clock, int id, int* left,
                    std::vector<int>* done) {
  while ((*left)-- > 0) {
    auto turn = limit->try_enter();
    if (!turn) turn = co_await limit->enter();
    co_await clock->sleep_for(milliseconds(20));
    done->push_back(id);
    limit->leave(**turn, 4096);
  }
}

Async<Result<void>> two_runs(boost::asio::io_context* context, SimulatedClock* clock,
                             std::vector<int>* done) {
  SharedPermits all(4), of_one(8, &all), of_two(8, &all);
  AdaptiveLimit one(context->get_executor(), *clock, {.min = 8, .start = 8, .max = 8}, &of_one);
  AdaptiveLimit two(context->get_executor(), *clock, {.min = 8, .start = 8, .max = 8}, &of_two);
  int left_one = 200, left_two = 200;
  AsyncScope scope(context->get_executor());
  for (int i = 0; i < 8; ++i) scope.spawn(work_of(&one, clock, 1, &left_one, done));
  for (int i = 0; i < 8; ++i) scope.spawn(work_of(&two, clock, 2, &left_two, done));
  co_await scope.join();
  co_return Result<void>();
}

TEST(AdaptiveLimit, ARunThatHasAllOfTheProcessLeavesSomeToAnother) {
  boost::asio::io_context context;
  SimulatedClock clock;
  std::vector<int> done;
  EXPECT_TRUE(run_for_test(context, two_runs(&context, &clock, &done), &clock).has_value());
  ASSERT_EQ(done.size(), 400u);
  const auto of_two = std::count(done.begin(), done.begin() + 200, 2);
  EXPECT_GE(of_two, 50);
}

TEST(SharedPermits, WhatIsAroundBoundsAllOfThemTogether) {
  SharedPermits all(3), one(2, &all), two(2, &all);
  EXPECT_TRUE(one.try_take());
  EXPECT_TRUE(one.try_take());
  EXPECT_FALSE(one.try_take());
  EXPECT_TRUE(two.try_take());
  EXPECT_FALSE(two.try_take());
  EXPECT_EQ(two.held(), 1u) << "a refusal keeps nothing";
  one.give_back();
  EXPECT_TRUE(two.try_take());
}

}  // namespace
}  // namespace dth::engine
