#include "net/client/response_body.h"

namespace dth::net {
namespace {

class EmptyBody final : public Body {
 public:
  std::uint64_t size() const override { return 0; }
  Async<Result<Bytes>> next() override { co_return Bytes(); }
  std::optional<Result<Bytes>> try_next() override { return Bytes(); }
  bool is_at_end() const override { return true; }
  bool rewind() override { return true; }
};

constexpr std::uint64_t own_span_size_max = 64 * 1024;

// What a body is read into: a loan of the pool's, or memory of its own. Never waits.
class Room {
 public:
  Room(Buffer loan, BufferPool* pooled) : loan_(std::move(loan)), pooled_(pooled) {}

  // For a body of which `left` bytes are to come; the same memory each time, once there is some.
  std::span<std::byte> open(std::uint64_t left) {
    if (own_) return {own_.get(), own_size_};
    const bool is_begun = std::exchange(is_begun_, true);
    if (!is_begun && pooled_ && left > std::max<std::uint64_t>(own_body_size_max, loan_.size())) {
      // Larger than was said. Where the pool has nothing at hand it comes in more pieces.
      if (Buffer larger = pooled_->try_acquire(left)) loan_ = std::move(larger);
    }
    if (loan_) return loan_.span();
    own_size_ = static_cast<std::size_t>(std::min(left, own_span_size_max));
    own_ = std::make_unique_for_overwrite<std::byte[]>(own_size_);
    return {own_.get(), own_size_};
  }

  bool is_pooled() const { return pooled_ != nullptr; }

  void close() {
    loan_ = Buffer();
    own_.reset();
  }

 private:
  Buffer loan_;
  BufferPool* pooled_;
  bool is_begun_ = false;
  std::unique_ptr<std::byte[]> own_;
  std::size_t own_size_ = 0;
};

// What the bodies that read from a socket share.
class SocketBody : public Body {
 public:
  SocketBody(Lease lease, Room room, const HttpClientOptions& options, Clock& clock)
      : lease_(std::move(lease)), room_(std::move(room)), options_(options), clock_(clock) {}

  bool is_at_end() const override { return !lease_ && !failure_; }

 protected:
  // While there is a lease.
  std::string url() const { return lease_.origin().origin.url(); }

  // Waits where `io` says so; nothing when reading can be tried again.
  Async<std::optional<Error>> wait(Io io) {
    Stream& stream = lease_.connection().stream;
    // What is no object is an answer that the server may still be working at, with its head sent
    // ahead.
    const auto patience = room_.is_pooled()
                              ? options_.stall_timeout
                              : std::max(options_.stall_timeout, options_.first_byte_timeout);
    const WaitEnd waited = co_await stream.wait(io.status, clock_.monotonic_now() + patience);
    if (waited == WaitEnd::cancelled) co_return fail(cancelled_error());
    if (waited == WaitEnd::timed_out) {
      co_return fail(Error{ErrorCode::timeout,
                           "reading from " + url() + ": no byte of the body came for " +
                               std::to_string(patience.count()) + " ms",
                           ""});
    }
    co_return std::nullopt;
  }

  Error fail(Error error) {
    failure_ = error;
    room_.close();
    lease_.connection().reusable = false;
    lease_.give_back();
    return error;
  }

  Error fail_reading(std::string what) {
    const std::string why = lease_.connection().stream.failure();
    return fail(
        Error{ErrorCode::unavailable, "reading from " + url() + ": " + std::move(what), why});
  }

  // The body is read to its end: the connection is free for the next request.
  void finish() {
    Connection& connection = lease_.connection();
    // Bytes behind the answer were not asked for.
    if (!connection.buffer.unread().empty()) connection.reusable = false;
    lease_.give_back();
  }

  ~SocketBody() override {
    if (lease_) lease_.connection().reusable = false;
  }

  Lease lease_;  // until the end or a failure
  Room room_;
  const HttpClientOptions& options_;
  Clock& clock_;
  std::optional<Error> failure_;
};

// With Content-Length, or up to the end of the connection (size_unknown).
class PlainBody final : public SocketBody {
 public:
  PlainBody(std::uint64_t size, Lease lease, Room room, const HttpClientOptions& options,
            Clock& clock)
      : SocketBody(std::move(lease), std::move(room), options, clock),
        connections_(lease_.owner()),
        size_(size),
        left_(size) {
    if (is_at_hand()) room_.close();
  }
  ~PlainBody() override { connections_.give_back(std::move(early_)); }

  std::uint64_t size() const override { return size_; }

  std::optional<Result<Bytes>> try_next() override {
    if (failure_) return *failure_;
    if (!lease_) {
      room_.close();
      return Bytes();
    }
    if (!is_at_hand()) return std::nullopt;
    HeadBuffer& early = lease_.connection().buffer;
    // All there: handed out where it lies, and the connection is free already.
    const Bytes piece = early.unread().first(left_);
    early.consume(left_);
    const bool is_clean = early.unread().empty();
    early_ = std::move(early);
    left_ = 0;
    if (!is_clean) lease_.connection().reusable = false;
    finish();
    return piece;
  }

  Async<Result<Bytes>> next() override {
    if (auto at_hand = try_next()) co_return std::move(*at_hand);
    HeadBuffer& early = lease_.connection().buffer;
    lease_.connection().stream.begin(co_await boost::asio::this_coro::cancellation_state);
    const std::span<std::byte> buffer = room_.open(left_);
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer.size()));
    std::size_t filled = std::min(wanted, early.unread().size());
    if (filled > 0) {
      std::memcpy(buffer.data(), early.unread().data(), filled);
      early.consume(filled);
    }
    bool ended = false;
    while (filled < wanted && !ended) {
      const Io io = lease_.connection().stream.try_read(buffer.subspan(filled, wanted - filled));
      switch (io.status) {
        case Io::Status::done:
          filled += io.size;
          break;
        case Io::Status::closed:
          if (size_ != size_unknown || !lease_.connection().stream.ended_cleanly())
            co_return fail_truncated(filled);
          ended = true;
          break;
        case Io::Status::failed:
          co_return fail_truncated(filled);
        default: {
          auto failure = co_await wait(io);
          if (failure) co_return *failure;
        }
      }
    }
    received_ += filled;
    if (size_ != size_unknown) left_ -= filled;
    if (ended || left_ == 0) finish();
    if (filled > 0) co_return buffer.first(filled);
    room_.close();
    co_return Bytes();
  }

 private:
  // Did all of it, or the rest, come in one piece with what was read before?
  bool is_at_hand() const { return left_ <= lease_.connection().buffer.unread().size(); }

  Error fail_truncated(std::size_t filled) {
    const std::string received = std::to_string(received_ + filled);
    return fail_reading("connection closed after " + received +
                        (size_ == size_unknown ? " bytes, without notice"
                                               : " of " + std::to_string(size_) + " bytes"));
  }

  ConnectionPool& connections_;
  const std::uint64_t size_;
  std::uint64_t left_;
  std::uint64_t received_ = 0;
  HeadBuffer early_;
};

class ChunkedBody final : public SocketBody {
 public:
  using SocketBody::SocketBody;

  std::uint64_t size() const override { return size_unknown; }

  Async<Result<Bytes>> next() override {
    if (failure_) co_return *failure_;
    if (!lease_) {
      room_.close();
      co_return Bytes();
    }
    lease_.connection().stream.begin(co_await boost::asio::this_coro::cancellation_state);
    Connection& connection = lease_.connection();
    const std::span<std::byte> buffer = room_.open(size_unknown);
    std::span<std::byte> space = buffer;
    while (!space.empty() && !connection.parser.body_done()) {
      auto taken = connection.parser.feed_chunks(connection.buffer.unread(), &space);
      if (taken.has_error())
        co_return fail(std::move(taken).error().with_context("reading from " + url()));
      connection.buffer.consume(*taken);
      if (space.empty() || connection.parser.body_done()) break;
      const std::span<std::byte> target = connection.buffer.prepare(options_.header_size_max);
      if (target.empty()) {
        co_return fail(Error{ErrorCode::data_corrupted,
                             "reading from " + url() + ": a chunk's header is too long", ""});
      }
      const Io io = connection.stream.try_read(target);
      if (io.status == Io::Status::done) {
        connection.buffer.commit(io.size);
      } else if (io.status == Io::Status::closed || io.status == Io::Status::failed) {
        const std::size_t filled = buffer.size() - space.size();
        co_return fail_reading("connection closed after " + std::to_string(received_ + filled) +
                               " bytes, before the last chunk");
      } else {
        auto failure = co_await wait(io);
        if (failure) co_return *failure;
      }
    }
    const std::size_t filled = buffer.size() - space.size();
    received_ += filled;
    if (connection.parser.body_done()) finish();
    if (filled > 0) co_return buffer.first(filled);
    room_.close();
    co_return Bytes();
  }

 private:
  std::uint64_t received_ = 0;
};

}  // namespace

std::unique_ptr<Body> make_response_body(Lease lease, Buffer loan, BufferPool* pooled,
                                         const HttpClientOptions& options, Clock& clock) {
  Connection& connection = lease.connection();
  const ResponseParser::Framing framing = connection.parser.framing();
  if (framing == ResponseParser::Framing::none) {
    if (!connection.buffer.unread().empty()) connection.reusable = false;
    return std::make_unique<EmptyBody>();
  }
  Room room(std::move(loan), pooled);
  if (framing == ResponseParser::Framing::chunked) {
    return std::make_unique<ChunkedBody>(std::move(lease), std::move(room), options, clock);
  }
  const std::uint64_t size = framing == ResponseParser::Framing::length
                                 ? connection.parser.content_length()
                                 : Body::size_unknown;
  return std::make_unique<PlainBody>(size, std::move(lease), std::move(room), options, clock);
}

}  // namespace dth::net
