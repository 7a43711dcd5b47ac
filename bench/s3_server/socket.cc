#include "socket.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dth::bench {

Socket::Socket(int descriptor, ssl_ctx_st* tls) : descriptor_(descriptor) {
  if (tls == nullptr) return;
  tls_ = SSL_new(tls);
  SSL_set_fd(tls_, descriptor);
  SSL_set_accept_state(tls_);
}

Socket::~Socket() {
  if (tls_ != nullptr) SSL_free(tls_);
  ::close(descriptor_);
}

ssize_t Socket::tls_result(int result) {
  if (result > 0) return result;
  const int error = SSL_get_error(tls_, result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return would_block;
  return error == SSL_ERROR_ZERO_RETURN ? 0 : broken;
}

ssize_t Socket::read(char* to, std::size_t size) {
  if (tls_ != nullptr)
    return tls_result(SSL_read(tls_, to, static_cast<int>(std::min<std::size_t>(size, 1 << 30))));
  const ssize_t result = ::recv(descriptor_, to, size, 0);
  if (result >= 0) return result;
  return errno == EAGAIN ? would_block : broken;
}

ssize_t Socket::write(const iovec* pieces, int count) {
  if (tls_ != nullptr) {
    for (int i = 0; i < count; ++i) {
      if (pieces[i].iov_len == 0) continue;
      return tls_result(SSL_write(tls_, pieces[i].iov_base, static_cast<int>(pieces[i].iov_len)));
    }
    return 0;
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces);
  message.msg_iovlen = static_cast<std::size_t>(count);
  const ssize_t result = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
  if (result >= 0) return result;
  return errno == EAGAIN ? would_block : broken;
}

ssl_ctx_st* make_tls_context(const char* certificate_path, const char* key_path) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);
  if (SSL_CTX_use_certificate_chain_file(context, certificate_path) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM) != 1) {
    SSL_CTX_free(context);
    throw std::runtime_error(std::string("cannot use the certificate ") + certificate_path +
                             " with the key " + key_path);
  }
  return context;
}

}  // namespace dth::bench
