#pragma once

#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace dth::net::testing {

// One end of a TCP connection, for tests: blocking, plain or over TLS. What it reads beyond what
// was asked for is kept for the next read. Writing to a closed connection raises no signal.
class BlockingSocket {
 public:
  // Takes over the connected descriptor.
  explicit BlockingSocket(int descriptor);
  BlockingSocket(BlockingSocket&& other) noexcept;
  ~BlockingSocket();

  // False: the other side does not take them all.
  bool send(std::string_view bytes);
  // Up to and with `mark`; what came where the other side closes before it.
  std::string read_until(std::string_view mark);
  std::string read_head() { return read_until("\r\n\r\n"); }
  // Less where the other side closes before.
  std::string read_exactly(std::size_t size);
  // What comes until the other side closes; `*closed` false where it did not in time.
  std::string read_to_end(bool* closed = nullptr);
  // Closes so that the other side sees a reset.
  void reset();

 protected:
  // From now on over TLS; the object made of `context` is owned here.
  SSL* use_tls(SSL_CTX* context);
  SSL* tls() const { return tls_; }
  int descriptor() const { return descriptor_; }

 private:
  bool fill();  // false: closed, or nothing came in time

  int descriptor_;
  SSL* tls_ = nullptr;
  std::string pending_;
  bool ended_ = false;
  bool timed_out_ = false;
};

}  // namespace dth::net::testing
