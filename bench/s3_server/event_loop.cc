#include "event_loop.h"

#include <cerrno>
#include <deque>
#include <system_error>
#include <unordered_map>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "connection.h"

namespace dth::bench {
namespace {

constexpr std::size_t scratch_bytes = 1 << 20;

class Loop {
 public:
  Loop(Service& service, ssl_ctx_st* tls, int listener)
      : service_(service),
        tls_(tls),
        listener_(listener),
        epoll_(::epoll_create1(0)),
        scratch_(scratch_bytes) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = 0;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
  }

  void turn() {
    epoll_event events[256];
    const int count = ::epoll_wait(epoll_, events, 256, timeout_ms());
    for (int i = 0; i < count; ++i) {
      if (events[i].data.u64 == 0) {
        accept_all();
      } else {
        run(events[i].data.u64);
      }
    }
    // All delays are alike, so those who fell asleep first wake first.
    const auto now = std::chrono::steady_clock::now();
    while (!asleep_.empty() && asleep_.front().first <= now) {
      const std::uint64_t id = asleep_.front().second;
      asleep_.pop_front();
      run(id);
    }
    std::vector<std::uint64_t> again;
    again.swap(again_);
    for (const std::uint64_t id : again) {
      if (const auto found = connections_.find(id); found != connections_.end())
        found->second.queued = false;
      run(id);
    }
  }

 private:
  struct Entry {
    std::unique_ptr<Connection> connection;
    bool queued = false;  // in again_
  };
  int timeout_ms() const {
    if (!again_.empty()) return 0;
    if (asleep_.empty()) return -1;
    const auto left = asleep_.front().first - std::chrono::steady_clock::now();
    return static_cast<int>(
        std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(left).count()));
  }

  void accept_all() {
    for (;;) {
      const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor < 0) return;
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const std::uint64_t id = ++last_id_;
      epoll_event event{};
      event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
      event.data.u64 = id;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
      connections_[id].connection =
          std::make_unique<Connection>(descriptor, tls_, service_, scratch_);
      service_.counters().add_connection();
    }
  }

  void run(std::uint64_t id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    Connection& connection = *found->second.connection;
    switch (connection.run()) {
      case Connection::Next::wait:
        break;
      case Connection::Next::again:
        if (!std::exchange(found->second.queued, true)) again_.push_back(id);
        break;
      case Connection::Next::sleep:
        asleep_.emplace_back(connection.wake_time(), id);
        break;
      case Connection::Next::close:
        connections_.erase(found);
        break;
    }
  }

  Service& service_;
  ssl_ctx_st* tls_;
  int listener_;
  int epoll_;
  std::vector<char> scratch_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, Entry> connections_;
  std::deque<std::pair<std::chrono::steady_clock::time_point, std::uint64_t>> asleep_;
  std::vector<std::uint64_t> again_;
};

}  // namespace

int listen_on(std::uint16_t port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 4096) != 0) {
    throw std::system_error(errno, std::generic_category(),
                            "cannot listen on 127.0.0.1:" + std::to_string(port));
  }
  return listener;
}

void run_event_loop(Service& service, ssl_ctx_st* tls, int listener) {
  Loop loop(service, tls, listener);
  for (;;) loop.turn();
}

}  // namespace dth::bench
