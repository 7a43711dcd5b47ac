#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "state/control/audit_log.h"
#include "state/control/identity.h"

namespace dth::state {

// A user to be made, who signs in by the provider "local".
struct NewUser {
  User user;                  // revision, created_at and last_sign_in_at are set by the state
  std::string password_hash;  // empty: none yet
};

// What is changed of a user; nothing: it stays.
struct UserChange {
  std::optional<std::string> name = {};
  std::optional<std::string> email = {};
  std::optional<Role> role = {};
  std::optional<UserState> state = {};
  std::optional<std::string> locale = {};
  std::optional<std::string> time_zone = {};
};

struct NewSession {
  Session session;
  std::string secret_hash;
  std::string verified_hash;  // of the password that signed in, as it was when it was verified
};

struct NewApiToken {
  ApiToken token;
  std::string secret_hash;
};

struct NewOneTimeSecret {
  std::string secret_hash;
  OneTimeUse use = OneTimeUse::setup;
  std::string user_id;  // of set_password
  TimePoint created_at{};
  TimePoint expires_at{};
};

struct SessionOfUser {
  Session session;
  User user;
};

// A token, and its owner, where it has one.
struct TokenOfUser {
  ApiToken token;
  std::optional<User> owner;
};

// Users, and how they prove who they are. Secrets are kept as hashes only: of a password that of
// crypto_pwhash_str(), of everything else the SHA-256, by which it is found. See State for what
// every method keeps to, and ControlState about audit entries.
//
// Errors beside those of State: already_exists (another user has that e-mail address),
// precondition_failed (the last administrator cannot be removed, disabled or demoted; another
// revision; an administrator exists already; a password was changed meanwhile; a user has as many
// tokens as one may have), unauthenticated (a one-time secret is unknown, used or too old; the user
// is disabled, or has another password than the one that was verified).
class IdentityStore {
 public:
  virtual ~IdentityStore() = default;

  // Is there an administrator who can sign in: not disabled, and with a password?
  virtual Result<bool> has_administrator() = 0;

  // Removes those that are too old, and of setup all others.
  virtual Result<void> add_one_time_secret(const NewOneTimeSecret& secret,
                                           const AuditEntry& audit) = 0;
  // Can the first administrator be made with it? It may be too old when it is used.
  virtual Result<bool> is_setup_secret(const std::string& secret_hash, TimePoint now) = 0;
  // Uses up the setup secret and all others like it.
  virtual Result<void> create_first_administrator(const std::string& secret_hash,
                                                  const NewUser& user, const AuditEntry& audit) = 0;

  // With the secret of a link that sets the password, or none.
  virtual Result<void> create_user(const NewUser& user, const std::optional<NewOneTimeSecret>& link,
                                   const AuditEntry& audit) = 0;
  virtual Result<User> find_user(const std::string& id) = 0;
  // Nothing where no user has that address, or does not sign in by the provider "local".
  virtual Result<std::optional<LocalAccount>> find_local_account(const std::string& email) = 0;
  virtual Result<std::optional<LocalAccount>> find_local_account_of(const std::string& user) = 0;
  // By name and id, those after the user `after`; empty: from the first.
  virtual Result<std::vector<User>> list_users(const std::string& after, std::size_t count_max) = 0;
  virtual Result<std::int64_t> count_users() = 0;
  // `revision`: of the user as the caller read it; nothing: whatever it is now.
  virtual Result<User> update_user(const std::string& id, std::optional<std::int64_t> revision,
                                   const UserChange& change, const AuditEntry& audit) = 0;
  // With sessions and tokens.
  virtual Result<void> delete_user(const std::string& id, const AuditEntry& audit) = 0;

  // Ends all sessions but `kept_session`, and uses up the links that would set the password.
  // `verified_hash`: of the password that allowed it; precondition_failed where the user has
  // another one by now. Nothing: none was asked for.
  virtual Result<void> set_password(const std::string& user,
                                    const std::optional<std::string>& verified_hash,
                                    const std::string& password_hash,
                                    const std::string& kept_session, const AuditEntry& audit) = 0;
  // The user whose password the link sets; unauthenticated.
  virtual Result<User> find_link(const std::string& secret_hash, TimePoint now) = 0;
  virtual Result<User> set_password_by_link(const std::string& secret_hash,
                                            const std::string& password_hash, TimePoint now,
                                            const AuditEntry& audit) = 0;
  // The same password is hashed with other parameters.
  virtual Result<void> rehash_password(const std::string& user, const std::string& old_hash,
                                       const std::string& new_hash) = 0;

  // Notes the sign-in of the user, and ends the sessions that are over and those beyond
  // sessions_per_user_max, the least recently used first.
  virtual Result<void> create_session(const NewSession& session, const AuditEntry& audit) = 0;
  static constexpr std::int64_t sessions_per_user_max = 100;
  // Nothing where it is unknown or over, or its user is disabled.
  virtual Result<std::optional<SessionOfUser>> find_session(const std::string& secret_hash,
                                                            TimePoint now) = 0;
  virtual Result<void> touch_session(const std::string& id, TimePoint now, TimePoint idle_until,
                                     const std::string& address) = 0;
  // The most recently used first.
  virtual Result<std::vector<Session>> list_sessions(const std::string& user, TimePoint now) = 0;
  // Those of the user that are named; nothing: all but `kept`. The ids of those that were ended,
  // which the entry of the audit log names; where none was, there is no entry.
  virtual Result<std::vector<std::string>> end_sessions(
      const std::string& user, const std::optional<std::vector<std::string>>& ids,
      const std::string& kept, const AuditEntry& audit) = 0;

  // Removes some of those that are too old. precondition_failed where its owner has
  // tokens_per_user_max already.
  static constexpr std::int64_t tokens_per_user_max = 100;
  virtual Result<void> create_token(const NewApiToken& token, const AuditEntry& audit) = 0;
  // Nothing where it is unknown or too old, or its owner is disabled.
  virtual Result<std::optional<TokenOfUser>> find_token(const std::string& secret_hash,
                                                        TimePoint now) = 0;
  virtual Result<void> touch_token(const std::string& id, TimePoint now,
                                   const std::string& address) = 0;
  // The newest first, those after the token `after`. `owner`: of that user only; nothing: all.
  virtual Result<std::vector<ApiToken>> list_tokens(const std::optional<std::string>& owner,
                                                    const std::string& after,
                                                    std::size_t count_max) = 0;
  virtual Result<ApiToken> find_token_by_id(const std::string& id) = 0;
  virtual Result<void> revoke_token(const std::string& id, const AuditEntry& audit) = 0;
};

}  // namespace dth::state
