#pragma once

#include <functional>
#include <future>
#include <memory>
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
  Result<T> call(const Operation<T>& operation) {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto answer = promise->get_future();
    boost::asio::post(context_,
                      [this, &operation, promise] { scope_.spawn(perform(&operation, promise)); });
    return answer.get();
  }

  std::string describe() const { return description_; }

  // Ends all waits for a store that cannot be reached, now and later.
  void request_stop();

 private:
  BlockingStore(Clock& clock, BlockingStoreOptions options);
  Result<void> start(const MakeStore& make);
  RetryOptions retry_options();

  template <class T>
  Async<void> perform(const Operation<T>* operation,
                      std::shared_ptr<std::promise<Result<T>>> promise) {
    const auto once = [this, operation] { return (*operation)(owner_->store()); };
    auto result = co_await retry(clock_, retry_options(), once);
    promise->set_value(std::move(result));
  }

  Clock& clock_;
  const BlockingStoreOptions options_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_;
  AsyncScope scope_;
  std::shared_ptr<Outage> outage_;  // null: nobody waits
  Outages outages_;
  std::unique_ptr<StoreOwner> owner_;
  std::string description_;
  std::uint32_t seed_ = 0;
  std::thread thread_;
};

}  // namespace dth::ledger
