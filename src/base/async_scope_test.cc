#include "base/async_scope.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "base/simulated_clock.h"

namespace dth {
namespace {

using Log = std::vector<std::string>;

Async<void> sleep_then_log(Clock* clock, Duration time, std::string name, Log* log) {
  auto slept = co_await clock->sleep_for(time);
  log->push_back(name + (slept.has_value() ? " done" : " cancelled"));
}

// Cleans up after its cancellation, which takes a wait of its own.
Async<void> clean_up(Clock* clock, Log* log) {
  auto slept = co_await clock->sleep_for(std::chrono::hours(1));
  log->push_back(slept.has_value() ? "done" : "cancelled");
  auto cleaned = co_await clock->sleep_for(std::chrono::seconds(1));
  log->push_back(cleaned.has_value() ? "cleaned" : "clean-up cancelled");
  const bool told = is_cancelled(co_await boost::asio::this_coro::cancellation_state);
  log->push_back(told ? "still told" : "forgotten");
}

Async<void> log_whether_cancelled(Log* log) {
  const bool told = is_cancelled(co_await boost::asio::this_coro::cancellation_state);
  log->push_back(told ? "told at the start" : "not told");
}

Async<void> do_nothing() { co_return; }

Async<void> fail() {
  throw std::runtime_error("a bug");
  co_return;
}

class AsyncScopeTest : public testing::Test {
 protected:
  void settle() {
    context_.restart();
    context_.poll();
  }
  void run_to_end() {
    do settle();
    while (clock_.wake_next());
  }

  SimulatedClock clock_;
  boost::asio::io_context context_;
  Log log_;
};

Async<void> join_and_log(AsyncScope* scope, Log* log) {
  co_await scope->join();
  log->push_back("joined");
}

Async<void> stop_and_log(AsyncScope* scope, Log* log) {
  co_await scope->stop();
  log->push_back("stopped");
}

TEST_F(AsyncScopeTest, JoinsAfterTheLastChild) {
  AsyncScope scope(context_.get_executor()), outer(context_.get_executor());
  scope.spawn(sleep_then_log(&clock_, std::chrono::seconds(2), "b", &log_));
  scope.spawn(sleep_then_log(&clock_, std::chrono::seconds(1), "a", &log_));
  outer.spawn(join_and_log(&scope, &log_));
  EXPECT_EQ(scope.size(), 2u);
  run_to_end();
  EXPECT_EQ(log_, (Log{"a done", "b done", "joined"}));
  EXPECT_EQ(scope.size(), 0u);
}

TEST_F(AsyncScopeTest, JoinOfNothingReturns) {
  AsyncScope scope(context_.get_executor()), outer(context_.get_executor());
  outer.spawn(join_and_log(&scope, &log_));
  settle();
  EXPECT_EQ(log_, (Log{"joined"}));
}

TEST_F(AsyncScopeTest, TwoMayJoin) {
  AsyncScope scope(context_.get_executor()), outer(context_.get_executor());
  scope.spawn(sleep_then_log(&clock_, std::chrono::seconds(1), "a", &log_));
  outer.spawn(join_and_log(&scope, &log_));
  outer.spawn(join_and_log(&scope, &log_));
  run_to_end();
  EXPECT_EQ(log_, (Log{"a done", "joined", "joined"}));
}

TEST_F(AsyncScopeTest, CancelledChildStillCleansUp) {
  AsyncScope scope(context_.get_executor()), outer(context_.get_executor());
  scope.spawn(clean_up(&clock_, &log_));
  settle();
  outer.spawn(stop_and_log(&scope, &log_));
  run_to_end();
  EXPECT_EQ(log_, (Log{"cancelled", "cleaned", "still told", "stopped"}));
  EXPECT_EQ(clock_.sleepers(), 0u);
}

Async<void> stop_then_spawn(AsyncScope* scope, Log* log) {
  scope->request_stop();
  scope->spawn(log_whether_cancelled(log));
  co_return;
}

TEST_F(AsyncScopeTest, ChildSpawnedAfterStopIsToldAtOnce) {
  AsyncScope scope(context_.get_executor()), outer(context_.get_executor());
  outer.spawn(stop_then_spawn(&scope, &log_));
  settle();
  scope.spawn(log_whether_cancelled(&log_));  // from outside the context, too
  settle();
  EXPECT_EQ(log_, (Log{"told at the start", "told at the start"}));
  EXPECT_EQ(scope.size(), 0u);
}

// Stopped between co_spawn and the child's first step: no exception may come of it.
TEST_F(AsyncScopeTest, StopBeforeTheChildRan) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(log_whether_cancelled(&log_));
  scope.request_stop();
  settle();
  EXPECT_EQ(log_, (Log{"told at the start"}));
}

TEST_F(AsyncScopeTest, CancelledJoinCancelsChildrenAndGoesOnWaiting) {
  AsyncScope scope(context_.get_executor()), outer(context_.get_executor());
  scope.spawn(clean_up(&clock_, &log_));
  outer.spawn(join_and_log(&scope, &log_));
  settle();
  outer.request_stop();
  settle();
  EXPECT_EQ(log_, (Log{"cancelled"}));  // the child cleans up, the scope waits for it
  EXPECT_EQ(outer.size(), 1u);
  run_to_end();
  EXPECT_EQ(log_, (Log{"cancelled", "cleaned", "still told", "joined"}));
}

Async<void> nest(Executor executor, Clock* clock, Log* log) {
  AsyncScope inner(executor);
  inner.spawn(clean_up(clock, log));
  co_await inner.join();
  log->push_back("inner joined");
}

TEST_F(AsyncScopeTest, CancellationReachesNestedScopes) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(nest(context_.get_executor(), &clock_, &log_));
  settle();
  scope.request_stop();
  scope.request_stop();
  run_to_end();
  EXPECT_EQ(log_, (Log{"cancelled", "cleaned", "still told", "inner joined"}));
}

TEST_F(AsyncScopeTest, ChildThatNeverWaits) {
  AsyncScope scope(context_.get_executor());
  for (int i = 0; i < 100; ++i) scope.spawn(do_nothing());
  settle();
  EXPECT_EQ(scope.size(), 0u);
}

TEST_F(AsyncScopeTest, ExceptionLeavesThroughRun) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(fail());
  EXPECT_THROW(context_.run(), std::runtime_error);
  EXPECT_EQ(scope.size(), 0u);
}

// Under AddressSanitizer these show whether anything touches what is gone.
TEST(AsyncScope, ContextDestroyedWithChildren) {
  SimulatedClock clock;
  Log log;
  {
    boost::asio::io_context context;
    AsyncScope scope(context.get_executor());
    scope.spawn(nest(context.get_executor(), &clock, &log));
    scope.spawn(clean_up(&clock, &log));
    context.poll();
    EXPECT_EQ(clock.sleepers(), 2u);
  }
  EXPECT_EQ(clock.sleepers(), 0u);
  EXPECT_TRUE(log.empty());
}

}  // namespace
}  // namespace dth
