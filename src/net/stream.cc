#include "net/stream.h"

#include <cerrno>
#include <cstring>

#include <boost/asio/redirect_error.hpp>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace dth::net {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

bool is_would_block(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK;
}

bool is_gone(int error_number) {
  return error_number == EPIPE || error_number == ECONNRESET || error_number == ECONNABORTED ||
         error_number == ENOTCONN;
}

std::string text_of(int error_number) {
  return boost::system::system_category().message(error_number);
}

// The most that goes into one TLS record.
constexpr std::size_t record_size_bytes = 16 * 1024;

// What has been idle for less is not looked at by a system call of its own while events are waited
// for.
constexpr std::chrono::milliseconds peek_after{10};

}  // namespace

Stream::Stream(Executor executor) : executor_(executor), readiness_(executor) {}

Stream::Stream(Socket socket) : Stream(socket.get_executor()) {
  if (take_over(std::move(socket)) != 0) cut();
}

Stream::~Stream() {
  // Says close_notify where that needs no waiting.
  if (!cut_ && ssl_ != nullptr && SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  close();
}

int Stream::take_over(Socket socket) {
  close();
  boost::system::error_code failure;
  descriptor_ = socket.release(failure);
  if (failure) return failure.value();
  const int flags = ::fcntl(descriptor_, F_GETFL);
  if (flags < 0 || ::fcntl(descriptor_, F_SETFL, flags | O_NONBLOCK) != 0) return errno;
  return readiness_.attach(descriptor_);
}

void Stream::close() {
  readiness_.detach();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Async<Result<void>> Stream::connect(Endpoint endpoint, MonotonicTime deadline) {
  boost::system::error_code failure;
  Socket& socket = connecting_.emplace(executor_);
  socket.open(endpoint.protocol(), failure);
  if (failure) co_return Error{ErrorCode::unavailable, failure.message(), ""};
  socket.set_option(tcp::no_delay(true), failure);
  Wait& waiting = waits_[0];
  waiting.deadline = deadline;
  co_await socket.async_connect(endpoint, asio::redirect_error(use_async, failure));
  waiting.deadline = MonotonicTime::max();
  const bool timed_out = std::exchange(waiting.timed_out, false);
  if (failure == asio::error::operation_aborted) {
    if (!timed_out) co_return cancelled_error();
    co_return Error{ErrorCode::timeout, "no answer to the connection attempt", ""};
  }
  if (failure) co_return Error{ErrorCode::unavailable, failure.message(), ""};
  const int failed = take_over(std::move(socket));
  connecting_.reset();
  if (failed != 0) co_return Error{ErrorCode::unavailable, text_of(failed), ""};
  co_return Result<void>();
}

Async<Result<void>> Stream::handshake(std::shared_ptr<TlsContext> context, std::string host,
                                      std::uint16_t port, MonotonicTime deadline) {
  context_ = std::move(context);
  ssl_ = context_->make_client(host, port, descriptor_);
  if (ssl_ == nullptr) {
    co_return Error{ErrorCode::invalid_argument, "TLS cannot be set up for the host name " + host,
                    take_tls_errors()};
  }
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int returned = SSL_connect(ssl_.get());
    if (returned == 1) co_return Result<void>();
    const Io end = tls_end(returned, errno);
    if (end.status == Io::Status::closed) {
      co_return Error{ErrorCode::unavailable,
                      "the server closed the connection during the TLS handshake", failure_};
    }
    if (end.status == Io::Status::failed) {
      const long verdict = SSL_get_verify_result(ssl_.get());
      if (verdict == X509_V_OK)
        co_return Error{ErrorCode::unavailable, "the TLS handshake failed", failure_};
      co_return Error{ErrorCode::permission_denied, X509_verify_cert_error_string(verdict), ""};
    }
    const WaitEnd waited = co_await wait(end.status, deadline);
    if (waited == WaitEnd::cancelled) co_return cancelled_error();
    if (waited == WaitEnd::timed_out)
      co_return Error{ErrorCode::timeout, "the TLS handshake did not end", ""};
  }
}

Async<Result<void>> Stream::accept_handshake(SslPointer ssl, MonotonicTime deadline) {
  ssl_ = std::move(ssl);
  if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), descriptor_) != 1) {
    co_return Error{ErrorCode::internal, "OpenSSL made no TLS connection", take_tls_errors()};
  }
  SSL_set_accept_state(ssl_.get());
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int returned = cut_ ? 0 : SSL_do_handshake(ssl_.get());
    if (returned == 1) co_return Result<void>();
    const Io end = cut_ ? cut_off() : tls_end(returned, errno);
    if (end.status == Io::Status::closed)
      co_return Error{ErrorCode::unavailable, "closed in the TLS handshake", failure_};
    if (end.status == Io::Status::failed)
      co_return Error{ErrorCode::data_corrupted, "no TLS handshake", failure_};
    const WaitEnd waited = co_await wait(end.status, deadline);
    if (waited == WaitEnd::cancelled) co_return cancelled_error();
    if (waited == WaitEnd::timed_out)
      co_return Error{ErrorCode::timeout, "the TLS handshake did not end", ""};
  }
}

Io Stream::failed_with(int error_number) {
  failure_ = text_of(error_number);
  return {is_gone(error_number) ? Io::Status::closed : Io::Status::failed};
}

// Sorts out why an SSL_ call did not succeed; `error_number` is errno right after it.
Io Stream::tls_end(int returned, int error_number) {
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      readiness_.exhausted(Readiness::to_read);
      return {Io::Status::want_read};
    case SSL_ERROR_WANT_WRITE:
      readiness_.exhausted(Readiness::to_write);
      return {Io::Status::want_write};
    case SSL_ERROR_ZERO_RETURN:
      return closed_cleanly();
    case SSL_ERROR_SYSCALL:
      if (error_number != 0) return failed_with(error_number);
      failure_ = "closed without notice";
      return {Io::Status::closed};
    default:
      break;
  }
  // An end without close_notify: anybody on the way can have made it.
  const bool is_end = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  failure_ = take_tls_errors();
  return {is_end ? Io::Status::closed : Io::Status::failed};
}

Io Stream::closed_cleanly() {
  failure_ = "closed";
  ended_cleanly_ = true;
  return {Io::Status::closed};
}

Io Stream::cut_off() {
  failure_ = "cut off";
  return {Io::Status::closed};
}

Io Stream::try_read(std::span<std::byte> target) {
  if (cut_) return cut_off();
  if (ssl_ == nullptr) {
    if (!may_be_readable()) return {Io::Status::want_read};
    const ssize_t size = ::recv(descriptor_, target.data(), target.size(), 0);
    if (size == 0) return closed_cleanly();
    if (size < 0 && !is_would_block(errno) && errno != EINTR) return failed_with(errno);
    if (size < static_cast<ssize_t>(target.size()) && (size > 0 || errno != EINTR))
      readiness_.exhausted(Readiness::to_read);
    if (size < 0) return {Io::Status::want_read};
    return {Io::Status::done, static_cast<std::size_t>(size)};
  }
  std::size_t filled = 0;
  while (filled < target.size()) {
    std::size_t size = 0;
    ERR_clear_error();
    errno = 0;
    const int returned =
        SSL_read_ex(ssl_.get(), target.data() + filled, target.size() - filled, &size);
    if (returned != 1) {
      // What has come is handed on; the same end is met again.
      if (filled > 0) break;
      return tls_end(returned, errno);
    }
    filled += size;
  }
  return {Io::Status::done, filled};
}

Io Stream::try_write(Bytes first, Bytes second) {
  if (cut_) return cut_off();
  if (ssl_ != nullptr) return try_write_tls(first, second);
  std::array<iovec, 2> pieces = {iovec{const_cast<std::byte*>(first.data()), first.size()},
                                 iovec{const_cast<std::byte*>(second.data()), second.size()}};
  msghdr message{};
  const std::size_t skipped = first.empty() ? 1 : 0;
  message.msg_iov = pieces.data() + skipped;
  message.msg_iovlen = pieces.size() - skipped - (second.empty() && skipped == 0 ? 1 : 0);
  const ssize_t size = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
  if (size >= 0) return {Io::Status::done, static_cast<std::size_t>(size)};
  if (is_would_block(errno)) readiness_.exhausted(Readiness::to_write);
  if (is_would_block(errno) || errno == EINTR) return {Io::Status::want_write};
  return failed_with(errno);
}

Io Stream::try_write_tls(Bytes first, Bytes second) {
  // A head and the beginning of its body share a record; what is repeated after want_write is put
  // together alike.
  thread_local std::array<std::byte, record_size_bytes> record;
  Bytes source = first.empty() ? second : first;
  if (!first.empty() && !second.empty() && first.size() < record.size()) {
    const std::size_t rest = std::min(second.size(), record.size() - first.size());
    std::memcpy(record.data(), first.data(), first.size());
    std::memcpy(record.data() + first.size(), second.data(), rest);
    source = {record.data(), first.size() + rest};
  }
  std::size_t size = 0;
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_write_ex(ssl_.get(), source.data(), source.size(), &size);
  if (returned == 1) return {Io::Status::done, size};
  return tls_end(returned, errno);
}

Async<WaitEnd> Stream::wait(Io::Status want, MonotonicTime deadline, Waiter waiter) {
  return wait_for(want == Io::Status::want_write ? Readiness::to_write : Readiness::to_read,
                  deadline, waiter);
}

Async<WaitEnd> Stream::wait_or_answer(Io::Status want, MonotonicTime deadline) {
  const unsigned wanted = want == Io::Status::want_write ? Readiness::to_write : Readiness::to_read;
  return wait_for(wanted | Readiness::to_read, deadline, Waiter::first);
}

Async<WaitEnd> Stream::wait_for(unsigned directions, MonotonicTime deadline, Waiter waiter) {
  // A cancellation that came while nothing was being waited for has no other way to be seen.
  const auto state = co_await asio::this_coro::cancellation_state;
  if (!cancelled_before_ && is_cancelled(state)) co_return WaitEnd::cancelled;
  if (readiness_.is_ready(directions)) co_return WaitEnd::ready;
  Wait& waiting = waits_[static_cast<std::size_t>(waiter)];
  waiting.deadline = deadline;
  const auto [failure] = co_await readiness_.async_wait(directions, waiter, use_async_tuple);
  waiting.deadline = MonotonicTime::max();
  const bool timed_out = std::exchange(waiting.timed_out, false);
  if (failure && timed_out) co_return WaitEnd::timed_out;
  if (failure && !cancelled_before_ && is_cancelled(state)) co_return WaitEnd::cancelled;
  // Ready, or ended by an answer that came; any error is met by the next attempt.
  co_return WaitEnd::ready;
}

bool Stream::is_idle_and_open(Duration idle) {
  if (idle < peek_after && readiness_.is_watched() && !may_be_readable()) return !has_buffered();
  char byte = 0;
  const ssize_t size = ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && is_would_block(errno)) {
    readiness_.exhausted(Readiness::to_read);
    return !has_buffered();
  }
  if (size <= 0 || ssl_ == nullptr) return false;
  // Perhaps it is only a session ticket.
  ERR_clear_error();
  std::size_t peeked = 0;
  const int returned = SSL_peek_ex(ssl_.get(), &byte, 1, &peeked);
  if (returned == 1 || SSL_get_error(ssl_.get(), returned) != SSL_ERROR_WANT_READ) return false;
  readiness_.exhausted(Readiness::to_read);
  return true;
}

void Stream::sweep(MonotonicTime now) {
  bool passed = false;
  for (Wait& waiting : waits_) {
    if (now < waiting.deadline) continue;
    waiting = {MonotonicTime::max(), true};
    passed = true;
  }
  // Whose deadline has not passed looks again and goes on waiting.
  if (passed) wake();
}

void Stream::wake() {
  boost::system::error_code ignored;
  if (connecting_) connecting_->cancel(ignored);
  readiness_.end_waits();
}

void Stream::cut() {
  if (std::exchange(cut_, true)) return;
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  wake();
}

void Stream::end_writing() {
  if (cut_) return;
  if (ssl_ != nullptr && SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  ::shutdown(descriptor_, SHUT_WR);
}

}  // namespace dth::net
