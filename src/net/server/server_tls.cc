#include "net/server/server_tls.h"

#include <csignal>
#include <cstring>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "base/regular_file.h"

namespace dth::net {
namespace {

constexpr char tls_1_2_ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL";
constexpr unsigned char alpn_protocols[] = "\x08http/1.1";
constexpr unsigned char session_context[] = "dth";

// OpenSSL writes with write(2), which raises SIGPIPE where the other side has gone: that must not
// end the process.
void ignore_broken_pipes() {
  struct sigaction action {};
  if (sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL)
    std::signal(SIGPIPE, SIG_IGN);
}

// A key with a passphrase must not ask the terminal for it.
int no_passphrase(char*, int, int, void*) { return 0; }

// RFC 7301, 3.2: who offers protocols and not ours is refused.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, chosen_size, alpn_protocols,
                                           sizeof alpn_protocols - 1, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, tls_1_2_ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
}

Error unusable(std::string_view what, const std::string& file, std::string_view advice) {
  return Error{
      ErrorCode::invalid_argument,
      "cannot use " + file + " as the server's " + std::string(what) + ": " + std::string(advice),
      take_tls_errors()};
}

void tell_validity(const X509* certificate, const std::string& file,
                   const std::function<void(std::string_view)>& on_problem) {
  if (!on_problem) return;
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    on_problem("the certificate in " + file + " has expired: clients will not accept it; renew it");
  } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    on_problem("the certificate in " + file + " is not valid yet: check this machine's clock");
  }
}

}  // namespace

Result<std::shared_ptr<ServerTlsContext>> ServerTlsContext::read(
    const ServerTls& files, const std::function<void(std::string_view)>& on_problem) {
  ERR_clear_error();
  ignore_broken_pipes();
  std::unique_ptr<SSL_CTX, SslDeleter> context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr)
    return Error{ErrorCode::internal, "OpenSSL made no TLS context", take_tls_errors()};
  configure(context.get());
  for (const auto& [what, file] :
       {std::pair("certificate", &files.certificate_file), std::pair("key", &files.key_file)}) {
    if (!is_regular_file(*file)) return unusable(what, *file, "it is not there, or not a file");
  }
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate_file.c_str()) != 1) {
    return unusable("certificate", files.certificate_file,
                    "give a readable PEM file with the certificate first and its chain behind it; "
                    "keys below 112 bits "
                    "of security are not accepted");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool is_other = ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH ||
                          ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_TYPE_MISMATCH;
    return unusable("key", files.key_file,
                    is_other
                        ? "it is not the key of the certificate in " + files.certificate_file
                        : "give a readable PEM file with one private key and without a passphrase");
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) {
    return unusable("key", files.key_file,
                    "it is not the key of the certificate in " + files.certificate_file);
  }
  tell_validity(SSL_CTX_get0_certificate(context.get()), files.certificate_file, on_problem);
  return std::shared_ptr<ServerTlsContext>(new ServerTlsContext(std::move(context)));
}

}  // namespace dth::net
