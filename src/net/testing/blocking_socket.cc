#include "net/testing/blocking_socket.h"

#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace dth::net::testing {

BlockingSocket::BlockingSocket(int descriptor) : descriptor_(descriptor) {
  std::signal(SIGPIPE, SIG_IGN);  // SSL_write() cannot be told MSG_NOSIGNAL
}

BlockingSocket::BlockingSocket(BlockingSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      tls_(std::exchange(other.tls_, nullptr)),
      pending_(std::move(other.pending_)),
      ended_(other.ended_),
      timed_out_(other.timed_out_) {}

BlockingSocket::~BlockingSocket() {
  SSL_free(tls_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

SSL* BlockingSocket::use_tls(SSL_CTX* context) {
  tls_ = SSL_new(context);
  SSL_set_fd(tls_, descriptor_);
  return tls_;
}

bool BlockingSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::ptrdiff_t size = tls_ != nullptr
                                    ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                    : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

bool BlockingSocket::fill() {
  if (ended_) return false;
  char bytes[64 * 1024];
  errno = 0;
  const std::ptrdiff_t size = tls_ != nullptr ? SSL_read(tls_, bytes, sizeof bytes)
                                              : ::recv(descriptor_, bytes, sizeof bytes, 0);
  if (size > 0) {
    pending_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }
  ended_ = true;
  timed_out_ = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return false;
}

std::string BlockingSocket::read_until(std::string_view mark) {
  while (pending_.find(mark) == pending_.npos) {
    if (!fill()) return std::exchange(pending_, {});
  }
  return read_exactly(pending_.find(mark) + mark.size());
}

std::string BlockingSocket::read_exactly(std::size_t size) {
  while (pending_.size() < size && fill()) {
  }
  std::string text = pending_.substr(0, size);
  pending_.erase(0, text.size());
  return text;
}

std::string BlockingSocket::read_to_end(bool* closed) {
  while (fill()) {
  }
  if (closed != nullptr) *closed = !timed_out_;
  return std::exchange(pending_, {});
}

void BlockingSocket::reset() {
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace dth::net::testing
