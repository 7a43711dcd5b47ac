#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "control/vault/envelope.h"
#include "state/control/credential_store.h"

namespace dth::control {

// Seals and opens the secrets of one state with the master keys that this process holds. It notices
// when another process changed the master key, and reads the keys again. Thread-safe; methods read
// files and state, and block.
class Vault {
 public:
  enum class Begin {
    yes,  // the first hub of a state makes the first key
    no,   // there must be one already: workers, tools
  };
  // Checks that the key which the state's secrets are sealed with is there, and is the right one.
  // Errors: unauthenticated (another key: nothing could be opened), not_found (no key, or Begin::no
  // and the state has no vault yet); those of KeySource and state. `store` outlives it.
  static Result<std::unique_ptr<Vault>> open(KeySource source, state::CredentialStore& store,
                                             Begin begin);

  struct Sealed {
    std::string envelope;
    std::string key;
  };
  // With the current key of the state, as far as this process knows: refresh() where it is not any
  // more (state::SealedWrite::key_replaced).
  Result<Sealed> seal(const Binding& binding, const options::Values& secret) const;
  // data_corrupted (damaged; others are spared), unauthenticated (sealed with a key that is not
  // held).
  Result<options::Values> open(const Binding& binding, const std::string& envelope);
  // Reads the keys again, and which of them is the current one.
  Result<void> refresh();

  std::string current_key() const;

 private:
  Vault(KeySource source, state::CredentialStore& store)
      : source_(std::move(source)), store_(store) {}
  Result<void> begin();

  const KeySource source_;
  state::CredentialStore& store_;
  mutable std::mutex mutex_;
  KeyRing ring_;
  std::shared_ptr<const SecretKey> current_;
};

// An envelope that shows whether a key is the right one.
state::VaultKey make_key_check(const SecretKey& key);
bool opens(const SecretKey& key, const state::VaultKey& check);

}  // namespace dth::control
