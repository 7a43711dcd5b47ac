#include "base/async_semaphore.h"

#include <gtest/gtest.h>

#include "base/async_scope.h"
#include "base/simulated_clock.h"

namespace dth {
namespace {

using Log = std::vector<std::string>;

Async<void> take(AsyncSemaphore* semaphore, std::uint64_t units, std::string name, Log* log) {
  auto taken = co_await semaphore->acquire(units);
  log->push_back(name +
                 (taken.has_value() ? "" : " " + std::string(to_string(taken.error().code))));
}

class AsyncSemaphoreTest : public testing::Test {
 protected:
  void settle() {
    context_.restart();
    context_.poll();
  }
  boost::asio::io_context context_;
  AsyncSemaphore semaphore_{context_.get_executor(), 10};
  Log log_;
};

TEST_F(AsyncSemaphoreTest, FirstComeFirstServed) {
  AsyncScope scope(context_.get_executor());
  EXPECT_TRUE(semaphore_.try_acquire(8));
  scope.spawn(take(&semaphore_, 5, "large", &log_));
  settle();
  scope.spawn(take(&semaphore_, 1, "small", &log_));
  settle();
  EXPECT_TRUE(log_.empty());  // the small one would fit, and waits its turn
  EXPECT_FALSE(semaphore_.try_acquire(1));
  semaphore_.release(2);
  settle();
  EXPECT_TRUE(log_.empty());
  semaphore_.release(1);
  settle();
  EXPECT_EQ(log_, (Log{"large"}));
  semaphore_.release(5);
  settle();
  EXPECT_EQ(log_, (Log{"large", "small"}));
  EXPECT_EQ(semaphore_.available(), 4u);
}

TEST_F(AsyncSemaphoreTest, MoreThanThereIsIsCutToIt) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(take(&semaphore_, 1000, "all", &log_));
  settle();
  EXPECT_EQ(log_, (Log{"all"}));
  EXPECT_EQ(semaphore_.available(), 0u);
  semaphore_.release(1000);
  EXPECT_EQ(semaphore_.available(), 10u);
}

TEST_F(AsyncSemaphoreTest, CancelledWaiterHoldsNothingAndLetsOthersPass) {
  AsyncScope first(context_.get_executor()), second(context_.get_executor());
  EXPECT_TRUE(semaphore_.try_acquire(7));
  first.spawn(take(&semaphore_, 5, "first", &log_));
  settle();
  second.spawn(take(&semaphore_, 2, "second", &log_));
  settle();
  EXPECT_TRUE(log_.empty());
  first.request_stop();
  settle();
  // The second fits as soon as the first no longer stands before it.
  EXPECT_EQ(log_, (Log{"first cancelled", "second"}));
  EXPECT_EQ(semaphore_.available(), 1u);
  semaphore_.release(9);
  EXPECT_EQ(semaphore_.available(), 10u);
}

TEST_F(AsyncSemaphoreTest, AWaitThatIsTooLongEndsAndHoldsNothing) {
  std::optional<Result<void>> outcome;
  const auto wait = [](AsyncSemaphore* semaphore,
                       std::optional<Result<void>>* result) -> Async<void> {
    *result = co_await semaphore->acquire(
        5, std::chrono::steady_clock::now() + std::chrono::milliseconds(2));
  };
  AsyncScope scope(context_.get_executor());
  EXPECT_TRUE(semaphore_.try_acquire(10));
  scope.spawn(wait(&semaphore_, &outcome));
  context_.restart();
  context_.run();
  ASSERT_TRUE(outcome.has_value() && outcome->has_error());
  EXPECT_EQ(outcome->error().code, ErrorCode::timeout);
  EXPECT_FALSE(semaphore_.anybody_waits());
  semaphore_.release(10);
  EXPECT_EQ(semaphore_.available(), 10u);
}

// Granted and cancelled before it could run again: it owns the units, and says so.
TEST_F(AsyncSemaphoreTest, GrantWinsOverCancellation) {
  AsyncScope scope(context_.get_executor());
  EXPECT_TRUE(semaphore_.try_acquire(10));
  scope.spawn(take(&semaphore_, 4, "waiter", &log_));
  settle();
  semaphore_.release(10);
  scope.request_stop();
  settle();
  EXPECT_EQ(log_, (Log{"waiter"}));
  EXPECT_EQ(semaphore_.available(), 6u);
}

TEST(AsyncSemaphore, ContextDestroyedWithWaiters) {
  Log log;
  {
    boost::asio::io_context context;
    AsyncSemaphore semaphore(context.get_executor(), 1);
    AsyncScope scope(context.get_executor());
    EXPECT_TRUE(semaphore.try_acquire(1));
    scope.spawn(take(&semaphore, 1, "a", &log));
    scope.spawn(take(&semaphore, 1, "b", &log));
    context.poll();
  }
  EXPECT_TRUE(log.empty());
}

TEST(AsyncSemaphore, SemaphoreOutlivesItsContext) {
  Log log;
  auto context = std::make_unique<boost::asio::io_context>();
  AsyncSemaphore semaphore(context->get_executor(), 1);
  {
    AsyncScope scope(context->get_executor());
    EXPECT_TRUE(semaphore.try_acquire(1));
    scope.spawn(take(&semaphore, 1, "a", &log));
    context->poll();
  }
  context.reset();
  semaphore.release(1);
  EXPECT_EQ(semaphore.available(), 1u);
}

TEST_F(AsyncSemaphoreTest, MayGrowAndShrink) {
  AsyncScope scope(context_.get_executor());
  EXPECT_TRUE(semaphore_.try_acquire(8));
  semaphore_.resize(4);  // eight are held all the same
  EXPECT_EQ(semaphore_.available(), 0u);
  scope.spawn(take(&semaphore_, 1, "late", &log_));
  semaphore_.release(4);
  settle();
  EXPECT_TRUE(log_.empty());  // four are still held, and four there are
  semaphore_.release(1);
  settle();
  EXPECT_EQ(log_, (Log{"late"}));
  scope.spawn(take(&semaphore_, 3, "later", &log_));
  settle();
  semaphore_.resize(7);
  settle();
  EXPECT_EQ(log_, (Log{"late", "later"}));
  semaphore_.release(7);
  EXPECT_EQ(semaphore_.available(), 7u);
}

TEST_F(AsyncSemaphoreTest, WhoWaitsForMoreThanIsLeftGetsThat) {
  AsyncScope scope(context_.get_executor());
  EXPECT_TRUE(semaphore_.try_acquire(10));
  scope.spawn(take(&semaphore_, 9, "all", &log_));
  settle();
  semaphore_.resize(2);
  semaphore_.release(10);
  settle();
  EXPECT_EQ(log_, (Log{"all"}));
  semaphore_.release(2);
  EXPECT_EQ(semaphore_.available(), 2u);
}

}  // namespace
}  // namespace dth
