#include "net/client/buffer_pool.h"

#include "base/async_scope.h"
#include "net/client/testing/client_fixture.h"

namespace dth::net {
namespace {

class BufferPoolTest : public ::testing::Test {
 protected:
  Buffer take(BufferPool& pool, std::uint64_t size) {
    auto buffer = testing::await(context_, pool.acquire(size));
    EXPECT_TRUE(buffer.has_value());
    return std::move(*buffer);
  }

  static Async<void> take_into(BufferPool& pool, std::uint64_t size,
                               std::optional<Result<bool>>* outcome) {
    auto buffer = co_await pool.acquire(size);
    if (buffer.has_error()) {
      *outcome = buffer.error();
    } else {
      *outcome = true;
    }
  }

  boost::asio::io_context context_{1};
};

TEST_F(BufferPoolTest, TheSizeFollowsTheHint) {
  BufferPool pool(context_.get_executor(), 4 << 20);
  EXPECT_EQ(take(pool, 1).size(), 64u * 1024);
  EXPECT_EQ(take(pool, 64 * 1024).size(), 64u * 1024);
  EXPECT_EQ(take(pool, 64 * 1024 + 1).size(), 256u * 1024);
  EXPECT_EQ(take(pool, 256 * 1024 + 1).size(), 1024u * 1024);
  EXPECT_EQ(take(pool, Body::size_unknown).size(), 1024u * 1024);
  Buffer aligned = take(pool, 1);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned.span().data()) % 4096, 0u);
}

TEST_F(BufferPoolTest, BuffersAreReusedAndCounted) {
  BufferPool pool(context_.get_executor(), 4 << 20);
  Buffer first = take(pool, 1 << 20);
  const std::byte* data = first.span().data();
  EXPECT_EQ(pool.bytes_on_loan(), 1u << 20);
  first = Buffer();
  EXPECT_EQ(pool.bytes_on_loan(), 0u);
  Buffer again = take(pool, 1 << 20);
  EXPECT_EQ(again.span().data(), data);
  const Buffer moved = std::move(again);
  EXPECT_FALSE(again);
  EXPECT_EQ(pool.bytes_on_loan(), 1u << 20);
}

TEST_F(BufferPoolTest, ABudgetIsSharedWithOthers) {
  BufferBudget budget(context_.get_executor(), 4 << 20);
  BufferPool pool(budget);
  {
    const Buffer one = take(pool, 1 << 20), two = take(pool, 1 << 20);
    EXPECT_EQ(budget.bytes_on_loan(), 2u << 20);
    ASSERT_TRUE(budget.bytes.try_acquire(2 << 20));  // a store of files, for example
    EXPECT_FALSE(pool.try_acquire(1));
    EXPECT_EQ(pool.bytes_on_loan(), 2u << 20);
    budget.bytes.release(2 << 20);
  }
  EXPECT_EQ(budget.bytes_on_loan(), 0u);
}

TEST_F(BufferPoolTest, WhatLiesUnusedMakesRoomForOthers) {
  BufferBudget budget(context_.get_executor(), 2 << 20);
  BufferPool pool(budget);
  for (Buffer held[] = {take(pool, 1 << 20), take(pool, 1 << 20)}; Buffer & buffer : held)
    buffer.span();
  EXPECT_EQ(pool.bytes_unused(), 2u << 20);
  ASSERT_TRUE(budget.bytes.try_acquire(1 << 20));
  budget.make_room();
  EXPECT_EQ(pool.bytes_unused(), 1u << 20);
  budget.bytes.release(1 << 20);
}

TEST_F(BufferPoolTest, WhoeverAsksForTooMuchWaits) {
  BufferPool pool(context_.get_executor(), 1 << 20);
  std::optional<Result<bool>> outcome;
  AsyncScope scope(context_.get_executor());
  {
    const Buffer all = take(pool, 1 << 20);
    scope.spawn(take_into(pool, 1, &outcome));
    context_.restart();
    context_.poll();
    EXPECT_FALSE(outcome.has_value());
  }
  context_.restart();
  context_.run();
  ASSERT_TRUE(outcome.has_value());
  EXPECT_TRUE(outcome->has_value());
  EXPECT_EQ(pool.bytes_on_loan(), 0u);
}

TEST_F(BufferPoolTest, WhereNothingMovesAWaitEnds) {
  BufferPool pool(context_.get_executor(), 1 << 20);
  const Buffer all = take(pool, 1 << 20);
  auto buffer = testing::await(context_, pool.acquire(1, std::chrono::milliseconds(5)));
  ASSERT_TRUE(buffer.has_error());
  EXPECT_EQ(buffer.error().code, ErrorCode::timeout);
  EXPECT_NE(buffer.error().message.find("no buffer for an object became free"), std::string::npos);
  EXPECT_EQ(pool.bytes_on_loan(), 1u << 20);
}

TEST_F(BufferPoolTest, WhileTransfersMoveAWaitGoesOn) {
  BufferPool pool(context_.get_executor(), 1 << 20);
  std::optional<Result<bool>> outcome;
  Buffer all = take(pool, 1 << 20);
  const auto take_with_patience = [](BufferPool& of,
                                     std::optional<Result<bool>>* result) -> Async<void> {
    auto buffer = co_await of.acquire(1, std::chrono::milliseconds(2));
    *result = buffer.has_error() ? Result<bool>(buffer.error()) : Result<bool>(true);
  };
  AsyncScope scope(context_.get_executor());
  scope.spawn(take_with_patience(pool, &outcome));
  context_.restart();
  for (int i = 0; i < 10; ++i) {
    context_.poll();
    (void)all.span();  // the transfer moves, and its loan is not given back for some patiences
    context_.run_one_for(std::chrono::milliseconds(50));
  }
  EXPECT_FALSE(outcome.has_value());
  all = Buffer();
  context_.restart();
  context_.run();
  ASSERT_TRUE(outcome.has_value());
  EXPECT_TRUE(outcome->has_value());
}

TEST_F(BufferPoolTest, AWaiterCanBeCancelled) {
  BufferPool pool(context_.get_executor(), 1 << 20);
  std::optional<Result<bool>> outcome;
  AsyncScope scope(context_.get_executor());
  const Buffer all = take(pool, 1 << 20);
  scope.spawn(take_into(pool, 1 << 20, &outcome));
  context_.restart();
  context_.poll();
  scope.request_stop();
  context_.restart();
  context_.run();
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->error().code, ErrorCode::cancelled);
  EXPECT_EQ(pool.bytes_on_loan(), 1u << 20);
}

}  // namespace
}  // namespace dth::net
