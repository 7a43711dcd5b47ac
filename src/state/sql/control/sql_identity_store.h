#pragma once

#include "state/control/identity_store.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlIdentityStore final : public IdentityStore {
 public:
  explicit SqlIdentityStore(Transactor& transactor) : transactor_(transactor) {}

  Result<bool> has_administrator() override;
  Result<void> add_one_time_secret(const NewOneTimeSecret& secret,
                                   const AuditEntry& audit) override;
  Result<bool> is_setup_secret(const std::string& secret_hash, TimePoint now) override;
  Result<void> create_first_administrator(const std::string& secret_hash, const NewUser& user,
                                          const AuditEntry& audit) override;

  Result<void> create_user(const NewUser& user, const std::optional<NewOneTimeSecret>& link,
                           const AuditEntry& audit) override;
  Result<User> find_user(const std::string& id) override;
  Result<std::optional<LocalAccount>> find_local_account(const std::string& email) override;
  Result<std::optional<LocalAccount>> find_local_account_of(const std::string& user) override;
  Result<std::vector<User>> list_users(const std::string& after, std::size_t count_max) override;
  Result<std::int64_t> count_users() override;
  Result<User> update_user(const std::string& id, std::optional<std::int64_t> revision,
                           const UserChange& change, const AuditEntry& audit) override;
  Result<void> delete_user(const std::string& id, const AuditEntry& audit) override;

  Result<void> set_password(const std::string& user,
                            const std::optional<std::string>& verified_hash,
                            const std::string& password_hash, const std::string& kept_session,
                            const AuditEntry& audit) override;
  Result<User> find_link(const std::string& secret_hash, TimePoint now) override;
  Result<User> set_password_by_link(const std::string& secret_hash,
                                    const std::string& password_hash, TimePoint now,
                                    const AuditEntry& audit) override;
  Result<void> rehash_password(const std::string& user, const std::string& old_hash,
                               const std::string& new_hash) override;

  Result<void> create_session(const NewSession& session, const AuditEntry& audit) override;
  Result<std::optional<SessionOfUser>> find_session(const std::string& secret_hash,
                                                    TimePoint now) override;
  Result<void> touch_session(const std::string& id, TimePoint now, TimePoint idle_until,
                             const std::string& address) override;
  Result<std::vector<Session>> list_sessions(const std::string& user, TimePoint now) override;
  Result<std::vector<std::string>> end_sessions(const std::string& user,
                                                const std::optional<std::vector<std::string>>& ids,
                                                const std::string& kept,
                                                const AuditEntry& audit) override;

  Result<void> create_token(const NewApiToken& token, const AuditEntry& audit) override;
  Result<std::optional<TokenOfUser>> find_token(const std::string& secret_hash,
                                                TimePoint now) override;
  Result<void> touch_token(const std::string& id, TimePoint now,
                           const std::string& address) override;
  Result<std::vector<ApiToken>> list_tokens(const std::optional<std::string>& owner,
                                            const std::string& after,
                                            std::size_t count_max) override;
  Result<ApiToken> find_token_by_id(const std::string& id) override;
  Result<void> revoke_token(const std::string& id, const AuditEntry& audit) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
