#include "base/async_scope.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

namespace dth {
namespace asio = boost::asio;
namespace {

Async<void> run_child(Async<void> work) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await std::move(work);
}

}  // namespace

AsyncScope::AsyncScope(Executor executor) : executor_(executor), empty_(executor) {}

AsyncScope::~AsyncScope() = default;

void AsyncScope::spawn(Async<void> work) {
  auto child = children_.emplace(children_.end());
  asio::co_spawn(executor_, run_child(std::move(work)),
                 asio::bind_cancellation_slot(child->signal.slot(), [this, child](std::exception_ptr failure) {
                   remove(child);
                   if (failure) std::rethrow_exception(failure);
                 }));
  if (stopping_) child->signal.emit(asio::cancellation_type::terminal);
}

void AsyncScope::remove(std::list<Child>::iterator child) {
  children_.erase(child);
  if (children_.empty()) empty_.cancel();
}

void AsyncScope::request_stop() {
  stopping_ = true;
  // A signal may end its child at once and so change the list: step past a child before signalling it.
  for (auto child = children_.begin(); child != children_.end();) {
    auto next = std::next(child);
    child->signal.emit(asio::cancellation_type::terminal);
    child = next;
  }
}

Async<void> AsyncScope::join() {
  while (!children_.empty()) {
    if (!stopping_ && is_cancelled(co_await asio::this_coro::cancellation_state)) request_stop();
    boost::system::error_code ignored;
    empty_.expires_at(std::chrono::steady_clock::time_point::max());
    co_await empty_.async_wait(asio::redirect_error(use_async, ignored));
  }
}

Async<void> AsyncScope::stop() {
  request_stop();
  co_await join();
}

}  // namespace dth
