#include "base/blocking.h"

#include <set>

#include <gtest/gtest.h>

#include "base/async_scope.h"
#include "base/testing/run_for_test.h"

namespace dth {
namespace {

struct Seen {
  std::vector<int> values;
  std::set<std::thread::id> worked_on, resumed_on;
  std::mutex mutex;
};

Async<void> square(BlockingExecutor* pool, int number, Seen* seen) {
  const auto work = [number, seen] {
    std::lock_guard lock(seen->mutex);
    seen->worked_on.insert(std::this_thread::get_id());
    return number * number;
  };
  const int value = co_await run_blocking(*pool, work);
  std::lock_guard lock(seen->mutex);
  seen->values.push_back(value);
  seen->resumed_on.insert(std::this_thread::get_id());
}

TEST(Blocking, ManyCoroutinesResumeOnTheirOwnExecutor) {
  boost::asio::io_context context;
  BlockingPool pool(3);
  Seen seen;
  AsyncScope scope(context.get_executor());
  for (int i = 0; i < 200; ++i) scope.spawn(square(&pool, i, &seen));
  context.run();  // does not return while work is out
  std::sort(seen.values.begin(), seen.values.end());
  ASSERT_EQ(seen.values.size(), 200u);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(seen.values[static_cast<std::size_t>(i)], i * i);
  EXPECT_EQ(seen.resumed_on, std::set{std::this_thread::get_id()});
  EXPECT_FALSE(seen.worked_on.contains(std::this_thread::get_id()));
}

TEST(Blocking, OneThreadKeepsTheOrder) {
  boost::asio::io_context context;
  BlockingPool pool(1);
  Seen seen;
  AsyncScope scope(context.get_executor());
  for (int i = 0; i < 50; ++i) scope.spawn(square(&pool, i, &seen));
  context.run();
  EXPECT_TRUE(std::is_sorted(seen.values.begin(), seen.values.end()));
  EXPECT_EQ(seen.worked_on.size(), 1u);
}

TEST(Blocking, InlineRunsInPlace) {
  boost::asio::io_context context;
  InlineExecutor inline_executor;
  Seen seen;
  AsyncScope scope(context.get_executor());
  scope.spawn(square(&inline_executor, 7, &seen));
  context.run();
  EXPECT_EQ(seen.values, std::vector<int>{49});
  EXPECT_EQ(seen.worked_on, std::set{std::this_thread::get_id()});
}

Async<Result<std::string>> fetch(BlockingExecutor* pool, bool good) {
  auto value = co_await run_blocking(*pool, [good]() -> Result<std::string> {
    if (good) return std::string("text");
    return Error{ErrorCode::not_found, "no text", ""};
  });
  co_return value;
}

TEST(Blocking, CarriesResults) {
  boost::asio::io_context context;
  BlockingPool pool(1);
  EXPECT_EQ(run_for_test(context, fetch(&pool, true)).value(), "text");
  EXPECT_EQ(run_for_test(context, fetch(&pool, false)).error().code, ErrorCode::not_found);
}

// Cancelled while its work runs: the value arrives nevertheless.
Async<void> fetch_and_log(BlockingExecutor* pool, std::mutex* gate, std::vector<int>* log) {
  const int value = co_await run_blocking(*pool, [gate] {
    std::lock_guard wait(*gate);
    return 1;
  });
  log->push_back(value);
}

TEST(Blocking, CancellationDoesNotInterruptIt) {
  boost::asio::io_context context;
  BlockingPool pool(1);
  std::mutex gate;
  std::vector<int> log;
  AsyncScope scope(context.get_executor());
  gate.lock();
  scope.spawn(fetch_and_log(&pool, &gate, &log));
  context.poll();
  scope.request_stop();
  context.poll();
  EXPECT_TRUE(log.empty());
  gate.unlock();
  context.run();
  EXPECT_EQ(log, std::vector<int>{1});
}

TEST(Blocking, PoolDestroyedBeforeTheContextFinishesItsWork) {
  std::vector<int> log;
  Seen seen;
  {
    boost::asio::io_context context;
    AsyncScope scope(context.get_executor());
    BlockingPool pool(2);
    for (int i = 0; i < 20; ++i) scope.spawn(square(&pool, i, &seen));
    context.poll_one();
  }
  EXPECT_LE(seen.worked_on.size(), 2u);
}

}  // namespace
}  // namespace dth
