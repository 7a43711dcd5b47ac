#pragma once

#include <functional>
#include <memory>
#include <type_traits>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include "base/async.h"

namespace dth {

// Where work goes that would block a lane: the database, disks, long hashing.
class BlockingExecutor {
 public:
  virtual ~BlockingExecutor() = default;
  // Runs `work` later on a thread of its own, or at once for the inline one.
  virtual void submit(std::function<void()> work) = 0;
  // Is the work run within submit()?
  virtual bool is_inline() const { return false; }
};

// Threads in a pool; work runs in the order of submission when there is one thread. The queue is
// bounded by its users: each coroutine has at most one piece of work in it.
class BlockingPool final : public BlockingExecutor {
 public:
  explicit BlockingPool(unsigned threads);
  ~BlockingPool() override;  // waits for what was submitted
  void submit(std::function<void()> work) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs the work in place: simulations and tests, where nothing may depend on the order of threads.
class InlineExecutor final : public BlockingExecutor {
 public:
  void submit(std::function<void()> work) override { work(); }
  bool is_inline() const override { return true; }
};

// Awaits `function()` run on `pool`; returns its value on the caller's executor. Not cancelled: a
// database transaction that has begun is waited for. Whatever `function` refers to must outlive the
// call. `function` must not throw. The pool must be destroyed before the caller's io_context: it
// posts to it.
template <class Function>
auto run_blocking(BlockingExecutor& pool, Function function)
    -> Async<std::invoke_result_t<Function&>> {
  using Value = std::invoke_result_t<Function&>;
  if (pool.is_inline()) co_return function();
  Executor executor = co_await boost::asio::this_coro::executor;
  auto initiate = [&pool, &function, executor](auto handler) {
    // A coroutine's handler can only be moved; std::function wants to copy.
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto work = boost::asio::require(executor, boost::asio::execution::outstanding_work.tracked);
    pool.submit([shared, &function, work] {
      auto value = std::make_shared<Value>(function());
      boost::asio::post(work, [shared, value] { (*shared)(std::move(*value)); });
    });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>&,
                                                 void(Value)>(initiate, use_async);
}

}  // namespace dth
