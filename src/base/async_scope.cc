#include "base/async_scope.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

namespace dth {
namespace asio = boost::asio;

// The timer never expires; its wait ends when remove() cancels it.
AsyncScope::AsyncScope(Executor executor)
    : executor_(executor), empty_(executor, MonotonicTime::max()) {}

AsyncScope::~AsyncScope() = default;

// A cancellation that comes before throw_if_cancelled(false) would end the child by an exception,
// so none is sent until then.
Async<void> AsyncScope::run_child(std::list<Child>::iterator child, Async<void> work) {
  co_await asio::this_coro::throw_if_cancelled(false);
  child->started = true;
  if (stopping_) child->signal.emit(asio::cancellation_type::terminal);
  co_await std::move(work);
}

// What co_spawn calls at a child's end. A type of its own rather than bind_cancellation_slot():
// with that, co_spawn would dispatch cancellations through the executor, and one that has to queue
// would find its child gone.
struct AsyncScope::ChildEnd {
  using cancellation_slot_type = asio::cancellation_slot;
  cancellation_slot_type get_cancellation_slot() const noexcept { return child->signal.slot(); }

  void operator()(std::exception_ptr failure) const {
    scope->remove(child);
    if (failure) std::rethrow_exception(failure);
  }

  AsyncScope* scope;
  std::list<Child>::iterator child;
};

void AsyncScope::spawn(Async<void> work) {
  auto child = children_.emplace(children_.end());
  asio::co_spawn(executor_, run_child(child, std::move(work)), ChildEnd{this, child});
}

void AsyncScope::remove(std::list<Child>::iterator child) {
  children_.erase(child);
  if (children_.empty()) empty_.cancel();
}

void AsyncScope::request_stop() {
  stopping_ = true;
  // A signal may end its child at once and so change the list: step past a child before signalling
  // it.
  for (auto child = children_.begin(); child != children_.end();) {
    auto next = std::next(child);
    if (child->started) child->signal.emit(asio::cancellation_type::terminal);
    child = next;
  }
}

Async<void> AsyncScope::join() {
  while (!children_.empty()) {
    if (!stopping_ && is_cancelled(co_await asio::this_coro::cancellation_state)) request_stop();
    boost::system::error_code ignored;
    co_await empty_.async_wait(asio::redirect_error(use_async, ignored));
  }
}

Async<void> AsyncScope::stop() {
  request_stop();
  co_await join();
}

}  // namespace dth
