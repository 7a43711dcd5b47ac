#pragma once

#include <memory>
#include <string>

#include "credentials/credential_ref.h"
#include "net/address_policy.h"

namespace dth::credentials {

// Named credentials that somebody keeps for many users: a hub's vault. Thread-safe; methods may
// block for a question to the state.
class CredentialDirectory {
 public:
  virtual ~CredentialDirectory() = default;

  // What the id stands for: a kind, its public options, what it builds on (references of
  // kind_vault) and the id as its name, by which a SecretSource finds the secret. not_found.
  virtual Result<CredentialRef> find(const std::string& id) const = 0;
  // Somebody opened it to sign requests. Does not block.
  virtual void note_used(const std::string& id) const = 0;
  // Which addresses this process may reach for the users of a hub; null: any, for it works for
  // nobody but its own user.
  virtual std::shared_ptr<const net::AddressPolicy> addresses() const = 0;
  // May a profile of this host name a program to run? Asked for every reference, kept or not.
  virtual bool allows_process() const = 0;
};

// How ids of kept credentials begin.
inline constexpr std::string_view kept_prefix = "credential_";
inline bool is_kept(const CredentialRef& ref) {
  return ref.kind == "vault" || ref.name.starts_with(kept_prefix);
}

}  // namespace dth::credentials
