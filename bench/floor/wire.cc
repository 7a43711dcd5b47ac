#include "floor/wire.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace dth::bench {
namespace {

constexpr std::size_t record_bytes = 16 * 1024;  // the most that a TLS record holds

SSL_CTX* client_context() {
  static SSL_CTX* const context = [] {
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(made, 1);
    return made;
  }();
  return context;
}

}  // namespace

void fail(const std::string& why) {
  std::fprintf(stderr, "floor: %s\n", why.c_str());
  std::exit(1);
}

Wire::Wire(int port, bool tls) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    fail("cannot connect to 127.0.0.1:" + std::to_string(port) + ": " + std::strerror(errno));
  }
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls) {
    tls_ = SSL_new(client_context());
    SSL_set_fd(tls_, descriptor_);
    if (SSL_connect(tls_) != 1) fail("no TLS on port " + std::to_string(port));
  }
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
}

Wire::~Wire() {
  if (tls_ != nullptr) SSL_free(tls_);
  ::close(descriptor_);
}

ssize_t Wire::read(char* to, std::size_t size) {
  if (tls_ == nullptr) {
    const ssize_t count = ::recv(descriptor_, to, size, 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) fail("a connection was closed in the middle");
    return count;
  }
  std::size_t filled = 0;
  while (filled < size) {
    std::size_t count = 0;
    const int result = SSL_read_ex(tls_, to + filled, size - filled, &count);
    filled += count;
    if (result == 1) continue;
    if (SSL_get_error(tls_, result) != SSL_ERROR_WANT_READ)
      fail("a connection was closed in the middle");
    break;
  }
  return filled > 0 ? static_cast<ssize_t>(filled) : -1;
}

ssize_t Wire::write(std::string_view head, std::string_view body) {
  if (tls_ != nullptr) return write_tls(head, body);
  iovec pieces[2] = {{const_cast<char*>(head.data()), head.size()},
                     {const_cast<char*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  const ssize_t count = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
  if (count < 0 && errno != EAGAIN) fail("the destination closed a connection");
  return count;
}

ssize_t Wire::write_tls(std::string_view head, std::string_view body) {
  char record[record_bytes];
  std::string_view bytes = body;
  if (!head.empty()) {
    const std::size_t of_head = std::min(head.size(), sizeof record);
    const std::size_t of_body = std::min(body.size(), sizeof record - of_head);
    std::memcpy(record, head.data(), of_head);
    if (of_body > 0) std::memcpy(record + of_head, body.data(), of_body);
    bytes = {record, of_head + of_body};
  }
  std::size_t count = 0;
  const int result = SSL_write_ex(tls_, bytes.data(), bytes.size(), &count);
  if (result == 1) return static_cast<ssize_t>(count);
  const int why = SSL_get_error(tls_, result);
  if (why != SSL_ERROR_WANT_WRITE && why != SSL_ERROR_WANT_READ)
    fail("the destination closed a connection");
  return -1;
}

}  // namespace dth::bench
