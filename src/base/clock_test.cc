#include "base/clock.h"

#include <random>

#include <gtest/gtest.h>

#include "base/ids.h"
#include "base/simulated_clock.h"
#include "base/testing/run_for_test.h"

namespace dth {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Log = std::vector<std::string>;

TEST(Time, FormatsAndParses) {
  const TimePoint epoch{};
  EXPECT_EQ(format_time(epoch), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_time(epoch - std::chrono::microseconds(1)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(parse_time("2000-02-29T23:59:59.5Z"), epoch + seconds(951868799) + milliseconds(500));
  EXPECT_EQ(parse_time("1970-01-01T00:00:01Z"), epoch + seconds(1));
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.000001999Z"), epoch + std::chrono::microseconds(1));
}

TEST(Time, RefusesWhatIsNotATime) {
  for (const char* text :
       {"", "2026-11-01", "2026-11-01T09:30:00", "2026-11-01T09:30:00+00:00",
        "2026-11-01 09:30:00Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.0123456789Z",
        "2026-01-01T00:00:00ZZ", "+026-01-01T00:00:00Z", "2026-1-01T00:00:00Z"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(Time, RoundTrips) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const TimePoint time(std::chrono::microseconds(random() % 4'000'000'000'000'000));
    EXPECT_EQ(parse_time(format_time(time)), time);
  }
}

TEST(Deadline, OnlyShrinks) {
  const MonotonicTime now(seconds(100));
  const Deadline deadline = Deadline::never().shortened(now + seconds(5));
  EXPECT_EQ(deadline.when(), now + seconds(5));
  EXPECT_EQ(deadline.shortened(now + seconds(9)).when(), now + seconds(5));
  EXPECT_FALSE(deadline.passed(now));
  EXPECT_TRUE(deadline.passed(now + seconds(5)));
  EXPECT_FALSE(Deadline::never().passed(now));
}

TEST(Ids, HaveTheirPrefixAndNothingInCommon) {
  const std::string a = new_id("run"), b = new_id("run");
  EXPECT_EQ(a.size(), 4u + 26u);
  EXPECT_TRUE(a.starts_with("run_")) << a;
  EXPECT_EQ(a.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz", 4), a.npos) << a;
  EXPECT_NE(a.substr(4, 8), b.substr(4, 8)) << "it tells nothing of when it was made";
  EXPECT_EQ(random_name().size(), 26u);
}

Async<void> sleep_and_log(Clock* clock, Duration time, std::string name, Log* log) {
  auto slept = co_await clock->sleep_for(time);
  log->push_back(name +
                 (slept.has_value() ? "" : " " + std::string(to_string(slept.error().code))));
}

TEST(SystemClock, SleepsAndIsCancelled) {
  boost::asio::io_context context;
  SystemClock clock;
  Log log;
  AsyncScope scope(context.get_executor());
  scope.spawn(sleep_and_log(&clock, std::chrono::hours(100), "long", &log));
  scope.spawn(sleep_and_log(&clock, Duration::zero(), "none", &log));
  context.run_one();
  while (log.empty()) context.run_one();
  scope.request_stop();
  context.run();
  EXPECT_EQ(log, (Log{"none", "long cancelled"}));
}

Log wake_in_order(unsigned seed) {
  SimulatedClock clock;
  boost::asio::io_context context;
  AsyncScope scope(context.get_executor());
  Log log;
  std::mt19937 random(seed);
  for (int i = 0; i < 50; ++i) {
    scope.spawn(sleep_and_log(&clock, seconds(random() % 10), std::to_string(i), &log));
  }
  do {
    context.restart();
    context.poll();
  } while (clock.wake_next());
  return log;
}

TEST(SimulatedClock, WakesAlikeForOneSeed) {
  const Log first = wake_in_order(1);
  EXPECT_EQ(first.size(), 50u);
  EXPECT_EQ(first, wake_in_order(1));
  EXPECT_NE(first, wake_in_order(2));
}

TEST(SimulatedClock, WakesByTimeThenByOrder) {
  SimulatedClock clock;
  boost::asio::io_context context;
  AsyncScope scope(context.get_executor());
  Log log;
  const TimePoint start = clock.now();
  scope.spawn(sleep_and_log(&clock, seconds(2), "late", &log));
  scope.spawn(sleep_and_log(&clock, seconds(1), "first of two", &log));
  scope.spawn(sleep_and_log(&clock, seconds(1), "second of two", &log));
  context.poll();
  EXPECT_EQ(clock.sleepers(), 3u);
  while (clock.wake_next()) {
    context.restart();
    context.poll();
  }
  EXPECT_EQ(log, (Log{"first of two", "second of two", "late"}));
  EXPECT_EQ(clock.now() - start, seconds(2));
}

TEST(SimulatedClock, StandsStillAndJumps) {
  SimulatedClock clock;
  const TimePoint wall = clock.now();
  const MonotonicTime monotonic = clock.monotonic_now();
  EXPECT_EQ(clock.now(), wall);
  clock.jump_wall(-seconds(10));
  EXPECT_EQ(clock.now(), wall - seconds(10));
  EXPECT_EQ(clock.monotonic_now(), monotonic);
  clock.advance(seconds(3));
  EXPECT_EQ(clock.now(), wall - seconds(7));
  EXPECT_EQ(clock.monotonic_now(), monotonic + seconds(3));
  EXPECT_FALSE(clock.wake_next());
}

TEST(SimulatedClock, NeverMovesBackForALateSleeper) {
  SimulatedClock clock;
  boost::asio::io_context context;
  AsyncScope scope(context.get_executor());
  Log log;
  scope.spawn(sleep_and_log(&clock, seconds(1), "a", &log));
  context.poll();
  clock.advance(seconds(5));
  const MonotonicTime now = clock.monotonic_now();
  EXPECT_TRUE(clock.wake_next());
  EXPECT_EQ(clock.monotonic_now(), now);
  context.restart();
  context.poll();
  EXPECT_EQ(log, (Log{"a"}));
}

TEST(SimulatedClock, CancelledSleeperLeaves) {
  SimulatedClock clock;
  boost::asio::io_context context;
  AsyncScope scope(context.get_executor());
  Log log;
  scope.spawn(sleep_and_log(&clock, seconds(1), "a", &log));
  context.poll();
  scope.request_stop();
  context.restart();
  context.poll();
  EXPECT_EQ(log, (Log{"a cancelled"}));
  EXPECT_EQ(clock.sleepers(), 0u);
  EXPECT_FALSE(clock.wake_next());
}

// Under AddressSanitizer: neither order of destruction touches what is gone.
TEST(SimulatedClock, ContextDestroyedWithSleepers) {
  Log log;
  SimulatedClock clock;
  {
    boost::asio::io_context context;
    AsyncScope scope(context.get_executor());
    scope.spawn(sleep_and_log(&clock, seconds(1), "a", &log));
    context.poll();
    EXPECT_EQ(clock.sleepers(), 1u);
  }
  EXPECT_EQ(clock.sleepers(), 0u);
  EXPECT_FALSE(clock.wake_next());
  {
    boost::asio::io_context context;
    SimulatedClock short_lived;
    AsyncScope scope(context.get_executor());
    scope.spawn(sleep_and_log(&short_lived, seconds(1), "b", &log));
    context.poll();
  }
  EXPECT_TRUE(log.empty());
}

TEST(SystemClock, ContextDestroyedWithSleepers) {
  Log log;
  SystemClock clock;
  {
    boost::asio::io_context context;
    AsyncScope scope(context.get_executor());
    scope.spawn(sleep_and_log(&clock, std::chrono::hours(1), "a", &log));
    context.poll();
  }
  EXPECT_TRUE(log.empty());
}

}  // namespace
}  // namespace dth
