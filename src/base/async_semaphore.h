#pragma once

#include <cstdint>
#include <list>

#include "base/clock.h"

namespace dth {

// A bound on something: requests in flight, bytes of buffers. First come, first served, so that a
// large request is not starved by small ones. Not thread-safe: one lane's coroutines share it.
class AsyncSemaphore {
 public:
  AsyncSemaphore(Executor executor, std::uint64_t capacity);
  ~AsyncSemaphore();  // precondition: nobody waits, or the executor's context runs no more
  AsyncSemaphore(const AsyncSemaphore&) = delete;
  AsyncSemaphore& operator=(const AsyncSemaphore&) = delete;

  // Waits until `units` (at most the capacity; more is cut to it) are free and takes them. Fails
  // with ErrorCode::cancelled, or with ErrorCode::timeout once `until` has passed, and then holds
  // nothing.
  Async<Result<void>> acquire(std::uint64_t units, MonotonicTime until = MonotonicTime::max());

  // Takes them if that needs no waiting.
  bool try_acquire(std::uint64_t units);

  void release(std::uint64_t units);

  // From now on there are so many. What is held above that is not taken away; it just does not come
  // back.
  void resize(std::uint64_t capacity);

  bool anybody_waits() const { return !waiters_.empty(); }
  std::uint64_t available() const { return available_; }
  std::uint64_t capacity() const { return capacity_; }

 private:
  struct Waiter;
  void wake();
  Executor executor_;
  std::uint64_t capacity_;
  std::uint64_t available_;
  std::uint64_t owed_ = 0;  // held above the capacity
  std::list<Waiter*> waiters_;
};

}  // namespace dth
