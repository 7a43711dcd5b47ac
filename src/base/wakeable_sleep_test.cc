#include "base/wakeable_sleep.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"

namespace dth {
namespace {

using std::chrono::seconds;

class WakeableSleepTest : public testing::Test {
 protected:
  Async<void> sleep(seconds time) {
    auto slept = co_await nap_.sleep_for(time);
    ends_.push_back(slept.has_value() ? "slept" : std::string(to_string(slept.error().code)));
  }
  void settle() {
    context_.restart();
    context_.poll();
  }

  boost::asio::io_context context_;
  SimulatedClock clock_;
  WakeableSleep nap_{context_.get_executor(), clock_};
  std::vector<std::string> ends_;
};

TEST_F(WakeableSleepTest, LastsItsTime) {
  AsyncScope scope(context_.get_executor());
  const MonotonicTime start = clock_.monotonic_now();
  scope.spawn(sleep(seconds(5)));
  settle();
  EXPECT_TRUE(ends_.empty());
  EXPECT_TRUE(clock_.wake_next());
  settle();
  EXPECT_EQ(ends_, (std::vector<std::string>{"slept"}));
  EXPECT_EQ(clock_.monotonic_now() - start, seconds(5));
}

TEST_F(WakeableSleepTest, EndsWhenWoken) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(sleep(seconds(5)));
  settle();
  nap_.wake();
  settle();
  EXPECT_EQ(ends_, (std::vector<std::string>{"slept"}));
  EXPECT_EQ(clock_.sleepers(), 0u);
}

TEST_F(WakeableSleepTest, AWakingBeforeIsNotLostAndCountsOnce) {
  AsyncScope scope(context_.get_executor());
  nap_.wake();
  nap_.wake();
  scope.spawn(sleep(seconds(5)));
  settle();
  EXPECT_EQ(ends_.size(), 1u);
  scope.spawn(sleep(seconds(5)));
  settle();
  EXPECT_EQ(ends_.size(), 1u);
  nap_.wake();
  settle();
  EXPECT_EQ(ends_.size(), 2u);
}

TEST_F(WakeableSleepTest, IsCancelledWithItsSleeper) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(sleep(seconds(5)));
  settle();
  scope.request_stop();
  settle();
  EXPECT_EQ(ends_, (std::vector<std::string>{"cancelled"}));
  EXPECT_EQ(clock_.sleepers(), 0u);
}

// The sleeper is under way to its wait when it is woken.
TEST_F(WakeableSleepTest, EndsWhenWokenBeforeItWaits) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(sleep(seconds(5)));
  context_.restart();
  while (nap_.wake(), context_.poll_one() > 0) {
  }
  EXPECT_EQ(ends_, (std::vector<std::string>{"slept"}));
}

}  // namespace
}  // namespace dth
