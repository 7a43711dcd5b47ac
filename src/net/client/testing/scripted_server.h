#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/testing/blocking_socket.h"

namespace dth::net::testing {

// The server's end of one accepted connection, blocking. All calls end, with nothing, once the
// server is destroyed.
class Peer : public BlockingSocket {
 public:
  Peer(int descriptor, SSL_CTX* tls);
  // From now on over TLS: as after an answer to CONNECT.
  void start_tls(SSL_CTX* tls);
  // Stalls until the client closes its side; what it sends is thrown away.
  void wait_for_close();
  void reset();
  // Over TLS: close without close_notify.
  void close_abruptly() { say_goodbye_ = false; }
  void shut_down();
  void cut();  // without a word of TLS; from another thread

 private:
  std::mutex closing_;  // reset() and cut() come from two threads
  bool say_goodbye_ = true;
};

// Listens on 127.0.0.1 and plays one script per connection, in the order in which they are
// accepted; connections beyond the scripts are closed at once.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;
  explicit ScriptedServer(std::vector<Script> scripts, SSL_CTX* tls = nullptr);
  ~ScriptedServer();
  std::uint16_t port() const { return port_; }

 private:
  void serve();
  int listener_;
  std::uint16_t port_ = 0;
  std::vector<Script> scripts_;
  SSL_CTX* tls_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace dth::net::testing
