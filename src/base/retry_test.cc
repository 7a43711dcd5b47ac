#include "base/retry.h"

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"

namespace dth {
namespace {

using std::chrono::milliseconds;

// Answers from a list, and keeps the times at which it was asked.
struct Script {
  Clock* clock;
  std::vector<Result<int>> answers;
  std::vector<MonotonicTime> asked = {};
};

Async<Result<int>> ask(Script* script) {
  script->asked.push_back(script->clock->monotonic_now());
  co_return script->answers.at(script->asked.size() - 1);
}

Error error_of(ErrorCode code) { return Error{code, "scripted", ""}; }

class RetryTest : public testing::Test {
 protected:
  Result<int> run(Script* script, RetryOptions options = {}) {
    return run_for_test(context_, call(&clock_, script, options, &report_), &clock_);
  }
  static Async<Result<int>> call(Clock* clock, Script* script, RetryOptions options,
                                 RetryReport* report) {
    auto operation = [script] { return ask(script); };
    auto result = co_await retry(*clock, options, operation, report);
    co_return result;
  }
  SimulatedClock clock_;
  boost::asio::io_context context_;
  RetryReport report_;
};

TEST_F(RetryTest, SucceedsAtOnce) {
  Script script{&clock_, {1}};
  EXPECT_EQ(run(&script).value(), 1);
  EXPECT_EQ(report_.attempts, 1);
  EXPECT_EQ(report_.stopped, RetryStop::succeeded);
}

TEST_F(RetryTest, RepeatsWhatMayPass) {
  Script script{&clock_,
                {error_of(ErrorCode::unavailable), error_of(ErrorCode::timeout),
                 error_of(ErrorCode::throttled), 4}};
  EXPECT_EQ(run(&script).value(), 4);
  EXPECT_EQ(report_.attempts, 4);
}

TEST_F(RetryTest, StopsAtWhatStays) {
  Script script{&clock_, {error_of(ErrorCode::permission_denied)}};
  EXPECT_EQ(run(&script).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(report_.stopped, RetryStop::not_retryable);
}

TEST_F(RetryTest, NotIdempotentIsRepeatedOnlyWhereItWasRefused) {
  RetryOptions options;
  options.idempotency = Idempotency::not_idempotent;
  Script lost{&clock_, {error_of(ErrorCode::throttled), error_of(ErrorCode::unavailable), 3}};
  EXPECT_EQ(run(&lost, options).error().code, ErrorCode::unavailable);
  EXPECT_EQ(report_.attempts, 2);
  EXPECT_EQ(report_.stopped, RetryStop::not_idempotent);
}

TEST_F(RetryTest, AttemptsAreBounded) {
  RetryOptions options;
  options.policy.attempts_max = 3;
  Script script{&clock_, std::vector<Result<int>>(9, error_of(ErrorCode::unavailable))};
  EXPECT_EQ(run(&script, options).error().code, ErrorCode::unavailable);
  EXPECT_EQ(script.asked.size(), 3u);
  EXPECT_EQ(report_.stopped, RetryStop::attempts);
  EXPECT_EQ(clock_.sleepers(), 0u);
}

TEST_F(RetryTest, ThrottledAttemptsCountApart) {
  RetryOptions options;
  options.policy.attempts_max = 3;
  options.policy.throttled_max = 10;
  Script script{&clock_, std::vector<Result<int>>(10, error_of(ErrorCode::throttled))};
  script.answers.push_back(error_of(ErrorCode::unavailable));
  script.answers.push_back(error_of(ErrorCode::unavailable));
  script.answers.push_back(7);
  EXPECT_EQ(run(&script, options).value(), 7);
  EXPECT_EQ(report_.attempts, 13);
}

TEST_F(RetryTest, ThrottlingWithoutAnEndIsAFailure) {
  RetryOptions options;
  const MonotonicTime before = clock_.monotonic_now();
  Script script{&clock_, std::vector<Result<int>>(100, error_of(ErrorCode::throttled))};
  EXPECT_EQ(run(&script, options).error().code, ErrorCode::throttled);
  EXPECT_EQ(script.asked.size(),
            static_cast<std::size_t>(options.policy.throttled_max + options.policy.attempts_max));
  EXPECT_EQ(report_.stopped, RetryStop::attempts);
  EXPECT_GT(clock_.monotonic_now() - before, std::chrono::minutes(3));
  EXPECT_LT(clock_.monotonic_now() - before, std::chrono::minutes(15));
}

TEST_F(RetryTest, DeadlineEndsItBeforeTheSleep) {
  RetryOptions options;
  options.policy.delay_initial = options.policy.delay_max = milliseconds(10'000);
  options.deadline = Deadline::at(clock_.monotonic_now());
  Script script{&clock_, {error_of(ErrorCode::unavailable)}};
  const MonotonicTime before = clock_.monotonic_now();
  EXPECT_EQ(run(&script, options).error().code, ErrorCode::unavailable);
  EXPECT_EQ(report_.stopped, RetryStop::deadline);
  EXPECT_EQ(clock_.monotonic_now(), before);
}

TEST_F(RetryTest, HonoursRetryAfterUpToTheCap) {
  RetryOptions options;
  options.policy.delay_initial = milliseconds(1);
  options.policy.delay_max = milliseconds(5'000);
  Error asks = error_of(ErrorCode::throttled);
  asks.retry_after = milliseconds(2'000);
  Error asks_too_much = error_of(ErrorCode::throttled);
  asks_too_much.retry_after = std::chrono::hours(24);
  Script script{&clock_, {asks, asks_too_much, 1}};
  EXPECT_EQ(run(&script, options).value(), 1);
  EXPECT_EQ(script.asked[1] - script.asked[0], milliseconds(2'000));
  EXPECT_EQ(script.asked[2] - script.asked[1], milliseconds(5'000));
}

Async<void> call_and_keep(Clock* clock, Script* script, RetryReport* report,
                          std::optional<Result<int>>* result) {
  auto operation = [script] { return ask(script); };
  RetryOptions options;
  auto outcome = co_await retry(*clock, options, operation, report);
  result->emplace(outcome);
}

TEST_F(RetryTest, CancelledWhileItSleeps) {
  Script script{&clock_, {error_of(ErrorCode::unavailable), 2}};
  std::optional<Result<int>> result;
  AsyncScope scope(context_.get_executor());
  scope.spawn(call_and_keep(&clock_, &script, &report_, &result));
  context_.poll();
  EXPECT_EQ(clock_.sleepers(), 1u);
  scope.request_stop();
  context_.restart();
  context_.poll();
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->has_error());
  EXPECT_EQ(script.asked.size(), 1u);
  EXPECT_EQ(report_.stopped, RetryStop::cancelled);
}

TEST(RetryDelay, GrowsWithinItsCap) {
  RetryPolicy policy;
  policy.delay_initial = milliseconds(100);
  policy.delay_max = milliseconds(1'000);
  std::minstd_rand random(1);
  const int ceilings[] = {100, 200, 400, 800, 1'000, 1'000};
  for (int attempt = 1; attempt <= 6; ++attempt) {
    std::int64_t largest = 0;
    for (int i = 0; i < 2'000; ++i) {
      const auto delay = retry_delay(policy, attempt, std::nullopt, &random);
      ASSERT_GE(delay.count(), 0);
      largest = std::max(largest, static_cast<std::int64_t>(delay.count()));
    }
    EXPECT_LE(largest, ceilings[attempt - 1]);
    EXPECT_GT(largest, ceilings[attempt - 1] * 9 / 10);
  }
  EXPECT_LE(retry_delay(policy, 1'000'000, std::nullopt, &random), policy.delay_max);
}

}  // namespace
}  // namespace dth
