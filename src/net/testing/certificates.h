#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace dth::net::testing {

// A certificate authority of the test's own, made in memory.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  std::string certificate_pem() const;

  // A server's context with a fresh certificate for `alternative_name` ("DNS:localhost",
  // "IP:127.0.0.1").
  std::shared_ptr<SSL_CTX> server_context(const std::string& alternative_name) const;

  // The same as PEM texts, with a subject's name of its own.
  struct ServerPem {
    std::string certificate;
    std::string key;
  };
  ServerPem server_pem(const std::string& common_name,
                       const std::string& alternative_name = "IP:127.0.0.1") const;

 private:
  X509* issue(EVP_PKEY* key, const std::string& common_name,
              const std::string& alternative_name) const;

  EVP_PKEY* key_ = nullptr;
  X509* certificate_ = nullptr;
};

// A file in the temporary directory that goes when the object does.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace dth::net::testing
