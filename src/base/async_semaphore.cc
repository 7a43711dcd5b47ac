#include "base/async_semaphore.h"

#include <boost/asio/steady_timer.hpp>

namespace dth {
namespace asio = boost::asio;

struct AsyncSemaphore::Waiter {
  AsyncSemaphore* owner;
  std::uint64_t units;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer;
  std::list<Waiter*>::iterator place = {};
  bool granted = false;

  // Also runs when the context is destroyed with the coroutine still waiting, perhaps after the
  // semaphore.
  ~Waiter() { leave(); }

  void leave() {
    if (!granted && owner) owner->waiters_.erase(place);
    owner = nullptr;
  }
};

AsyncSemaphore::AsyncSemaphore(Executor executor, std::uint64_t capacity)
    : executor_(executor), capacity_(capacity), available_(capacity) {}

AsyncSemaphore::~AsyncSemaphore() {
  for (Waiter* waiter : waiters_) waiter->owner = nullptr;
}

bool AsyncSemaphore::try_acquire(std::uint64_t units) {
  units = std::min(units, capacity_);
  if (!waiters_.empty() || units > available_) return false;
  available_ -= units;
  return true;
}

Async<Result<void>> AsyncSemaphore::acquire(std::uint64_t units, MonotonicTime until) {
  if (try_acquire(units)) co_return Result<void>();
  Waiter waiter{this, std::min(units, capacity_), {executor_, until}};
  waiter.place = waiters_.insert(waiters_.end(), &waiter);
  const auto [ended] = co_await waiter.timer.async_wait(use_async_tuple);
  if (waiter.granted) co_return Result<void>();
  // Those behind may have waited only because this one stood before them.
  waiter.leave();
  wake();
  // A timer that ran to its end was not cancelled.
  if (!ended)
    co_return Error{ErrorCode::timeout,
                    "memory or a place for a transfer did not become free in time; others hold it. "
                    "Run again, or lower --concurrency",
                    ""};
  co_return cancelled_error();
}

void AsyncSemaphore::release(std::uint64_t units) {
  units = std::min(units, capacity_ + owed_);
  const std::uint64_t paid = std::min(units, owed_);
  owed_ -= paid;
  available_ += units - paid;
  wake();
}

void AsyncSemaphore::resize(std::uint64_t capacity) {
  if (capacity > capacity_) {
    const std::uint64_t more = capacity - capacity_;
    const std::uint64_t paid = std::min(more, owed_);
    owed_ -= paid;
    available_ += more - paid;
  } else {
    const std::uint64_t fewer = capacity_ - capacity;
    const std::uint64_t taken = std::min(fewer, available_);
    available_ -= taken;
    owed_ += fewer - taken;
    for (Waiter* waiter : waiters_) waiter->units = std::min(waiter->units, capacity);
  }
  capacity_ = capacity;
  wake();
}

void AsyncSemaphore::wake() {
  while (!waiters_.empty() && waiters_.front()->units <= available_) {
    Waiter* next = waiters_.front();
    waiters_.pop_front();
    available_ -= next->units;
    next->granted = true;
    next->timer.cancel();
  }
}

}  // namespace dth
