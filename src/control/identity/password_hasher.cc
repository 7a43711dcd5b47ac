#include "control/identity/password_hasher.h"

#include <cerrno>
#include <stdexcept>

#include <sodium.h>

namespace dth::control {
namespace {

Error no_memory() {
  return {ErrorCode::unavailable,
          "the hub has not enough memory to compute the hash of a password: try again in a moment",
          ""};
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used");
}

Result<std::string> PasswordHasher::hash(std::string_view password) const {
  char text[crypto_pwhash_STRBYTES] = {};
  ++computed_;
  if (crypto_pwhash_str_alg(text, password.data(), password.size(), cost_.operations,
                            cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return no_memory();
  return std::string(text);
}

Result<bool> PasswordHasher::verify(std::string_view hash, std::string_view password) const {
  if (hash.empty()) {
    auto computed = this->hash(password);
    if (computed.has_error()) return computed.error();
    return false;
  }
  const std::string text(hash);
  ++computed_;
  errno = 0;
  if (crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0) return true;
  if (errno == ENOMEM) return no_memory();
  return false;
}

bool PasswordHasher::is_outdated(std::string_view hash) const {
  const std::string text(hash);
  return crypto_pwhash_str_needs_rehash(text.c_str(), cost_.operations, cost_.memory_bytes) != 0;
}

}  // namespace dth::control
