#pragma once

#include "base/byte_budget.h"
#include "net/server/changed.h"
#include "net/server/stream_io.h"
#include "net/server/web_socket_frames.h"

namespace dth::net {

// A WebSocket on a connection after its handshake. A coroutine of its own, pump(), reads: so pings
// are answered while the handler is busy, until one message waits for it and another one comes.
// Whoever writes holds the right to write; control frames wait for it without blocking the reading.
class WebSocketCore {
 public:
  struct Limits {
    std::size_t message_bytes_max = 0;
    std::chrono::milliseconds message_timeout{};  // from a message's first byte to its end
    std::chrono::milliseconds ping_interval{};
    std::chrono::milliseconds write_timeout{};
  };
  // `stream` and `in` are the connection's, which joins pump() before they go.
  // `memory` takes what was received and is not handed out yet.
  WebSocketCore(Executor executor, Stream& stream, HeadBuffer& in, Limits limits,
                ByteReservation memory);

  static Async<void> pump(std::shared_ptr<WebSocketCore> self);

  // As WebSocket's, which see.
  Async<Result<std::optional<std::string>>> receive();
  Async<Result<void>> send(std::string text);
  // Returns when pump() is over.
  Async<void> close(std::uint16_t code, std::string reason);

  std::uint64_t sent_bytes() const { return sent_bytes_; }

 private:
  enum class End { none, closed, gone, silent, broke_protocol };
  Async<void> read_frames();
  // False: nothing more is read.
  Async<bool> take(WebSocketReader::Event event);
  Async<void> keep_message(std::string text);
  Async<bool> wait_for_bytes();
  // What has come of a message is within its bounds. False: the socket is closed.
  Async<bool> check_message();
  Async<bool> tick();
  Async<bool> is_cancelled_now();
  void begin_close(std::uint16_t code, std::string_view reason);
  // Writes what control frames are due, unless somebody else is writing: he does then.
  Async<void> flush_control();
  void lose(End end);

  Stream& stream_;
  HeadBuffer& in_;
  Limits limits_;
  WebSocketReader reader_;
  Changed changed_;
  std::optional<std::string> message_;
  std::optional<std::string> pong_due_;
  bool ping_due_ = false;
  std::string close_due_;
  bool writing_ = false;
  bool closing_ = false;  // a close frame was sent or is due
  bool ended_ = false;    // pump() is over
  End end_ = End::none;
  int pings_unanswered_ = 0;
  ByteReservation memory_;
  MonotonicTime message_deadline_ = MonotonicTime::max();
  MonotonicTime next_ping_;
  MonotonicTime close_deadline_ = MonotonicTime::max();
  std::uint64_t sent_bytes_ = 0;
};

}  // namespace dth::net
