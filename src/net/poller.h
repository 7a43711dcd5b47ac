#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <list>
#include <memory>
#include <new>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <sys/epoll.h>

#include "base/async.h"

namespace dth::net {

class Readiness;

// The sockets of one io_context, in an epoll set of their own that Asio watches as one descriptor.
// A socket enters it once, edge-triggered, and what it is ready for is remembered (Readiness);
// Asio's own waits cost a system call each (docs/adr/0014). Not thread-safe: the context must be
// run by one thread. epoll(7), "Level-triggered and edge-triggered".
class Poller final : public boost::asio::execution_context::service {
 public:
  static boost::asio::execution_context::id id;

  explicit Poller(boost::asio::io_context& context);

  // Is the set looked at whenever the context comes round? It is while anybody waits.
  bool is_watching() const { return watching_ || looking_; }

 private:
  friend class Readiness;
  using Set = boost::asio::posix::basic_stream_descriptor<Executor>;
  using Place = std::list<Readiness*>::iterator;
  static constexpr int events_at_once_max = 128;

  void shutdown() override;
  void add_waiter();
  void remove_waiter();
  void watch();
  void look();
  void forget(Place socket);

  Set set_;
  std::list<Readiness*> sockets_;
  std::array<epoll_event, events_at_once_max> events_{};  // being handed out while looking_
  int events_count_ = 0;
  std::size_t waiters_ = 0;
  bool watching_ = false;
  bool looking_ = false;
};

// Who waits: one coroutine may read while another one writes. Where there is one only, it is the
// first.
enum class Waiter { first, second };

// What one socket is ready for, as far as is known. Waits run their handlers on the socket's
// executor.
class Readiness {
 public:
  static constexpr unsigned to_read = 1;
  static constexpr unsigned to_write = 2;

  explicit Readiness(Executor executor);
  ~Readiness() { detach(); }
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // From now on about this descriptor, which stays open until detach(). An error number, or 0.
  int attach(int descriptor);

  // Waits under way end as by end_waits().
  void detach();

  // Is it worth trying? True where nothing is known.
  bool is_ready(unsigned directions) const { return (ready_ & directions) != 0; }

  // Trying met EAGAIN, or took less than it had room for (a read also does before urgent data,
  // which nobody here asks for): not ready until an event says so.
  void exhausted(unsigned direction) { ready_ = (ready_ & ~direction) | kept_ready_; }

  // Does is_ready() know of all that came until the context last came round?
  bool is_watched() const { return poller_.is_watching(); }

  // Until one of `directions` is ready. Fails with operation_aborted where something else ended it.
  template <class Token>
  auto async_wait(unsigned directions, Waiter waiter, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
        [this, directions, waiter](auto handler) {
          this->begin(directions, waiter, std::move(handler));
        },
        token);
  }

  // Ends the waits under way, with operation_aborted; their handlers are called later, not from
  // within.
  void end_waits();

 private:
  friend class Poller;

  // A handler whose type is forgotten.
  struct Wait {
    virtual ~Wait() = default;
    // Calls the handler: from within, or through the executor's queue. The wait is gone then.
    virtual void end(const boost::system::error_code& failure, Executor* queue) = 0;
    // Destroys the handler, and with it perhaps the socket.
    virtual void drop() = 0;
  };
  template <class Handler>
  struct WaitOf;
  struct Slot {
    Wait* wait = nullptr;
    unsigned directions = 0;
    // Of the wait: a handler is a pointer or four.
    alignas(std::max_align_t) std::array<std::byte, 64> memory;
  };

  template <class Handler>
  void begin(unsigned directions, Waiter waiter, Handler handler);
  void begun(Slot& slot, unsigned directions);
  void end(Slot& slot, const boost::system::error_code& failure, Executor* queue);
  void learn(std::uint32_t events);
  void end_ready_waits();
  bool drop_wait();

  Executor executor_;
  Poller& poller_;
  Poller::Place place_{};
  int descriptor_ = -1;
  unsigned ready_ = to_read | to_write;
  unsigned kept_ready_ = 0;  // the other side has ended it: what is tried will not block again
  std::array<Slot, 2> slots_;
};

template <class Handler>
struct Readiness::WaitOf final : Readiness::Wait {
  explicit WaitOf(Handler wanted) : handler(std::move(wanted)) {}

  // From where the socket has its waits, so that it may go.
  Handler take() {
    Handler owned(std::move(handler));
    std::destroy_at(this);
    return owned;
  }

  void drop() override { static_cast<void>(take()); }

  void end(const boost::system::error_code& failure, Executor* queue) override {
    Handler owned = take();
    if (queue == nullptr) {
      run(owned, failure);
    } else {
      boost::asio::post(*queue,
                        [owned = std::move(owned), failure]() mutable { run(owned, failure); });
    }
  }

  static void run(Handler& owned, const boost::system::error_code& failure) {
    auto cancellation = boost::asio::get_associated_cancellation_slot(owned);
    if (cancellation.is_connected()) cancellation.clear();
    std::move(owned)(failure);
  }

  Handler handler;
};

template <class Handler>
void Readiness::begin(unsigned directions, Waiter waiter, Handler handler) {
  Slot& slot = slots_[static_cast<std::size_t>(waiter)];
  static_assert(sizeof(WaitOf<Handler>) <= sizeof slot.memory);
  assert(slot.wait == nullptr);
  auto cancellation = boost::asio::get_associated_cancellation_slot(handler);
  slot.wait = new (slot.memory.data()) WaitOf<Handler>(std::move(handler));
  if (cancellation.is_connected()) {
    cancellation.assign([this, &slot](boost::asio::cancellation_type) {
      end(slot, boost::asio::error::operation_aborted, &executor_);
    });
  }
  begun(slot, directions);
}

}  // namespace dth::net
