#include "control/identity/sign_in_throttle.h"

#include <gtest/gtest.h>

namespace dth::control {
namespace {

using namespace std::chrono_literals;

TEST(SignInThrottleTest, AnAccountWaitsEverLongerAfterFailures) {
  SignInThrottle throttle;
  const MonotonicTime now{};
  for (int i = 0; i < SignInThrottle::account_failures_free; ++i)
    EXPECT_EQ(throttle.begin("ann", "one", now), 0s) << i;
  EXPECT_EQ(throttle.begin("ann", "one", now), 1s);
  EXPECT_EQ(throttle.begin("bob", "one", now), 0s);
  EXPECT_EQ(throttle.begin("ann", "one", now + 1s), 0s);
  EXPECT_EQ(throttle.begin("ann", "one", now + 1s), 2s);
  EXPECT_EQ(throttle.begin("ann", "one", now + 3s), 0s);
  EXPECT_EQ(throttle.begin("ann", "one", now + 3s), 4s);
}

TEST(SignInThrottleTest, OneStrangerKeepsNobodyElseFromAnAccount) {
  SignInThrottle throttle;
  MonotonicTime now{};
  for (int second = 0; second < 4 * 3600; ++second, now += 1s) {
    throttle.begin("ann", "stranger", now);
    ASSERT_EQ(throttle.wait("ann", "at home", now), 0s) << second;
  }
}

TEST(SignInThrottleTest, AnAccountIsTriedAHundredTimesAnHourFromAllAddressesTogether) {
  SignInThrottle throttle;
  MonotonicTime now{};
  int attempts = 0;
  for (int second = 0; second < 3600; ++second, now += 1s) {
    for (int i = 0; i < 3; ++i) {
      const auto wait = throttle.begin("ann", std::to_string(3 * second + i), now);
      EXPECT_LE(wait, SignInThrottle::wait_max);
      if (wait == 0s) ++attempts;
    }
  }
  EXPECT_LE(attempts, 100) << "ASVS 2.2.1";
  EXPECT_GT(attempts, 90);
}

TEST(SignInThrottleTest, ToAskHowLongCountsNothing) {
  SignInThrottle throttle;
  const MonotonicTime now{};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(throttle.wait("ann", "one", now), 0s);
  for (int i = 0; i < SignInThrottle::account_failures_free; ++i) throttle.begin("ann", "one", now);
  EXPECT_EQ(throttle.wait("ann", "one", now), 1s);
  EXPECT_EQ(throttle.wait("", "one", now), 0s) << "at no account: by address only";
}

TEST(SignInThrottleTest, NobodyWaitsForMoreThanAMinute) {
  SignInThrottle throttle;
  MonotonicTime now{};
  int attempts = 0;
  for (int second = 0; second < 3600; ++second, now += 1s) {
    const auto wait = throttle.begin("ann", "address", now);
    EXPECT_LE(wait, SignInThrottle::wait_max);
    if (wait == 0s) ++attempts;
  }
  EXPECT_LT(attempts, 100) << "ASVS 2.2.1: at most 100 in an hour";
  EXPECT_GT(attempts, 50);
}

TEST(SignInThrottleTest, AnAddressWaitsWhateverAccountsItTries) {
  SignInThrottle throttle;
  const MonotonicTime now{};
  for (int i = 0; i < SignInThrottle::address_failures_free; ++i)
    EXPECT_EQ(throttle.begin("user" + std::to_string(i), "address", now), 0s) << i;
  EXPECT_GT(throttle.begin("somebody", "address", now), 0s);
}

TEST(SignInThrottleTest, SuccessClearsTheAccountAndOnlyItsOwnAttemptOfTheAddress) {
  SignInThrottle throttle;
  const MonotonicTime now{};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(throttle.begin("ann", "address", now), 0s);
  throttle.succeeded("ann", "address");
  for (int i = 0; i < SignInThrottle::account_failures_free; ++i)
    EXPECT_EQ(throttle.begin("ann", "address", now), 0s) << i;
  EXPECT_GT(throttle.begin("ann", "address", now), 0s);
}

TEST(SignInThrottleTest, FailuresAreForgottenInTime) {
  SignInThrottle throttle;
  const MonotonicTime now{};
  for (int i = 0; i < SignInThrottle::account_failures_free; ++i)
    throttle.begin("ann", "address", now);
  EXPECT_GT(throttle.begin("ann", "address", now), 0s);
  const MonotonicTime later = now + SignInThrottle::memory + 1min;
  for (int i = 0; i < SignInThrottle::account_failures_free; ++i)
    EXPECT_EQ(throttle.begin("ann", "address", later), 0s) << i;
}

}  // namespace
}  // namespace dth::control
