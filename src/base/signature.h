#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"

namespace dth {

// Ed25519 (RFC 8032, the pure variant) by OpenSSL.

// 32 raw bytes.
class PublicKey {
 public:
  // 64 hexadecimal digits of either case, or a PEM of SubjectPublicKeyInfo (RFC 8410); white space
  // around them is passed over. Errors: invalid_argument.
  static Result<PublicKey> parse(std::string_view text);

  std::string hex() const;  // lower case
  std::string pem() const;  // with a newline at its end
  // Is it this key's signature of the message? False also where either of them is malformed.
  bool verify(Bytes message, Bytes signature) const;
  bool operator==(const PublicKey&) const = default;

 private:
  friend class PrivateKey;
  std::array<std::uint8_t, 32> bytes_{};
};

// The secret half; never printed but as the PEM that goes into its file. Movable. sign() may be
// called by several threads.
class PrivateKey {
 public:
  static PrivateKey generate();
  // An unencrypted PKCS #8 PEM (RFC 8410). Errors: invalid_argument, which repeats nothing of the
  // text.
  static Result<PrivateKey> parse(std::string_view pem);

  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();

  std::string pem() const;
  PublicKey public_key() const;
  std::string sign(Bytes message) const;  // 64 raw bytes

 private:
  struct Impl;
  explicit PrivateKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth
