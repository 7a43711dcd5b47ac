#include "net/client/testing/scripted_server.h"

#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dth::net::testing {

Peer::Peer(int descriptor, SSL_CTX* tls) : BlockingSocket(descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls != nullptr) start_tls(tls);
}

// The handshake comes with the first bytes that are read or sent, in the script's thread.
void Peer::start_tls(SSL_CTX* tls) { SSL_set_accept_state(use_tls(tls)); }

void Peer::wait_for_close() { read_to_end(); }

void Peer::reset() {
  std::lock_guard guard(closing_);
  BlockingSocket::reset();
}

void Peer::shut_down() {
  if (descriptor() < 0) return;
  if (tls() != nullptr && say_goodbye_ && SSL_is_init_finished(tls())) SSL_shutdown(tls());
  cut();
}

void Peer::cut() {
  std::lock_guard guard(closing_);
  if (descriptor() >= 0) ::shutdown(descriptor(), SHUT_RDWR);
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts, SSL_CTX* tls)
    : scripts_(std::move(scripts)), tls_(tls) {
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
