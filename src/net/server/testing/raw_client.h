#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/testing/blocking_socket.h"

namespace dth::net::testing {

struct RawAnswer {
  unsigned status = 0;  // 0: the connection ended before an answer
  std::string head;
  std::string body;
  // The value of the header, trimmed; empty where there is none.
  std::string header(std::string_view name) const;
  bool has_header(std::string_view name) const {
    return head.find(std::string(name) + ": ") != head.npos;
  }
};

struct RawFrame {
  unsigned opcode = 0;
  bool final = false;
  std::string payload;
  std::uint16_t close_code() const;
};

// A blocking client that sends any bytes at all. Each wait ends after some time, so that a test
// which waits for what does not come fails.
class RawClient : public BlockingSocket {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;

  // What follows goes over TLS; nothing of the certificate is checked. False: the handshake failed.
  bool start_tls(std::string_view alpn = {});
  std::string peer_name() const;  // of the server's certificate
  std::string alpn() const;
  bool session_resumed() const { return SSL_session_reused(tls()) == 1; }
  // The server's, for another connection; it must outlive it.
  SSL_SESSION* session() const { return SSL_get1_session(tls()); }
  void resume(SSL_SESSION* session) { session_ = session; }

  // `to_head`: no body follows, whatever the head says.
  RawAnswer read_answer(bool to_head = false);
  RawAnswer exchange(std::string_view request) {
    send(request);
    return read_answer();
  }
  bool is_closed();

  void end_writing();
  void
  receive_little();  // a small buffer in the kernel; before connecting it would be smaller still

  // A WebSocket's side.
  RawAnswer open_websocket(std::string_view path, std::string_view more_headers = {});
  // A masked frame.
  static std::string frame(unsigned opcode, std::string_view payload, bool final = true);
  RawFrame read_frame();

 private:
  SSL_CTX* tls_context_ = nullptr;
  SSL_SESSION* session_ = nullptr;
};

}  // namespace dth::net::testing
