#pragma once

#include <cstddef>
#include <list>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.h"

namespace dth {

// The only way to start a coroutine that runs beside its parent: whatever is spawned is joined
// before the scope goes.
//
// Children run with throw_if_cancelled(false): a cancelled child sees ErrorCode::cancelled from the
// operation it waits in, and may still await its clean-up. A child that ends by an exception is a
// bug and ends the program through io_context::run().
//
// Not thread-safe: spawn, stop and join on the scope's own executor, which must be driven by one
// thread.
class AsyncScope {
 public:
  explicit AsyncScope(Executor executor);
  ~AsyncScope();  // precondition: no child left, or the executor's context is being destroyed
  AsyncScope(const AsyncScope&) = delete;
  AsyncScope& operator=(const AsyncScope&) = delete;

  // Runs `work` beside the caller. After request_stop() the child starts with its cancellation
  // already requested.
  void spawn(Async<void> work);

  // Cancels every child, now and to come. Does not wait. Idempotent.
  void request_stop();

  // Returns when no child is left. If the caller is cancelled while it waits, the children are, and
  // it goes on waiting.
  Async<void> join();

  // request_stop() and join().
  Async<void> stop();

  std::size_t size() const { return children_.size(); }

 private:
  struct Child {
    boost::asio::cancellation_signal signal;
    bool started = false;
  };
  struct ChildEnd;
  Async<void> run_child(std::list<Child>::iterator child, Async<void> work);
  void remove(std::list<Child>::iterator child);

  Executor executor_;
  std::list<Child> children_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      empty_;
  bool stopping_ = false;
};

}  // namespace dth
