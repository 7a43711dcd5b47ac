#include "net/server/stream_io.h"

namespace dth::net {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds linger_time{1};
constexpr std::size_t linger_bytes_max = 1024 * 1024;

Bytes rest_of(Bytes bytes, std::size_t skipped) {
  return bytes.subspan(std::min(skipped, bytes.size()));
}

}  // namespace

Async<Result<void>> write_all(Stream& stream, Bytes first, Bytes second,
                              std::chrono::milliseconds timeout) {
  std::optional<MonotonicTime> began;
  std::uint64_t written = 0;
  while (!first.empty() || !second.empty()) {
    const Io io = stream.try_write(first, second);
    if (io.status == Io::Status::done) {
      written += io.size;
      const std::size_t of_second = io.size - std::min(io.size, first.size());
      first = rest_of(first, io.size);
      second = rest_of(second, of_second);
      continue;
    }
    if (io.status == Io::Status::closed || io.status == Io::Status::failed) {
      co_return Error{ErrorCode::unavailable, "the client has closed the connection",
                      stream.failure()};
    }
    const auto now = monotonic_now();
    if (!began) began = now;
    const auto slowest = *began + timeout + std::chrono::seconds(written / write_rate_min_bytes);
    const WaitEnd waited =
        co_await stream.wait(io.status, std::min(now + timeout, slowest), Waiter::second);
    if (waited == WaitEnd::cancelled) co_return cancelled_error();
    if (waited == WaitEnd::timed_out)
      co_return Error{ErrorCode::timeout, "the client does not read its answer", ""};
  }
  co_return Result<void>();
}

Async<ReadEnd> read_more(Stream& stream, HeadBuffer& buffer, std::size_t size_max,
                         MonotonicTime deadline) {
  for (;;) {
    // Who sends all the time has no more of it than others.
    if (monotonic_now() >= deadline) co_return ReadEnd::timed_out;
    const std::span<std::byte> space = buffer.prepare(size_max);
    const Io io = stream.try_read(space);
    if (io.status == Io::Status::done) {
      buffer.commit(io.size);
      co_return ReadEnd::more;
    }
    if (io.status == Io::Status::closed || io.status == Io::Status::failed)
      co_return ReadEnd::closed;
    if (buffer.unread().empty()) buffer = HeadBuffer();
    const WaitEnd waited = co_await stream.wait(io.status, deadline);
    if (waited == WaitEnd::cancelled) co_return ReadEnd::cancelled;
    if (waited == WaitEnd::timed_out) co_return ReadEnd::timed_out;
  }
}

Async<void> linger(Stream& stream) {
  stream.end_writing();
  const auto deadline = monotonic_now() + linger_time;
  std::array<std::byte, 4096> thrown_away;
  for (std::size_t size = 0; size < linger_bytes_max;) {
    const Io io = stream.try_read(thrown_away);
    if (io.status == Io::Status::closed || io.status == Io::Status::failed) co_return;
    size += io.size;
    if (io.status == Io::Status::done) continue;
    const WaitEnd waited = co_await stream.wait(io.status, deadline);
    if (waited != WaitEnd::ready || monotonic_now() >= deadline) co_return;
  }
}

}  // namespace dth::net
