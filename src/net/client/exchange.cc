#include "net/client/exchange.h"

namespace dth::net {
namespace {

// RFC 9110, 10.1.1 leaves it to the client how long it waits for 100 Continue.
constexpr std::chrono::seconds continue_timeout{1};
constexpr int informational_max = 16;

}  // namespace

Async<Result<void>> Exchange::run() {
  connection_.reusable = false;
  connection_.answer_begun = false;
  connection_.closed_by_peer = false;
  connection_.parser.reset(request_.method == "HEAD", options_.header_size_max);
  const bool has_body = body_ != nullptr && body_->size() > 0;

  if (has_body) {
    if (request_.expect_continue) {
      auto asked = co_await await_continue();
      if (asked.has_error()) co_return asked.error();
    }
    if (!answered_) {
      auto sent = co_await send_body();
      if (sent.has_error()) co_return sent.error();
    }
    // The rest of the request will never come: nothing else can follow on this connection.
    if (answered_) co_return Result<void>();
  } else {
    for (Io io = push(); io.status != Io::Status::done; io = push()) {
      auto unblocked = co_await unblock(io);
      if (unblocked.has_error()) co_return unblocked.error();
      if (answered_) co_return Result<void>();
    }
  }
  auto answer = co_await read_head(clock_.monotonic_now() + options_.first_byte_timeout, false);
  if (answer.has_error()) {
    Error error = std::move(answer.error());
    if (error.code == ErrorCode::timeout || error.code == ErrorCode::unavailable)
      error.reason = ErrorReason::answer_lost;
    co_return error;
  }
  // The whole request went out, with 100 Continue or without.
  connection_.reusable = connection_.parser.keep_alive();
  co_return Result<void>();
}

Io Exchange::push() {
  while (!head_left_.empty() || !piece_left_.empty()) {
    const Io io = connection_.stream.try_write(head_left_, piece_left_);
    if (io.status != Io::Status::done) return io;
    const std::size_t of_head = std::min(io.size, head_left_.size());
    head_left_ = head_left_.subspan(of_head);
    piece_left_ = piece_left_.subspan(io.size - of_head);
  }
  return {};
}

// Sends what is left of the head, and the body, unless an answer comes before.
Async<Result<void>> Exchange::send_body() {
  std::uint64_t left = body_->size();
  while (left > 0) {
    body_begun_ = true;
    std::optional<Result<Bytes>> pulled = body_->try_next();
    if (!pulled) pulled = co_await body_->next();
    if (pulled->has_error()) co_return pulled->error();
    const Bytes piece = **pulled;
    if (piece.empty() || piece.size() > left) {
      const std::uint64_t given = body_->size() - left + piece.size();
      co_return failed(ErrorCode::internal, "the body to send has " + std::to_string(given) +
                                                " bytes or more where " +
                                                std::to_string(body_->size()) + " were announced");
    }
    left -= piece.size();
    piece_left_ = piece;
    for (Io io = push(); io.status != Io::Status::done; io = push()) {
      auto unblocked = co_await unblock(io);
      if (unblocked.has_error()) co_return unblocked.error();
      if (answered_) co_return Result<void>();
    }
  }
  std::optional<Result<Bytes>> end = body_->try_next();
  if (!end) end = co_await body_->next();
  if (end->has_error()) co_return end->error();
  if (!(*end)->empty()) {
    co_return failed(ErrorCode::internal, "the body to send has more than the " +
                                              std::to_string(body_->size()) + " bytes announced");
  }
  co_return Result<void>();
}

Async<Result<void>> Exchange::await_continue() {
  for (Io io = push(); io.status != Io::Status::done; io = push()) {
    auto unblocked = co_await unblock(io);
    if (unblocked.has_error()) co_return unblocked.error();
    if (answered_) co_return Result<void>();
  }
  const MonotonicTime deadline = clock_.monotonic_now() + continue_timeout;
  while (!continue_seen_ && !answered_) {
    const Io io = connection_.stream.try_read(connection_.buffer.prepare(options_.header_size_max));
    if (io.status == Io::Status::done) {
      connection_.buffer.commit(io.size);
      connection_.answer_begun = true;
      auto parsed = parse_buffered();
      if (parsed.has_error()) co_return parsed.error();
      answered_ = *parsed;
      continue;
    }
    if (io.status == Io::Status::closed) co_return closed_early("before it answered");
    if (io.status == Io::Status::failed) {
      co_return failed(ErrorCode::unavailable,
                       "reading the answer failed: " + connection_.stream.failure());
    }
    const WaitEnd waited = co_await connection_.stream.wait(io.status, deadline);
    if (waited == WaitEnd::cancelled) co_return cancelled_error();
    if (waited == WaitEnd::timed_out)
      break;  // a server that does not know Expect waits for the body
  }
  co_return Result<void>();
}

// A write could not go on: waits until it can, or until the answer's head is read, which sets
// answered_.
Async<Result<void>> Exchange::unblock(Io io) {
  Stream& stream = connection_.stream;
  if (io.status == Io::Status::closed || io.status == Io::Status::failed) {
    // A server that refuses a request may answer and close while the body is still on its way.
    Error failure =
        io.status == Io::Status::closed
            ? closed_early("while the request was being sent")
            : failed(ErrorCode::unavailable, "sending the request failed: " + stream.failure());
    auto answer = co_await read_head(clock_.monotonic_now() + options_.stall_timeout, true);
    if (answer.has_error() && answer.error().code == ErrorCode::cancelled) co_return answer.error();
    if (answer.has_error()) co_return failure;
    answered_ = true;
    co_return Result<void>();
  }
  const MonotonicTime deadline = clock_.monotonic_now() + options_.stall_timeout;
  const WaitEnd waited = co_await stream.wait_or_answer(io.status, deadline);
  if (waited != WaitEnd::ready) {
    co_return waited_out(waited, "the server took none of the request for " +
                                     std::to_string(options_.stall_timeout.count()) + " ms");
  }
  if (!stream.may_be_readable()) co_return Result<void>();
  const Io answer = stream.try_read(connection_.buffer.prepare(options_.header_size_max));
  if (answer.status == Io::Status::want_read || answer.status == Io::Status::want_write)
    co_return Result<void>();
  if (answer.status == Io::Status::closed)
    co_return closed_early("while the request was being sent");
  if (answer.status == Io::Status::failed) {
    co_return failed(ErrorCode::unavailable,
                     "the connection failed while the request was being sent: " + stream.failure());
  }
  connection_.buffer.commit(answer.size);
  connection_.answer_begun = true;
  auto parsed = parse_buffered();
  if (parsed.has_error()) co_return parsed.error();
  // 1xx answers are no reason to stop; anything else, even a part of a head, is.
  if (!*parsed && connection_.buffer.unread().empty() && !connection_.parser.head_begun())
    co_return Result<void>();
  if (!*parsed) {
    auto rest = co_await read_head(clock_.monotonic_now() + options_.stall_timeout, true);
    if (rest.has_error()) co_return rest.error();
  }
  answered_ = true;
  co_return Result<void>();
}

Result<bool> Exchange::parse_buffered() {
  for (;;) {
    const Bytes unread = connection_.buffer.unread();
    if (unread.empty()) return false;
    auto taken = connection_.parser.feed_head(unread);
    if (taken.has_error()) {
      Error error = std::move(taken).error();
      error.message = request_.method + " at " + origin_.url() + ": " + error.message;
      return error;
    }
    connection_.buffer.consume(*taken);
    if (!connection_.parser.head_done()) return false;
    const int status = connection_.parser.status();
    if (status >= 200) return true;
    if (status == 101)
      return failed(ErrorCode::data_corrupted,
                    "the server switched protocols, which nobody asked for");
    if (++informational_count_ > informational_max) {
      return failed(ErrorCode::data_corrupted, "the server sends interim answers without end");
    }
    if (status == 100) continue_seen_ = true;
    connection_.parser.reset(request_.method == "HEAD", options_.header_size_max);
  }
}

// `expect_data`: something may be there already, so that reading is tried before waiting.
Async<Result<void>> Exchange::read_head(MonotonicTime deadline, bool expect_data) {
  Stream& stream = connection_.stream;
  bool try_first = expect_data || stream.has_buffered();
  Io io{Io::Status::want_read};
  for (;;) {
    auto parsed = parse_buffered();
    if (parsed.has_error()) co_return parsed.error();
    if (*parsed) co_return Result<void>();
    if (std::exchange(try_first, true)) {
      const std::span<std::byte> space =
          connection_.buffer.prepare(options_.header_size_max + HeadBuffer::size_bytes);
      if (space.empty())
        co_return failed(ErrorCode::data_corrupted, "a header line of the answer is too long");
      io = stream.try_read(space);
      if (io.status == Io::Status::done) {
        connection_.buffer.commit(io.size);
        connection_.answer_begun = true;
        continue;
      }
      if (io.status == Io::Status::closed) {
        co_return closed_early(connection_.answer_begun ? "in the middle of its answer"
                                                        : "before it answered");
      }
      if (io.status == Io::Status::failed) {
        co_return failed(ErrorCode::unavailable, "reading the answer failed: " + stream.failure());
      }
    }
    const WaitEnd waited = co_await stream.wait(io.status, deadline);
    if (waited != WaitEnd::ready) {
      co_return waited_out(waited, "no answer within " +
                                       std::to_string(options_.first_byte_timeout.count()) + " ms");
    }
  }
}

Error Exchange::closed_early(std::string_view when) {
  connection_.closed_by_peer = true;
  return failed(ErrorCode::unavailable, "the server closed the connection " + std::string(when) +
                                            " (" + connection_.stream.failure() + ")");
}

Error Exchange::failed(ErrorCode code, std::string what) const {
  // Never the target: it may be signed.
  return Error{code, request_.method + " at " + origin_.url() + ": " + std::move(what), ""};
}

Error Exchange::waited_out(WaitEnd end, std::string what) const {
  return end == WaitEnd::cancelled ? cancelled_error()
                                   : failed(ErrorCode::timeout, std::move(what));
}

}  // namespace dth::net
