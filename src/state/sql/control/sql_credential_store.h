#pragma once

#include "state/control/credential_store.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlCredentialStore final : public CredentialStore {
 public:
  explicit SqlCredentialStore(Transactor& transactor) : transactor_(transactor) {}

  Result<SealedWrite> create(const StoredCredential& credential, const AuditEntry& entry) override;
  Result<SealedWrite> replace(const StoredCredential& changed, const AuditEntry& entry) override;
  Result<std::vector<CredentialUser>> remove(const std::string& id,
                                             const AuditEntry& entry) override;
  Result<StoredCredential> find(const std::string& id) override;
  Result<std::vector<StoredCredential>> list(const std::string& after,
                                             std::size_t count_max) override;
  Result<std::vector<CredentialUser>> users(const std::string& id) override;
  Result<void> note_used(const std::string& id, TimePoint at) override;

  Result<std::vector<VaultKey>> keys() override;
  Result<VaultKey> begin_keys(const VaultKey& first) override;
  Result<void> change_key(const std::string& from, const VaultKey& to,
                          const AuditEntry& entry) override;
  Result<std::vector<StoredCredential>> sealed_otherwise(const std::string& key,
                                                         const std::string& after,
                                                         std::size_t count_max) override;
  Result<void> reseal(const std::string& key, const std::vector<Resealed>& credentials) override;
  Result<std::int64_t> forget_old_keys() override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
