#include "base/outage.h"

#include <gtest/gtest.h>

#include "base/retry.h"
#include "base/testing/run_for_test.h"

namespace dth {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Error refused() { return Error{ErrorCode::unavailable, ErrorReason::unreachable, "refused", ""}; }

// A store that is away for a while, by the clock.
struct Store {
  Clock* clock;
  MonotonicTime away_from = MonotonicTime::max(), away_to = MonotonicTime::max();
  int probes = 0, requests = 0;
  std::vector<MonotonicTime> probed = {};

  bool is_away() const {
    return clock->monotonic_now() >= away_from && clock->monotonic_now() < away_to;
  }
};

Async<Result<void>> probe(Store* store) {
  ++store->probes;
  store->probed.push_back(store->clock->monotonic_now());
  if (store->is_away()) co_return refused();
  co_return Error{ErrorCode::permission_denied, "the store's own word", ""};
}

Async<Result<int>> request(Store* store, const Error* own) {
  ++store->requests;
  if (store->is_away()) co_return refused();
  if (own) co_return *own;
  co_return 7;
}

class OutageTest : public testing::Test {
 protected:
  OutageTest() : outage_(std::make_shared<Outage>("destination", minutes(15))), outages_(clock_) {
    store_.clock = &clock_;
    outages_.add(outage_, [this] { return probe(&store_); });
    options_.outages = &outages_;
  }

  void go_away(Duration time) {
    store_.away_from = clock_.monotonic_now();
    store_.away_to = time == Duration::max() ? MonotonicTime::max() : store_.away_from + time;
  }

  // As many at once as asked for.
  std::vector<Result<int>> run(int count, std::optional<Error> own = {}) {
    std::vector<Result<int>> results(static_cast<std::size_t>(count), cancelled_error());
    run_for_test(context_, all(this, count, own, &results), &clock_);
    return results;
  }
  static Async<Result<int>> all(OutageTest* test, int count, std::optional<Error> own,
                                std::vector<Result<int>>* results) {
    AsyncScope scope(co_await boost::asio::this_coro::executor);
    for (int i = 0; i < count; ++i)
      scope.spawn(one(test, own, &(*results)[static_cast<std::size_t>(i)]));
    co_await scope.join();
    co_return 0;
  }
  static Async<void> one(OutageTest* test, std::optional<Error> own, Result<int>* result) {
    auto operation = [test, &own] { return request(&test->store_, own ? &*own : nullptr); };
    auto answer = co_await retry(test->clock_, test->options_, operation, &test->report_);
    *result = std::move(answer);
  }

  static Async<Result<int>> stop_later(OutageTest* test, OutageBoard* board) {
    AsyncScope scope(co_await boost::asio::this_coro::executor);
    Result<int> result = 0;
    scope.spawn(one(test, {}, &result));
    auto slept = co_await test->clock_.sleep_for(minutes(1));
    EXPECT_TRUE(slept.has_value());
    EXPECT_EQ(board->waiting().size(), 1u);
    board->request_stop();
    co_await scope.join();
    co_return result;
  }

  SimulatedClock clock_;
  boost::asio::io_context context_;
  Store store_;
  std::shared_ptr<Outage> outage_;
  Outages outages_;
  RetryOptions options_;
  RetryReport report_;
};

TEST_F(OutageTest, AStoreThatComesBackCostsNoAttempt) {
  options_.policy.attempts_max = 3;
  go_away(minutes(10));
  const MonotonicTime began = clock_.monotonic_now();
  const auto results = run(1);
  EXPECT_EQ(results[0].value(), 7);
  EXPECT_GE(clock_.monotonic_now() - began, minutes(10));
  EXPECT_LT(clock_.monotonic_now() - began, minutes(10) + seconds(16));
  EXPECT_FALSE(outage_->is_active());
  EXPECT_EQ(outage_->describe(), std::nullopt);
}

TEST_F(OutageTest, PausesGrowAndOneProbesForAll) {
  go_away(minutes(10));
  for (const auto& result : run(200)) EXPECT_EQ(result.value(), 7);
  EXPECT_LT(store_.probes, 60);
  ASSERT_GT(store_.probed.size(), 5u);
  EXPECT_LE(store_.probed[1] - store_.probed[0], milliseconds(200));
  EXPECT_GE(store_.probed.back() - store_.probed[store_.probed.size() - 2], seconds(14));
}

TEST_F(OutageTest, AStoreThatStaysAwayIsGivenUpOnceAndForAll) {
  go_away(Duration::max());
  const MonotonicTime began = clock_.monotonic_now();
  for (const auto& result : run(50)) {
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error().code, ErrorCode::cancelled) << "nothing has failed";
    EXPECT_EQ(result.error().reason, ErrorReason::unreachable);
    EXPECT_NE(result.error().message.find("destination cannot be reached since "),
              std::string::npos)
        << result.error().message;
  }
  EXPECT_EQ(report_.stopped, RetryStop::cancelled);
  EXPECT_TRUE(outage_->given_up().has_value());
  EXPECT_GE(clock_.monotonic_now() - began, minutes(15));
  EXPECT_LT(clock_.monotonic_now() - began, minutes(16));
  const int before = store_.requests;
  EXPECT_EQ(run(1)[0].error().reason, ErrorReason::unreachable);
  EXPECT_EQ(store_.requests, before + 1) << "nobody waits again";
}

TEST_F(OutageTest, WhyAStoreIsGivenUpNamesTheOptionThatRulesIt) {
  go_away(Duration::max());
  run(1);
  ASSERT_TRUE(outage_->given_up().has_value());
  EXPECT_TRUE(outage_->given_up()->ends_with("Z, longer than 900 s")) << *outage_->given_up();
  OutageBoard board;
  Outages watched(clock_);
  watched.add(board.at("source", minutes(1)), [this] { return probe(&store_); });
  options_.outages = &watched;
  run(1);
  ASSERT_TRUE(board.given_up().has_value());
  EXPECT_TRUE(board.given_up()->ends_with("Z, longer than --unreachable-timeout (60 s)"))
      << *board.given_up();
}

TEST_F(OutageTest, AFailureOfOneRequestIsItsOwn) {
  options_.policy.attempts_max = 4;
  const Error broken{ErrorCode::unavailable, "HTTP 500", ""};
  EXPECT_EQ(run(1, broken)[0].error().message, "HTTP 500");
  EXPECT_EQ(store_.requests, 4);
  EXPECT_EQ(store_.probes, 2);
  EXPECT_EQ(report_.stopped, RetryStop::attempts);
  EXPECT_FALSE(outage_->is_active());
}

TEST_F(OutageTest, WhatTheStoreSaysIsNoOutage) {
  options_.policy.attempts_max = 3;
  EXPECT_EQ(run(1, Error{ErrorCode::throttled, "SlowDown", ""})[0].error().code,
            ErrorCode::throttled);
  EXPECT_EQ(run(1, Error{ErrorCode::permission_denied, "AccessDenied", ""})[0].error().code,
            ErrorCode::permission_denied);
  EXPECT_EQ(store_.probes, 0);
}

TEST_F(OutageTest, WhatMustNotBeRepeatedWaitsAndFails) {
  options_.idempotency = Idempotency::not_idempotent;
  go_away(minutes(1));
  const auto results = run(1);
  ASSERT_TRUE(results[0].has_error());
  EXPECT_EQ(results[0].error().reason, ErrorReason::unreachable);
  EXPECT_EQ(store_.requests, 1);
  EXPECT_FALSE(store_.is_away()) << "it did not wait";
}

TEST_F(OutageTest, AStopEndsTheWait) {
  go_away(Duration::max());
  OutageBoard board;
  options_.outages = nullptr;
  Outages watched(clock_);
  watched.add(board.at("source", minutes(15)), [this] { return probe(&store_); });
  options_.outages = &watched;
  const MonotonicTime began = clock_.monotonic_now();
  run_for_test(context_, stop_later(this, &board), &clock_);
  EXPECT_LT(clock_.monotonic_now() - began, seconds(61));
  EXPECT_EQ(report_.stopped, RetryStop::cancelled);
  EXPECT_FALSE(board.given_up().has_value());
}

TEST(OutageBoardTest, NamesAreSharedAndAStopHoldsForThoseToCome) {
  OutageBoard board;
  EXPECT_EQ(board.at("source", minutes(1)), board.at("source", minutes(2)));
  EXPECT_NE(board.at("source", minutes(1)), board.at("destination", minutes(1)));
  EXPECT_TRUE(board.waiting().empty());
}

}  // namespace
}  // namespace dth
