#include "net/client/testing/scripted_server.h"

#include <csignal>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dth::net::testing {

Peer::Peer(int descriptor, SSL_CTX* tls) : descriptor_(descriptor) {
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls != nullptr) start_tls(tls);
}

void Peer::start_tls(SSL_CTX* tls) {
  ssl_ = SSL_new(tls);
  SSL_set_fd(ssl_, descriptor_);
}

Peer::~Peer() {
  SSL_free(ssl_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::ptrdiff_t Peer::receive(char* data, std::size_t size) {
  if (ssl_ == nullptr) return ::recv(descriptor_, data, size, 0);
  if (!SSL_is_init_finished(ssl_) && SSL_accept(ssl_) != 1) return -1;
  return SSL_read(ssl_, data, static_cast<int>(size));
}

std::string Peer::read_until(std::string_view mark) {
  for (;;) {
    const std::size_t found = pending_.find(mark);
    if (found != std::string::npos) {
      std::string text = pending_.substr(0, found + mark.size());
      pending_.erase(0, text.size());
      return text;
    }
    char bytes[4096];
    const std::ptrdiff_t size = receive(bytes, sizeof bytes);
    if (size <= 0) return std::exchange(pending_, {});
    pending_.append(bytes, static_cast<std::size_t>(size));
  }
}

std::string Peer::read_exactly(std::size_t wanted) {
  while (pending_.size() < wanted) {
    char bytes[64 * 1024];
    const std::ptrdiff_t size = receive(bytes, sizeof bytes);
    if (size <= 0) break;
    pending_.append(bytes, static_cast<std::size_t>(size));
  }
  std::string text = pending_.substr(0, wanted);
  pending_.erase(0, text.size());
  return text;
}

bool Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::ptrdiff_t size = ssl_ != nullptr
                                    ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                    : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void Peer::wait_for_close() {
  char bytes[64 * 1024];
  while (receive(bytes, sizeof bytes) > 0) {
  }
}

void Peer::reset() {
  std::lock_guard guard(closing_);
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(descriptor_, -1));
}

void Peer::shut_down() {
  if (descriptor_ < 0) return;
  if (ssl_ != nullptr && say_goodbye_ && SSL_is_init_finished(ssl_)) SSL_shutdown(ssl_);
  cut();
}

void Peer::cut() {
  std::lock_guard guard(closing_);
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts, SSL_CTX* tls)
    : scripts_(std::move(scripts)), tls_(tls) {
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the scripted server cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& peer : peers_)
      peer->cut();  // not a TLS farewell: its thread may be inside the connection
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void ScriptedServer::serve() {
  for (std::size_t next = 0;; ++next) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    const std::lock_guard lock(mutex_);
    if (stopping_ || next >= scripts_.size()) {
      ::close(descriptor);
      continue;
    }
    Peer* peer = peers_.emplace_back(std::make_unique<Peer>(descriptor, tls_)).get();
    threads_.emplace_back([this, peer, script = scripts_[next]] {
      script(*peer);
      const std::lock_guard finished(mutex_);
      peer->shut_down();
    });
  }
}

}  // namespace dth::net::testing
