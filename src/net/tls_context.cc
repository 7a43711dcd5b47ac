#include "net/tls_context.h"

#include <csignal>
#include <cstring>

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace dth::net {
namespace {

// Several TLS records per system call when much comes in; OpenSSL frees the buffer of an idle
// connection.
constexpr std::size_t read_buffer_bytes = 64 * 1024;

struct SessionKey {
  TlsContext* context;
  std::string name;
};

void free_session_key(void*, void* key, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<SessionKey*>(key);
}

int session_key_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_session_key);
  return index;
}

// OpenSSL writes with write(2), which raises SIGPIPE where the peer has gone: that must not end the
// process.
void ignore_broken_pipes() {
  struct sigaction action {};
  if (sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL)
    std::signal(SIGPIPE, SIG_IGN);
}

bool is_address(const std::string& host) {
  std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> address(
      a2i_IPADDRESS(host.c_str()), &ASN1_OCTET_STRING_free);
  return address != nullptr;
}

}  // namespace

std::string take_tls_errors() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(code);
    if (text.empty() && reason != nullptr) text = reason;
  }
  return text;
}

TlsContext::TlsContext(std::unique_ptr<SSL_CTX, SslDeleter> context)
    : context_(std::move(context)) {
  SSL_CTX_set_session_cache_mode(context_.get(),
                                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context_.get(), on_new_session);
}

SslPointer TlsContext::make_client(const std::string& host, std::uint16_t port, int descriptor) {
  ERR_clear_error();
  SslPointer ssl(SSL_new(context_.get()));
  if (ssl == nullptr) return nullptr;
  std::string name = host;
  if (name.ends_with('.')) name.pop_back();
  if (is_address(name)) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), name.c_str()) != 1) return nullptr;
  } else {
    SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl.get()), name.c_str(), name.size()) != 1)
      return nullptr;
    if (SSL_set_tlsext_host_name(ssl.get(), name.c_str()) != 1) return nullptr;
  }
  if (SSL_set_fd(ssl.get(), descriptor) != 1) return nullptr;
  auto key = std::make_unique<SessionKey>(SessionKey{this, name + ":" + std::to_string(port)});
  {
    const std::lock_guard lock(mutex_);
    const auto session = sessions_.find(key->name);
    if (session != sessions_.end()) SSL_set_session(ssl.get(), session->second.get());
  }
  if (SSL_set_ex_data(ssl.get(), session_key_index(), key.get()) != 1) return nullptr;
  static_cast<void>(key.release());  // free_session_key() has it now
  SSL_set_connect_state(ssl.get());
  return ssl;
}

int TlsContext::on_new_session(SSL* ssl, SSL_SESSION* session) {
  const auto* key = static_cast<const SessionKey*>(SSL_get_ex_data(ssl, session_key_index()));
  if (key == nullptr) return 0;
  key->context->keep(key->name, std::unique_ptr<SSL_SESSION, SslDeleter>(session));
  return 1;  // the reference is ours
}

void TlsContext::keep(const std::string& key, std::unique_ptr<SSL_SESSION, SslDeleter> session) {
  const std::lock_guard lock(mutex_);
  order_.remove(key);
  order_.push_back(key);
  sessions_[key] = std::move(session);
  if (order_.size() > sessions_max) {
    sessions_.erase(order_.front());
    order_.pop_front();
  }
}

Result<std::shared_ptr<TlsContext>> make_tls_client_context(const TlsClientOptions& options) {
  ERR_clear_error();
  ignore_broken_pipes();
  std::unique_ptr<SSL_CTX, SslDeleter> context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr)
    return Error{ErrorCode::internal, "OpenSSL made no TLS context", take_tls_errors()};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), read_buffer_bytes);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (options.ca_bundle.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_file(context.get(), options.ca_bundle.c_str()) != 1) {
    return Error{ErrorCode::invalid_argument,
                 "cannot read certificate authorities from " + options.ca_bundle +
                     ": give a readable PEM file that holds at least one certificate",
                 take_tls_errors()};
  }
  return std::make_shared<TlsContext>(std::move(context));
}

}  // namespace dth::net
