#pragma once

#include <array>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/clock.h"
#include "base/hash.h"
#include "net/poller.h"
#include "net/tls_context.h"

namespace dth::net {

// What became of an attempt to read or write without waiting.
struct Io {
  enum class Status {
    done,        // `size` bytes went through, at least one
    want_read,   // nothing yet: wait until the socket can be read
    want_write,  // nothing yet: wait until it can be written
    closed,      // the peer has closed its side, or reset the connection
    failed,      // see Stream::failure()
  };
  Status status = Status::done;
  std::size_t size = 0;
};

enum class WaitEnd { ready, timed_out, cancelled };

// One TCP connection, plain or TLS: the only stream type of the program. Reads and writes are tried
// without waiting first; only what would block is awaited. One coroutine at a time, or one that
// reads and one that writes. Deadlines cost no timer: whoever owns the streams calls sweep() now
// and then.
class Stream {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

  explicit Stream(Executor executor);
  // A connection that was accepted.
  explicit Stream(Socket socket);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Connects, trying no more than this one address. May be called again after a failure.
  Async<Result<void>> connect(Endpoint endpoint, MonotonicTime deadline);

  // Follows connect(). permission_denied where the certificate is not accepted.
  Async<Result<void>> handshake(std::shared_ptr<TlsContext> context, std::string host,
                                std::uint16_t port, MonotonicTime deadline);

  // The server's side of a handshake: `ssl` is of a server's context. data_corrupted where the
  // other side does not speak TLS as it should, timeout, unavailable, cancelled.
  Async<Result<void>> accept_handshake(SslPointer ssl, MonotonicTime deadline);

  // want_read too, without asking the kernel, where nothing is known to have come since an attempt
  // met its end: whoever is told so waits.
  Io try_read(std::span<std::byte> target);

  // Writes `first` and then `second`, in one system call or TLS record where that is possible; may
  // write a part. After want_write the same bytes must come again, or none ever.
  Io try_write(Bytes first, Bytes second);

  // Might try_read() have something although the socket is not readable?
  bool has_buffered() const { return ssl_ != nullptr && SSL_has_pending(ssl_.get()) == 1; }

  // Waits as a status of want_read or want_write says. The deadline is met within the owner's
  // sweeping interval. Cancelled where the calling coroutine was cancelled since begin().
  Async<WaitEnd> wait(Io::Status want, MonotonicTime deadline, Waiter waiter = Waiter::first);

  // Likewise, but what can be read ends the wait too: may_be_readable() tells.
  Async<WaitEnd> wait_or_answer(Io::Status want, MonotonicTime deadline);
  bool may_be_readable() const { return readiness_.is_ready(Readiness::to_read); }

  // Ends waits under way as `ready`, so that whoever waits looks again.
  void wake();

  // Ends everything: all that is under way or tried from now on meets `closed`. The other side sees
  // a reset, so that it takes nothing for whole that is not.
  void cut();
  bool is_cut() const { return cut_; }

  // Nothing more will be written; what comes can still be read. Over TLS also says close_notify.
  void end_writing();

  // "TLSv1.3"; empty without TLS.
  std::string tls_version() const { return ssl_ ? SSL_get_version(ssl_.get()) : ""; }

  // For looking at many connections at once.
  int descriptor() const { return descriptor_; }

  // A new operation begins: what was cancelled before does not cancel it.
  void begin(const boost::asio::cancellation_state& state) {
    cancelled_before_ = is_cancelled(state);
  }

  // From now on no cancellation ends a wait: whoever waits asks for himself, or is bounded by
  // deadlines.
  void ignore_cancellation() { cancelled_before_ = true; }

  // For a connection that has been idle for so long: is it still good? No when the peer closed it
  // or sent what nobody asked for.
  bool is_idle_and_open(Duration idle);

  // After `closed`: did the peer say so properly (FIN, over TLS close_notify)?
  bool ended_cleanly() const { return ended_cleanly_; }

  // Ends a wait whose deadline has passed.
  void sweep(MonotonicTime now);

  // Why the last attempt failed.
  const std::string& failure() const { return failure_; }

 private:
  Io failed_with(int error_number);
  Io closed_cleanly();
  Io cut_off();
  Io tls_end(int returned, int error_number);
  Io try_write_tls(Bytes first, Bytes second);
  // Takes the descriptor of a connected socket over from Asio. An error number, or 0.
  int take_over(Socket socket);
  void close();
  Async<WaitEnd> wait_for(unsigned directions, MonotonicTime deadline, Waiter waiter);

  struct Wait {
    MonotonicTime deadline = MonotonicTime::max();
    bool timed_out = false;
  };

  Executor executor_;
  int descriptor_ = -1;  // connected, and owned
  Readiness readiness_;
  std::optional<Socket> connecting_;
  std::shared_ptr<TlsContext> context_;
  SslPointer ssl_;
  std::array<Wait, 2> waits_;
  bool cut_ = false;
  bool cancelled_before_ = false;
  bool ended_cleanly_ = false;
  std::string failure_;
};

}  // namespace dth::net
