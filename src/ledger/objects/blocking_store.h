#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/async_scope.h"
#include "base/outage.h"
#include "base/retry.h"
#include "objects/store_opener.h"

namespace dth::ledger {

// A store, with what it needs; made, used and destroyed on one thread.
class StoreOwner {
 public:
  virtual ~StoreOwner() = default;
  virtual objects::ObjectStore& store() = 0;
};
using MakeStore = std::function<Result<std::unique_ptr<StoreOwner>>(Executor)>;

// That of a request, by a kind that the opener knows. Both outlive what it makes.
MakeStore store_by_request(objects::StoreOpener& opener, Clock& clock,
                           objects::StoreRequest request);

// What is done about a store that cannot be reached.
enum class WhenGone { wait, fail };

struct BlockingStoreOptions {
  RetryPolicy policy = {};
  // So long a store is waited for that cannot be reached; what waited then fails with
  // is_given_up(). Zero: it is not waited for.
  Duration unreachable_timeout = Duration::zero();
};

// A store for callers that may block, on a thread of its own. Thread-safe.
class BlockingStore {
 public:
  // Errors: those of making it. Sends no request. `clock` outlives it.
  static Result<std::unique_ptr<BlockingStore>> open(const MakeStore& make, Clock& clock,
                                                     BlockingStoreOptions options);
  ~BlockingStore();

  // Awaits operation(store), and repeats it where that may help: it must be idempotent. The
  // operation is no coroutine itself, and may be called several times.
  template <class T>
  using Operation = std::function<Async<Result<T>>(objects::ObjectStore&)>;
  template <class T>
  Result<T> call(const Operation<T>& operation, WhenGone when_gone = WhenGone::wait) {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto answer = promise->get_future();
    boost::asio::post(context_, [this, &operation, when_gone, promise] {
      scope_.spawn(perform(&operation, when_gone, promise));
    });
    return answer.get();
  }

  // What is waited for, in words; nothing while the store answers.
  std::optional<std::string> waiting() const;

  // Ends all waits for a store that cannot be reached, now and later.
  void request_stop();

 private:
  BlockingStore(Clock& clock, BlockingStoreOptions options);
  Result<void> start(const MakeStore& make);
  RetryOptions retry_options(Outages* outages);
  std::shared_ptr<Outages> watch(WhenGone when_gone);

  template <class T>
  Async<void> perform(const Operation<T>* operation, WhenGone when_gone,
                      std::shared_ptr<std::promise<Result<T>>> promise) {
    const auto once = [this, operation] { return (*operation)(owner_->store()); };
    const std::shared_ptr<Outages> outages = watch(when_gone);
    const RetryOptions options = retry_options(outages.get());
    auto result = co_await retry(clock_, options, once);
    promise->set_value(std::move(result));
  }

  Clock& clock_;
  const BlockingStoreOptions options_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_;
  AsyncScope scope_;
  mutable std::mutex mutex_;        // of these three
  std::shared_ptr<Outage> outage_;  // null: nobody has waited
  std::shared_ptr<Outages> outages_;
  bool is_stopping_ = false;
  std::unique_ptr<StoreOwner> owner_;
  std::uint32_t seed_ = 0;
  std::thread thread_;
};

}  // namespace dth::ledger
