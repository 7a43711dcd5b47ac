#include "net/poller.h"

#include <cerrno>

#include <boost/system/system_error.hpp>

namespace dth::net {
namespace asio = boost::asio;

asio::execution_context::id Poller::id;

Poller::Poller(asio::io_context& context) : service(context), set_(context.get_executor()) {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) throw boost::system::system_error(errno, boost::system::system_category(), "epoll");
  set_.assign(set);
}

void Poller::shutdown() {
  // A wait that goes takes its coroutine along, and that perhaps sockets.
  for (Place socket = sockets_.begin(); socket != sockets_.end();) {
    socket = (*socket)->drop_wait() ? sockets_.begin() : std::next(socket);
  }
  boost::system::error_code ignored;
  set_.close(ignored);
}

void Poller::add_waiter() {
  ++waiters_;
  watch();
}

void Poller::remove_waiter() {
  // A context that has nothing else to do may end.
  boost::system::error_code ignored;
  if (--waiters_ == 0 && watching_) set_.cancel(ignored);
}

void Poller::watch() {
  if (watching_ || looking_) return;
  watching_ = true;
  set_.async_wait(Set::wait_read, [this](const boost::system::error_code&) {
    watching_ = false;
    look();
    if (waiters_ > 0) watch();
  });
}

// More than fits at once is met again by the next wait, which looks at the set again. Whoever is
// resumed sees of every socket what is known: a connection taken from the idle ones may be one of
// these.
void Poller::look() {
  looking_ = true;
  events_count_ =
      std::max(0, ::epoll_wait(set_.native_handle(), events_.data(), events_at_once_max, 0));
  for (int i = 0; i < events_count_; ++i) {
    const epoll_event& event = events_[static_cast<std::size_t>(i)];
    static_cast<Readiness*>(event.data.ptr)->learn(event.events);
  }
  for (int i = 0; i < events_count_; ++i) {
    void* const socket = events_[static_cast<std::size_t>(i)].data.ptr;
    if (socket != nullptr) static_cast<Readiness*>(socket)->end_ready_waits();
  }
  events_count_ = 0;
  looking_ = false;
}

void Poller::forget(Place socket) {
  for (int i = 0; i < events_count_; ++i) {
    epoll_event& event = events_[static_cast<std::size_t>(i)];
    if (event.data.ptr == *socket) event.data.ptr = nullptr;
  }
  sockets_.erase(socket);
}

Readiness::Readiness(Executor executor)
    : executor_(executor), poller_(asio::use_service<Poller>(executor.context())) {}

int Readiness::attach(int descriptor) {
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.ptr = this;
  if (::epoll_ctl(poller_.set_.native_handle(), EPOLL_CTL_ADD, descriptor, &wanted) != 0)
    return errno;
  descriptor_ = descriptor;
  place_ = poller_.sockets_.insert(poller_.sockets_.end(), this);
  ready_ = to_read | to_write;
  kept_ready_ = 0;
  return 0;
}

void Readiness::detach() {
  if (descriptor_ < 0) return;
  end_waits();
  ::epoll_ctl(poller_.set_.native_handle(), EPOLL_CTL_DEL, descriptor_, nullptr);
  descriptor_ = -1;
  poller_.forget(place_);
}

void Readiness::end_waits() {
  for (Slot& slot : slots_) end(slot, asio::error::operation_aborted, &executor_);
}

void Readiness::begun(Slot& slot, unsigned directions) {
  slot.directions = directions;
  poller_.add_waiter();
  if (is_ready(directions)) end(slot, {}, &executor_);
}

void Readiness::end(Slot& slot, const boost::system::error_code& failure, Executor* queue) {
  if (slot.wait == nullptr) return;
  poller_.remove_waiter();
  std::exchange(slot.wait, nullptr)->end(failure, queue);
}

void Readiness::learn(std::uint32_t events) {
  // Of an end there is one event only, which may come with bytes before it: trying goes on until it
  // is met.
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) kept_ready_ = to_read | to_write;
  if ((events & EPOLLRDHUP) != 0) kept_ready_ |= to_read;
  if ((events & EPOLLIN) != 0) ready_ |= to_read;
  if ((events & EPOLLOUT) != 0) ready_ |= to_write;
  ready_ |= kept_ready_;
}

void Readiness::end_ready_waits() {
  Slot& first = slots_[0];
  Slot& second = slots_[1];
  const bool ends_first = first.wait != nullptr && is_ready(first.directions);
  if (second.wait != nullptr && is_ready(second.directions))
    end(second, {}, ends_first ? &executor_ : nullptr);
  // Last: whoever is called may destroy this.
  if (ends_first) end(first, {}, nullptr);
}

// One, since this may go with it.
bool Readiness::drop_wait() {
  for (Slot& slot : slots_) {
    if (slot.wait == nullptr) continue;
    poller_.remove_waiter();
    std::exchange(slot.wait, nullptr)->drop();
    return true;
  }
  return false;
}

}  // namespace dth::net
