#include "api/admission.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "base/testing/run_for_test.h"

namespace dth::api {
namespace {

using namespace std::chrono_literals;

class AdmissionTest : public ::testing::Test {
 protected:
  SimulatedClock clock_;
  boost::asio::io_context context_{1};
  AdmissionLimits limits_{
      .subscriptions_max = 10, .subscriptions_per_client_max = 100, .cost_per_second = 1000};
  Admission admission_{context_.get_executor(), clock_, limits_};
};

TEST_F(AdmissionTest, AClientIsRefusedWhileItIsBehind) {
  EXPECT_TRUE(admission_.check_cost("a").has_value());
  admission_.charge("a", 6000);  // 4000 were kept
  const auto refused = admission_.check_cost("a");
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, ErrorCode::throttled);
  EXPECT_EQ(admission_.retry_after("a"), 3s);
  EXPECT_TRUE(admission_.check_cost("b").has_value()) << "others are not";
  EXPECT_EQ(admission_.refused_for_cost(), 1u);
  clock_.advance(2100ms);
  EXPECT_TRUE(admission_.check_cost("a").has_value());
}

TEST_F(AdmissionTest, OneClientLeavesAPlaceToReadTheState) {
  std::vector<FairQueue::Place> held;
  while (auto place = admission_.state_reads().try_enter("a")) held.push_back(std::move(*place));
  EXPECT_FALSE(held.empty());
  EXPECT_TRUE(admission_.state_reads().try_enter("b").has_value());
}

TEST_F(AdmissionTest, WhoWaitsForItsCostIsLetOnLater) {
  admission_.charge("a", 6000);
  const auto before = clock_.monotonic_now();
  EXPECT_TRUE(run_for_test(context_, admission_.wait_for_cost("a"), &clock_));
  EXPECT_GE(clock_.monotonic_now() - before, 2s);
  EXPECT_LT(clock_.monotonic_now() - before, 3s);
}

TEST_F(AdmissionTest, OneClientLeavesSubscriptionsToOthers) {
  std::vector<Admission::Subscription> held;
  for (int i = 0; i < 20; ++i) {
    auto subscription = admission_.begin_subscription("a");
    if (subscription.has_value()) held.push_back(std::move(*subscription));
  }
  EXPECT_EQ(held.size(), 5u);
  EXPECT_TRUE(admission_.begin_subscription("b").has_value());
  EXPECT_EQ(admission_.subscriptions(), 5u) << "that of b is over";
}

TEST_F(AdmissionTest, ClientsThatOweNothingAreForgotten) {
  for (int i = 0; i < 5000; ++i) {
    admission_.charge("client " + std::to_string(i), 100);
    clock_.advance(10ms);
  }
  EXPECT_LT(admission_.clients(), 1100u);
}

TEST_F(AdmissionTest, OneOperationComputesAtATime) {
  Admission::ClientTurns first(admission_, "a"), second(admission_, "b");
  EXPECT_TRUE(first.try_begin());
  EXPECT_FALSE(second.try_begin());
  first.end();
  EXPECT_TRUE(second.try_begin());
  second.end();
}

}  // namespace
}  // namespace dth::api
