#include "net/server/web_socket.h"

#include <boost/asio/post.hpp>

namespace dth::net {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds close_time{5};
constexpr int pings_unanswered_max = 2;
// After so many frames without a pause others have their turn.
constexpr int frames_in_a_row_max = 16;

}  // namespace

WebSocketCore::WebSocketCore(Executor executor, Stream& stream, HeadBuffer& in, Limits limits,
                             ByteReservation memory)
    : stream_(stream),
      in_(in),
      limits_(limits),
      reader_(limits.message_bytes_max),
      changed_(executor),
      memory_(std::move(memory)),
      next_ping_(monotonic_now() + limits.ping_interval) {
  // A frame that was begun is ended; cancellation is asked for below.
  stream_.ignore_cancellation();
}

Async<void> WebSocketCore::pump(std::shared_ptr<WebSocketCore> self) {
  try {
    co_await self->read_frames();
  } catch (const std::bad_alloc&) {
    self->lose(End::gone);
    self->stream_.cut();
  }
  self->ended_ = true;
  if (self->end_ == End::none) self->end_ = End::closed;
  self->changed_.notify();
}

Async<bool> WebSocketCore::is_cancelled_now() {
  co_return is_cancelled(co_await asio::this_coro::cancellation_state);
}

Async<void> WebSocketCore::read_frames() {
  for (int frames = 0;;) {
    while (!in_.unread().empty()) {
      std::size_t taken = 0;
      const auto event = reader_.feed(in_.unread_text(), &taken);
      in_.consume(taken);
      const bool fits = co_await check_message();
      if (!fits) co_return;
      const bool goes_on = co_await take(event);
      if (!goes_on) co_return;
      if (++frames % frames_in_a_row_max == 0) co_await asio::post(use_async);
    }
    const bool goes_on = co_await wait_for_bytes();
    if (!goes_on) co_return;
  }
}

Async<bool> WebSocketCore::check_message() {
  const std::size_t waiting = message_ ? message_->size() : 0;
  const std::size_t bytes = reader_.unfinished_bytes() + waiting;
  memory_.shrink_to(bytes);
  const bool fits = memory_.grow_to(bytes);
  const auto now = monotonic_now();
  if (!reader_.has_unfinished_message()) {
    message_deadline_ = MonotonicTime::max();
  } else if (message_deadline_ == MonotonicTime::max()) {
    message_deadline_ = now + limits_.message_timeout;
  }
  const bool is_late = now >= message_deadline_;
  if (fits && !is_late) co_return true;
  if (end_ == End::none) end_ = End::closed;
  begin_close(is_late ? close_code::policy_violation : close_code::try_again_later,
              is_late ? "the message did not come in time"
                      : "too much is being received at once: try again in a moment");
  co_await flush_control();
  co_return false;
}

Async<bool> WebSocketCore::wait_for_bytes() {
  for (;;) {
    const Io io = stream_.try_read(in_.prepare(HeadBuffer::size_bytes));
    if (io.status == Io::Status::done) {
      in_.commit(io.size);
      pings_unanswered_ = 0;
      next_ping_ = monotonic_now() + limits_.ping_interval;
      co_return true;
    }
    if (io.status == Io::Status::closed || io.status == Io::Status::failed) {
      lose(End::gone);
      co_return false;
    }
    const bool cancelled = co_await is_cancelled_now();
    if (cancelled && !closing_) {
      begin_close(close_code::going_away, "the server stops");
      co_await flush_control();
      continue;
    }
    in_ = HeadBuffer();
    const WaitEnd waited = co_await stream_.wait(
        io.status, closing_ ? close_deadline_ : std::min(next_ping_, message_deadline_));
    if (waited != WaitEnd::timed_out) continue;
    if (!closing_ && monotonic_now() < next_ping_) co_return co_await check_message();
    const bool goes_on = co_await tick();
    if (!goes_on) co_return false;
  }
}

// Nothing came for as long as was waited for.
Async<bool> WebSocketCore::tick() {
  if (closing_) {
    lose(End::closed);
    co_return false;
  }
  if (pings_unanswered_ >= pings_unanswered_max) {
    lose(End::silent);
    co_return false;
  }
  ++pings_unanswered_;
  next_ping_ = monotonic_now() + limits_.ping_interval;
  ping_due_ = true;
  co_await flush_control();
  co_return true;
}

Async<bool> WebSocketCore::take(WebSocketReader::Event event) {
  switch (event) {
    case WebSocketReader::Event::text:
      co_await keep_message(reader_.take_payload());
      break;
    case WebSocketReader::Event::ping:
      // Only the latest needs an answer: RFC 6455, 5.5.3.
      pong_due_ = reader_.take_payload();
      co_await flush_control();
      break;
    case WebSocketReader::Event::close:
      if (end_ == End::none) end_ = End::closed;
      begin_close(reader_.code(), "");
      co_await flush_control();
      co_return false;
    case WebSocketReader::Event::failed:
      if (end_ == End::none && !closing_) end_ = End::broke_protocol;
      begin_close(reader_.code(), reader_.failure());
      co_await flush_control();
      co_return false;
    case WebSocketReader::Event::pong:
    case WebSocketReader::Event::none:
      break;
  }
  co_return true;
}

// One message waits to be received; while another one is there, nothing is read, and the client has
// to wait.
Async<void> WebSocketCore::keep_message(std::string text) {
  while (message_ && !closing_) {
    const bool cancelled = co_await is_cancelled_now();
    if (cancelled) {
      begin_close(close_code::going_away, "the server stops");
      co_await flush_control();
      break;
    }
    co_await changed_.wait();
  }
  if (closing_) co_return;
  message_ = std::move(text);
  next_ping_ = monotonic_now() + limits_.ping_interval;
  changed_.notify();
}

void WebSocketCore::begin_close(std::uint16_t code, std::string_view reason) {
  if (std::exchange(closing_, true)) return;
  close_due_ = web_socket_close_frame(code, reason);
  close_deadline_ = monotonic_now() + close_time;
  changed_.notify();
}

void WebSocketCore::lose(End end) {
  if (end_ == End::none) end_ = end;
  closing_ = true;
  if (end != End::gone) stream_.cut();
  changed_.notify();
}

Async<void> WebSocketCore::flush_control() {
  if (writing_) co_return;
  writing_ = true;
  while (pong_due_ || ping_due_ || !close_due_.empty()) {
    std::string frames;
    if (pong_due_)
      frames = web_socket_frame_head(WebSocketOpcode::pong, pong_due_->size()) + *pong_due_;
    if (std::exchange(ping_due_, false)) frames += web_socket_frame_head(WebSocketOpcode::ping, 0);
    frames += std::exchange(close_due_, {});
    pong_due_.reset();
    auto written = co_await write_all(stream_, as_bytes(frames), {}, limits_.write_timeout);
    if (written.has_error()) stream_.cut();
  }
  writing_ = false;
  changed_.notify();
}

Async<Result<std::optional<std::string>>> WebSocketCore::receive() {
  while (!message_ && !closing_ && !ended_) {
    const bool cancelled = co_await is_cancelled_now();
    if (cancelled) co_return cancelled_error();
    co_await changed_.wait();
  }
  if (message_) {
    std::optional<std::string> text = std::exchange(message_, std::nullopt);
    changed_.notify();
    co_return text;
  }
  if (end_ == End::silent) co_return Error{ErrorCode::timeout, "the client answers no pings", ""};
  if (end_ == End::broke_protocol) {
    co_return Error{ErrorCode::invalid_argument,
                    "the client broke the WebSocket protocol: " + std::string(reader_.failure()),
                    ""};
  }
  co_return std::optional<std::string>();
}

Async<Result<void>> WebSocketCore::send(std::string text) {
  while (writing_ && !closing_) {
    const bool cancelled = co_await is_cancelled_now();
    if (cancelled) co_return cancelled_error();
    co_await changed_.wait();
  }
  if (closing_) co_return Error{ErrorCode::unavailable, "the WebSocket is closed", ""};
  writing_ = true;
  const std::string head = web_socket_frame_head(WebSocketOpcode::text, text.size());
  auto written = co_await write_all(stream_, as_bytes(head), as_bytes(text), limits_.write_timeout);
  writing_ = false;
  if (written.has_error()) {
    stream_.cut();  // pump() meets it
    co_return written;
  }
  sent_bytes_ += text.size();
  co_await flush_control();
  changed_.notify();
  co_return Result<void>();
}

Async<void> WebSocketCore::close(std::uint16_t code, std::string reason) {
  begin_close(code, reason);
  co_await flush_control();
  // It waits for bytes, as long as pings may take: now it is for the answer to the close frame.
  if (!ended_) stream_.wake();
  while (!ended_) co_await changed_.wait();
}

}  // namespace dth::net
