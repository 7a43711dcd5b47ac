#pragma once

#include <string>
#include <vector>

#include "state/control/credential_store.h"

namespace dth::control::testing {

// Hands everything to another store; tests override what is to go differently.
class DelegatingStore : public state::CredentialStore {
 public:
  explicit DelegatingStore(state::CredentialStore& store) : store_(store) {}

  Result<state::SealedWrite> create(const state::StoredCredential& credential,
                                    const state::AuditEntry& entry) override {
    return store_.create(credential, entry);
  }
  Result<state::SealedWrite> replace(const state::StoredCredential& changed,
                                     const state::AuditEntry& entry) override {
    return store_.replace(changed, entry);
  }
  Result<std::vector<state::CredentialUser>> remove(const std::string& id,
                                                    const state::AuditEntry& entry) override {
    return store_.remove(id, entry);
  }
  Result<state::StoredCredential> find(const std::string& id) override { return store_.find(id); }
  Result<std::vector<state::StoredCredential>> list(const std::string& after,
                                                    std::size_t count_max) override {
    return store_.list(after, count_max);
  }
  Result<std::vector<state::CredentialUser>> users(const std::string& id) override {
    return store_.users(id);
  }
  Result<void> note_used(const std::string& id, TimePoint at) override {
    return store_.note_used(id, at);
  }
  Result<std::vector<state::VaultKey>> keys() override { return store_.keys(); }
  Result<state::VaultKey> begin_keys(const state::VaultKey& first) override {
    return store_.begin_keys(first);
  }
  Result<void> change_key(const std::string& from, const state::VaultKey& to,
                          const state::AuditEntry& entry) override {
    return store_.change_key(from, to, entry);
  }
  Result<std::vector<state::StoredCredential>> sealed_otherwise(const std::string& key,
                                                                const std::string& after,
                                                                std::size_t count_max) override {
    return store_.sealed_otherwise(key, after, count_max);
  }
  Result<void> reseal(const std::string& key, const std::vector<Resealed>& credentials) override {
    return store_.reseal(key, credentials);
  }
  Result<std::int64_t> forget_old_keys() override { return store_.forget_old_keys(); }

 protected:
  state::CredentialStore& store_;
};

}  // namespace dth::control::testing
