#include "net/poller.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/async_scope.h"
#include "net/stream.h"

namespace dth::net {
namespace {
namespace asio = boost::asio;

using Log = std::vector<std::string>;

// Two connected sockets that do not block: `own` is the program's, `other` the test's.
struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    own = ends[0];
    other = ends[1];
  }
  ~Pair() {
    ::close(own);
    ::close(other);
  }
  void send(std::string_view text) const {
    EXPECT_EQ(::send(other, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  // Takes what there is.
  std::string receive(std::size_t size_max = 1000) const {
    std::string text(size_max, '\0');
    const ssize_t size = ::recv(own, text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

  int own = -1;
  int other = -1;
};

// A pair whose own end is watched.
struct Watched : Pair {
  explicit Watched(asio::io_context& context) : socket(context.get_executor()) {
    EXPECT_EQ(socket.attach(own), 0);
  }
  Readiness socket;
};

class PollerTest : public testing::Test {
 protected:
  // Everything that can happen without an event from outside.
  void settle() {
    context_.restart();
    while (context_.poll() > 0) {
    }
  }
  Async<void> wait(Readiness* socket, unsigned directions, std::string name,
                   Waiter waiter = Waiter::first) {
    const auto [failure] = co_await socket->async_wait(directions, waiter, use_async_tuple);
    log_.push_back(name + (failure ? " " + failure.message() : ""));
  }

  asio::io_context context_;
  Log log_;
};

TEST_F(PollerTest, ReadyUntilExhaustedThenWhenBytesCome) {
  Watched pair(context_);
  Readiness& socket = pair.socket;
  EXPECT_TRUE(socket.is_ready(Readiness::to_read));
  socket.exhausted(Readiness::to_read);
  EXPECT_FALSE(socket.is_ready(Readiness::to_read));
  EXPECT_TRUE(socket.is_ready(Readiness::to_write));
  AsyncScope scope(context_.get_executor());
  scope.spawn(wait(&socket, Readiness::to_read, "read"));
  settle();
  EXPECT_TRUE(log_.empty());
  pair.send("a");
  settle();
  EXPECT_EQ(log_, (Log{"read"}));
  EXPECT_TRUE(socket.is_ready(Readiness::to_read));
}

// What comes while nobody waits is known as soon as somebody does.
TEST_F(PollerTest, BytesThatCameBeforeTheWaitEndIt) {
  Watched pair(context_);
  Readiness& socket = pair.socket;
  socket.exhausted(Readiness::to_read);
  pair.send("a");
  settle();
  EXPECT_FALSE(socket.is_ready(Readiness::to_read));
  AsyncScope scope(context_.get_executor());
  scope.spawn(wait(&socket, Readiness::to_read, "read"));
  settle();
  EXPECT_EQ(log_, (Log{"read"}));
}

// The end comes with the last bytes, in one event: whoever reads those bytes, less than there was
// room for, must still meet the end.
TEST_F(PollerTest, AnEndBehindBytesStaysReady) {
  Watched pair(context_);
  Readiness& socket = pair.socket;
  socket.exhausted(Readiness::to_read);
  pair.send("last");
  ASSERT_EQ(::shutdown(pair.other, SHUT_WR), 0);
  AsyncScope scope(context_.get_executor());
  scope.spawn(wait(&socket, Readiness::to_read, "read"));
  settle();
  EXPECT_EQ(log_, (Log{"read"}));
  EXPECT_EQ(pair.receive(), "last");
  socket.exhausted(Readiness::to_read);
  EXPECT_TRUE(socket.is_ready(Readiness::to_read));
}

TEST_F(PollerTest, WritableWhenThereIsRoomAgain) {
  Watched pair(context_);
  Readiness& socket = pair.socket;
  const std::string much(1 << 16, 'x');
  std::size_t sent = 0;
  for (ssize_t size = 0; (size = ::send(pair.own, much.data(), much.size(), MSG_NOSIGNAL)) > 0;)
    sent += static_cast<std::size_t>(size);
  ASSERT_EQ(errno, EAGAIN);
  socket.exhausted(Readiness::to_write);
  AsyncScope scope(context_.get_executor());
  scope.spawn(wait(&socket, Readiness::to_write, "write"));
  settle();
  EXPECT_TRUE(log_.empty());
  std::string taken(sent, '\0');
  EXPECT_GT(::recv(pair.other, taken.data(), taken.size(), 0), 0);
  settle();
  EXPECT_EQ(log_, (Log{"write"}));
}

TEST_F(PollerTest, TwoMayWaitAndEachEndsByItsOwn) {
  Watched pair(context_);
  Readiness& socket = pair.socket;
  socket.exhausted(Readiness::to_read);
  socket.exhausted(Readiness::to_write);
  AsyncScope scope(context_.get_executor());
  scope.spawn(wait(&socket, Readiness::to_write, "write", Waiter::second));
  settle();  // there is room: the first event says so
  EXPECT_EQ(log_, (Log{"write"}));
  socket.exhausted(Readiness::to_read);
  scope.spawn(wait(&socket, Readiness::to_read, "first"));
  scope.spawn(wait(&socket, Readiness::to_read, "second", Waiter::second));
  settle();
  EXPECT_EQ(log_.size(), 1u);
  pair.send("a");
  settle();
  std::sort(log_.begin(), log_.end());
  EXPECT_EQ(log_, (Log{"first", "second", "write"}));
}

TEST_F(PollerTest, WaitsAreEndedByOthers) {
  Watched pair(context_);
  Readiness& socket = pair.socket;
  socket.exhausted(Readiness::to_read);
  AsyncScope scope(context_.get_executor());
  scope.spawn(wait(&socket, Readiness::to_read, "woken"));
  settle();
  socket.end_waits();
  EXPECT_TRUE(log_.empty());  // not from within
  settle();
  scope.spawn(wait(&socket, Readiness::to_read, "cancelled"));
  settle();
  scope.request_stop();
  settle();
  EXPECT_EQ(log_, (Log{"woken Operation canceled", "cancelled Operation canceled"}));
  EXPECT_EQ(scope.size(), 0u);
}

// run() returns when nobody waits, and does not as long as somebody does.
TEST_F(PollerTest, KeepsItsContextOnlyForWaiters) {
  Watched pair(context_);
  Readiness& socket = pair.socket;
  socket.exhausted(Readiness::to_read);
  AsyncScope scope(context_.get_executor());
  scope.spawn(wait(&socket, Readiness::to_read, "read"));
  settle();
  EXPECT_FALSE(context_.stopped());
  socket.end_waits();
  settle();
  context_.restart();
  context_.run();
  EXPECT_TRUE(context_.stopped());
}

// More sockets than one look at the set brings; each that ends takes the next one along, whose
// event may be at hand.
TEST_F(PollerTest, ManyAtOnceAndSomeGoWhileEventsAreHandedOut) {
  constexpr std::size_t count = 300;
  std::vector<Pair> pairs(count);
  std::vector<std::unique_ptr<Readiness>> sockets;
  for (const Pair& pair : pairs) {
    sockets.push_back(std::make_unique<Readiness>(context_.get_executor()));
    ASSERT_EQ(sockets.back()->attach(pair.own), 0);
    sockets.back()->exhausted(Readiness::to_read);
  }
  std::size_t ended = 0;
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < count; i += 2) {
    sockets[i]->async_wait(Readiness::to_read, Waiter::first,
                           [&, i](const boost::system::error_code& failure) {
                             EXPECT_FALSE(failure);
                             ++ended;
                             sockets[i + 1].reset();
                           });
    sockets[i + 1]->async_wait(Readiness::to_read, Waiter::first,
                               [&](const boost::system::error_code& failure) {
                                 EXPECT_TRUE(failure);
                                 ++dropped;
                               });
  }
  // The even ones first, so that they are first in the set's list.
  for (std::size_t i = 0; i < count; i += 2) pairs[i].send("a");
  for (std::size_t i = 1; i < count; i += 2) pairs[i].send("a");
  settle();
  EXPECT_EQ(ended, count / 2);
  EXPECT_EQ(dropped, count / 2);
}

// Both events come at one look: who is resumed by the first one already knows of the second.
TEST_F(PollerTest, WhoIsResumedKnowsOfAllThatCame) {
  Watched pair(context_);
  Watched idle_pair(context_);
  Readiness& socket = pair.socket;
  Readiness& idle = idle_pair.socket;
  socket.exhausted(Readiness::to_read);
  settle();
  bool known = false;
  socket.async_wait(Readiness::to_read, Waiter::first, [&](const boost::system::error_code&) {
    known = idle.is_ready(Readiness::to_read);
  });
  settle();  // the first events, which say that there is room to write
  idle.exhausted(Readiness::to_read);
  pair.send("a");
  idle_pair.send("nobody asked for this");
  settle();
  EXPECT_TRUE(known);
}

// A context may go with coroutines that wait: they go too, and what they hold.
TEST_F(PollerTest, AContextGoesWithItsWaiters) {
  Pair pair;
  bool gone = false;
  struct Held {
    explicit Held(bool* flag) : flag_(flag) {}
    ~Held() { *flag_ = true; }
    bool* flag_;
  };
  {
    asio::io_context context;
    auto socket = std::make_shared<Readiness>(context.get_executor());
    ASSERT_EQ(socket->attach(pair.own), 0);
    socket->exhausted(Readiness::to_read);
    Readiness& waited = *socket;
    waited.async_wait(Readiness::to_read, Waiter::first,
                      [socket = std::move(socket), held = std::make_unique<Held>(&gone)](
                          const boost::system::error_code&) mutable { FAIL() << "called"; });
    context.poll();
  }
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace dth::net
