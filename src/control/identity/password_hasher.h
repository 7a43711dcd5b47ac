#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::control {

// What one hash costs.
struct PasswordCost {
  unsigned long long operations = 3;
  std::size_t memory_bytes = 64 << 20;
};

// Argon2id (libsodium, crypto_pwhash_str): the parameters stand in each hash, so that a later
// version can raise them. Blocks for tens of milliseconds and takes PasswordCost::memory_bytes.
// Thread-safe.
class PasswordHasher {
 public:
  // Throws std::runtime_error where libsodium cannot begin.
  explicit PasswordHasher(PasswordCost cost = {});

  // unavailable where there is not enough memory.
  Result<std::string> hash(std::string_view password) const;
  // `hash` empty: the account has no password. That is false after as long as anything else, so
  // that nobody learns by the time who has an account. unavailable where there is not enough
  // memory.
  Result<bool> verify(std::string_view hash, std::string_view password) const;
  // Was it made with other parameters?
  bool is_outdated(std::string_view hash) const;

  // Hashes that were computed, whether for hash() or verify().
  std::uint64_t computed() const { return computed_; }

 private:
  PasswordCost cost_;
  mutable std::atomic<std::uint64_t> computed_ = 0;
};

}  // namespace dth::control
