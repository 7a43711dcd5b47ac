#pragma once

#include <list>
#include <map>
#include <mutex>

#include <openssl/ssl.h>

#include "net/tls.h"

namespace dth::net {

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SslPointer = std::unique_ptr<SSL, SslDeleter>;

class TlsContext {
 public:
  explicit TlsContext(std::unique_ptr<SSL_CTX, SslDeleter> context);

  // A connection's TLS half over `descriptor`, which stays the caller's: the name set for SNI and
  // for verification, a session to resume offered. Null where OpenSSL refuses the name.
  SslPointer make_client(const std::string& host, std::uint16_t port, int descriptor);

 private:
  // Sessions are kept of so many hosts; the one that was longest without a new session goes.
  static constexpr std::size_t sessions_max = 64;
  static int on_new_session(SSL* ssl, SSL_SESSION* session);
  void keep(const std::string& key, std::unique_ptr<SSL_SESSION, SslDeleter> session);

  std::unique_ptr<SSL_CTX, SslDeleter> context_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<SSL_SESSION, SslDeleter>> sessions_;
  std::list<std::string> order_;
};

// What OpenSSL last complained about in this thread, as one phrase; empties its queue.
std::string take_tls_errors();

}  // namespace dth::net
