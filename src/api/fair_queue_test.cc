#include "api/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/async_scope.h"

namespace dth::api {
namespace {

using ::testing::ElementsAre;

class FairQueueTest : public ::testing::Test {
 protected:
  // Enters and stays; what came in is in `entered`, what did not in `failed`.
  Async<void> stay(std::string client, std::string name) {
    auto place = co_await queue_->enter(std::move(client));
    if (place.has_error()) {
      failed.emplace_back(name, place.error().code);
    } else {
      entered.push_back(name);
      inside.emplace(name, std::move(*place));
    }
  }
  void start(AsyncScope& scope, const std::string& client, const std::string& name) {
    scope.spawn(stay(client, name));
    turn();
  }
  void turn() {
    context_.restart();
    context_.poll();
  }
  void leave(const std::string& name) {
    inside.erase(name);
    turn();
  }
  void make(FairQueueLimits limits) {
    queue_ = std::make_unique<FairQueue>(context_.get_executor(), limits);
  }

  boost::asio::io_context context_{1};
  std::unique_ptr<FairQueue> queue_;
  std::map<std::string, FairQueue::Place> inside;
  std::vector<std::string> entered;
  std::vector<std::pair<std::string, ErrorCode>> failed;
  AsyncScope scope_{context_.get_executor()}, stopped_{context_.get_executor()};
};

TEST_F(FairQueueTest, ClientsComeInByTurns) {
  make({1, 1});
  start(scope_, "a", "a0");
  for (const char* name : {"a1", "a2", "a3"}) start(scope_, "a", name);
  start(scope_, "b", "b0");
  for (const char* name : {"a0", "a1", "b0", "a2"}) leave(name);
  EXPECT_THAT(entered, ElementsAre("a0", "a1", "b0", "a2", "a3"));
  leave("a3");
  EXPECT_EQ(queue_->inside(), 0u);
}

TEST_F(FairQueueTest, OneClientLeavesPlacesToOthers) {
  make({3, 2});
  for (const char* name : {"a0", "a1", "a2"}) start(scope_, "a", name);
  EXPECT_THAT(entered, ElementsAre("a0", "a1"));
  start(scope_, "b", "b0");
  EXPECT_THAT(entered, ElementsAre("a0", "a1", "b0"));
  for (const char* name : {"b0", "a0", "a1", "a2"}) leave(name);
}

TEST_F(FairQueueTest, WhoIsCancelledLeavesTheQueue) {
  make({1, 1});
  start(scope_, "a", "a0");
  for (int i = 0; i < 100; ++i) start(stopped_, "a", "stopped");
  EXPECT_EQ(queue_->waiting(), 100u);
  stopped_.request_stop();
  turn();
  EXPECT_EQ(queue_->waiting(), 0u);
  EXPECT_EQ(queue_->dropped(), 100u);
  EXPECT_EQ(failed.size(), 100u);
  leave("a0");
  EXPECT_THAT(entered, ElementsAre("a0"));
}

TEST_F(FairQueueTest, TheQueueIsBounded) {
  make({.inside_max = 1, .waiting_max = 3, .waiting_per_client_max = 2});
  start(scope_, "a", "a0");
  for (const char* name : {"a1", "a2", "a3"}) start(scope_, "a", name);
  EXPECT_THAT(failed, ElementsAre(std::pair("a3", ErrorCode::throttled)));
  start(scope_, "b", "b0");
  start(scope_, "b", "b1");
  EXPECT_EQ(failed.size(), 2u);
  EXPECT_EQ(queue_->refused(), 2u);
  for (const char* name : {"a0", "a1", "b0", "a2"}) leave(name);
  EXPECT_EQ(queue_->inside(), 0u);
}

TEST_F(FairQueueTest, AFullQueueMayRefuseAnyone) {
  make({.inside_max = 1,
        .waiting_max = 4,
        .waiting_per_client_max = 1,
        .when_full = FairQueueLimits::WhenFull::refuse_anyone});
  start(scope_, "a", "a0");
  for (int i = 0; i < 4; ++i) start(scope_, "first" + std::to_string(i), std::to_string(i));
  for (int i = 4; i < 104; ++i) start(scope_, "more" + std::to_string(i), std::to_string(i));
  turn();
  EXPECT_EQ(queue_->waiting(), 4u);
  EXPECT_EQ(queue_->refused(), 100u);
  EXPECT_EQ(failed.size(), 100u);
  const auto is_newcomer = [](const auto& refused) { return std::stoi(refused.first) >= 4; };
  const auto newcomers = std::ranges::count_if(failed, is_newcomer);
  EXPECT_GE(newcomers, 96);
  EXPECT_LT(newcomers, 100) << "1 in 10^37 that nobody of those who waited was refused";
  std::string last = "a0";
  for (std::size_t i = 0; i < 5; ++i) {
    last = entered.back();
    leave(last);
  }
  EXPECT_EQ(queue_->inside(), 0u);
  EXPECT_EQ(queue_->waiting(), 0u);
}

TEST_F(FairQueueTest, NobodyComesInDuringAPause) {
  make({1, 1});
  start(scope_, "a", "a0");
  start(scope_, "b", "b0");
  queue_->pause_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
  leave("a0");
  EXPECT_THAT(entered, ElementsAre("a0"));
  context_.restart();
  while (entered.size() < 2 && context_.run_one() > 0) continue;
  EXPECT_THAT(entered, ElementsAre("a0", "b0"));
  leave("b0");
}

}  // namespace
}  // namespace dth::api
