#include "net/testing/certificates.h"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

namespace dth::net::testing {
namespace {

constexpr long validity_seconds = 3600;

void must(bool holds) {
  if (!holds) throw std::runtime_error("the test's certificates cannot be made");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// Unsigned, valid from an hour ago for an hour to come.
X509* make_certificate(EVP_PKEY* key, const std::string& name, long serial) {
  X509* certificate = X509_new();
  must(certificate != nullptr && X509_set_version(certificate, 2) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -validity_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate), validity_seconds);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

// What `write` puts into a memory of OpenSSL's.
template <class Write>
std::string written(Write write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

}  // namespace

TestAuthority::TestAuthority() : key_(EVP_EC_gen("P-256")) {
  must(key_ != nullptr);
  certificate_ = make_certificate(key_, "Test authority", 1);
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  add_extension(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
  must(X509_sign(certificate_, key_, EVP_sha256()) > 0);
}

TestAuthority::~TestAuthority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

std::string TestAuthority::certificate_pem() const {
  return written([this](BIO* memory) { PEM_write_bio_X509(memory, certificate_); });
}

X509* TestAuthority::issue(EVP_PKEY* key, const std::string& common_name,
                           const std::string& alternative_name) const {
  X509* certificate = make_certificate(key, common_name, 2);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
  add_extension(certificate, certificate_, NID_subject_alt_name, alternative_name);
  must(X509_sign(certificate, key_, EVP_sha256()) > 0);
  return certificate;
}

std::shared_ptr<SSL_CTX> TestAuthority::server_context(const std::string& alternative_name) const {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = issue(key, "Test server", alternative_name);
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  must(SSL_CTX_use_certificate(context.get(), certificate) == 1);
  must(SSL_CTX_use_PrivateKey(context.get(), key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

TestAuthority::ServerPem TestAuthority::server_pem(const std::string& common_name,
                                                   const std::string& alternative_name) const {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = issue(key, common_name, alternative_name);
  ServerPem pem{written([&](BIO* memory) { PEM_write_bio_X509(memory, certificate); }),
                written([&](BIO* memory) {
                  PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
                })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pem;
}

TemporaryFile::TemporaryFile(const std::string& content) {
  char name[] = "/tmp/dth-net-test-XXXXXX";
  const int descriptor = ::mkstemp(name);
  must(descriptor >= 0 &&
       ::write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  ::close(descriptor);
  path_ = name;
}

TemporaryFile::~TemporaryFile() { ::unlink(path_.c_str()); }

}  // namespace dth::net::testing
