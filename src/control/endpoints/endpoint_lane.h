#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/bounded.h"
#include "objects/store_opener.h"

namespace dth::control {

// Where people's questions to endpoints are asked: a thread with stores of its own. On the thread
// that serves the API they cannot be, because opening a store reads files and asks the state for
// credentials, and that blocks; on the lanes of a worker neither, because there may be none, and
// what runs there must not wait for somebody's test of an endpoint that hangs. On this one, a
// question that blocks for a moment delays other questions, and nothing else.
class EndpointLane {
 public:
  static constexpr int questions_max = 16;  // under way at a time
  static constexpr std::chrono::seconds question_time_max{30};

  // Both outlive it.
  EndpointLane(objects::StoreOpener& opener, Clock& clock);
  // Waits for what is under way, which it cancels. Those who wait for an answer still run.
  ~EndpointLane();
  EndpointLane(const EndpointLane&) = delete;
  EndpointLane& operator=(const EndpointLane&) = delete;

  // What is under way is cancelled, and what comes later at once. Thread-safe.
  void request_stop();

  template <class T>
  using Question = std::function<Async<Result<T>>(objects::LaneOpener&)>;
  // Awaits question(lane), there, for question_time_max, and gives its answer on the caller's
  // executor. throttled: too many are under way. The question is no coroutine itself. It is not
  // cancelled with its caller, who waits.
  template <class T>
  Async<Result<T>> ask(Question<T> question) {
    if (++under_way_ > questions_max) {
      --under_way_;
      co_return busy();
    }
    const Executor executor = co_await boost::asio::this_coro::executor;
    auto initiate = [this, &question, executor](auto handler) {
      // A coroutine's handler can only be moved; std::function wants to copy.
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      auto work = boost::asio::require(executor, boost::asio::execution::outstanding_work.tracked);
      Give<T> give = [shared, work](Result<T> answer) {
        auto kept = std::make_shared<Result<T>>(std::move(answer));
        boost::asio::post(work, [shared, kept] { (*shared)(std::move(*kept)); });
      };
      boost::asio::post(context_,
                        [this, &question, give] { scope_->spawn(perform<T>(&question, give)); });
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>&,
                                                   void(Result<T>)>(initiate, use_async);
  }

 private:
  template <class T>
  using Give = std::function<void(Result<T>)>;

  template <class T>
  Async<void> perform(const Question<T>* question, Give<T> give) {
    const Deadline deadline = Deadline::at(clock_.monotonic_now() + question_time_max);
    objects::LaneOpener* const lane = lane_.get();
    std::function<Async<Result<T>>()> work = [question, lane] { return (*question)(*lane); };
    auto answer = co_await within<T>(clock_, deadline, std::move(work), "the endpoint");
    lane_->close_idle();
    --under_way_;
    give(std::move(answer));
  }
  static Error busy();

  Clock& clock_;
  std::atomic<int> under_way_ = 0;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_;
  std::unique_ptr<objects::LaneOpener> lane_;  // these on the lane's thread
  std::unique_ptr<AsyncScope> scope_;
  std::thread thread_;
};

}  // namespace dth::control
