#pragma once

#include <functional>
#include <memory>

#include "net/server/http_server.h"
#include "net/tls_context.h"

namespace dth::net {

// A server's OpenSSL context for one certificate: TLS 1.2 and up, http/1.1 by ALPN, tickets for
// resumption and no cache of sessions. Connections hold it, so that it can be replaced while they
// last.
class ServerTlsContext {
 public:
  // invalid_argument where a file cannot be read or is no PEM, the certificate is too weak, or the
  // key is another's; the message names the file. A certificate whose time is not now is told to
  // `on_problem` and used.
  static Result<std::shared_ptr<ServerTlsContext>> read(
      const ServerTls& files, const std::function<void(std::string_view)>& on_problem);

  // Null where OpenSSL has no memory.
  SslPointer make_server() const { return SslPointer(SSL_new(context_.get())); }

 private:
  explicit ServerTlsContext(std::unique_ptr<SSL_CTX, SslDeleter> context)
      : context_(std::move(context)) {}
  std::unique_ptr<SSL_CTX, SslDeleter> context_;
};

}  // namespace dth::net
