#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/log.h"
#include "control/identity/outcome.h"
#include "control/identity/password_hasher.h"
#include "control/identity/refusal_tally.h"
#include "control/identity/secrets.h"
#include "control/identity/sign_in_throttle.h"
#include "state/control/control_state.h"

namespace dth::control {

struct AccountLimits {
  std::chrono::seconds session_idle_max = std::chrono::hours(12);
  std::chrono::seconds session_lifetime = std::chrono::hours(24 * 7);
  std::chrono::seconds setup_lifetime = std::chrono::minutes(60);
  std::chrono::seconds link_lifetime = std::chrono::hours(24 * 3);
};
inline constexpr std::int64_t token_days_default = 90;
inline constexpr std::int64_t token_days_max = 366;  // but for administrators

// Where somebody signs in.
struct ClientInfo {
  std::string address;
  std::string throttle_key;  // the address, of IPv6 its network
  std::string program;       // User-Agent
};

struct SignedIn {
  state::User user;
  state::Session session;
  std::string secret;  // for the cookie; nowhere else
};

// A secret that is shown once, and whose thing it is.
struct UserWithLink {
  state::User user;
  std::string link_token;
};
struct TokenWithSecret {
  state::ApiToken token;
  std::string secret;
};

struct UserInput {
  std::string name;
  std::string email;
  state::Role role = state::Role::viewer;
  std::string locale = {};
  std::string time_zone = {};
};

struct TokenInput {
  std::string name;
  std::string owner_id;  // a user, or empty
  state::TokenScope scope = state::TokenScope::read;
  state::Role owner_role = state::Role::viewer;  // of who makes it: what it may allow at most
  std::optional<std::int64_t> days = token_days_default;  // none: it has no end
};

// Everything about users that changes something: validates the whole input, then asks one method of
// the state. Each `audit` says who does it; what it is about is filled in here. Blocks, some for as
// long as a password's hash takes: callers bound how many do so at a time. Thread-safe.
class Accounts {
 public:
  // All must outlive this. `log` is told of entries that could not be added to the audit log; null:
  // nobody is.
  Accounts(state::ControlState& state, Clock& clock, const PasswordHasher& hasher,
           SignInThrottle& throttle, AccountLimits limits = {}, Log* log = nullptr)
      : state_(state),
        clock_(clock),
        hasher_(hasher),
        throttle_(throttle),
        limits_(limits),
        log_(log) {}
  // Writes what write_refusals() would.
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // Is there an administrator who can sign in? The state is asked until there is.
  Result<bool> has_administrator();
  // Is it known without asking the state?
  bool is_set_up() const { return is_set_up_; }

  // How long no attempt is made at all: to be asked before one waits for its turn. Does not block.
  // `email` empty: of a link or the setup token.
  std::chrono::seconds wait_before_attempt(const std::string& email, const ClientInfo& client);
  // Such an attempt: it is in the audit log, by its number.
  Fault refuse_attempt(std::chrono::seconds wait, const ClientInfo& client,
                       state::AuditEntry audit);
  // Adds the numbers of refused attempts to the audit log. To be called once in
  // RefusalTally::interval.
  void write_refusals();

  // Nothing where there is an administrator.
  Result<std::optional<std::string>> new_setup_token(state::AuditEntry audit);
  // With the setup token, or, on the hub's host, without one being asked for.
  Result<Outcome<SignedIn>> create_first_administrator(std::string setup_token, UserInput input,
                                                       std::string password, ClientInfo client,
                                                       state::AuditEntry audit);

  // Wrong address, wrong password and disabled users are told apart by nobody, nor by the time that
  // it takes.
  Result<Outcome<SignedIn>> sign_in(std::string email, std::string password, ClientInfo client,
                                    state::AuditEntry audit);
  Result<void> sign_out(const state::User& user, const std::string& session,
                        state::AuditEntry audit);

  // Ends all sessions of the user but `kept_session`.
  Result<Outcome<state::User>> change_password(const std::string& user,
                                               std::string current_password,
                                               std::string new_password, std::string kept_session,
                                               ClientInfo client, state::AuditEntry audit);
  Result<Outcome<state::User>> set_password_by_link(std::string link_token, std::string password,
                                                    ClientInfo client, state::AuditEntry audit);
  // On the hub's host.
  Result<Outcome<state::User>> set_password(const std::string& email, std::string password,
                                            state::AuditEntry audit);

  Result<Outcome<UserWithLink>> create_user(UserInput input, state::AuditEntry audit);
  // On the hub's host: with a password.
  Result<Outcome<state::User>> create_user_with_password(UserInput input, std::string password,
                                                         state::AuditEntry audit);
  Result<Outcome<state::User>> update_user(const std::string& id,
                                           std::optional<std::int64_t> revision,
                                           state::UserChange change, state::AuditEntry audit);
  Result<Outcome<state::User>> delete_user(const std::string& id, state::AuditEntry audit);
  // A link that sets the user's password. Until then the old one holds.
  Result<Outcome<UserWithLink>> reset_password(const std::string& id, state::AuditEntry audit);

  // The ids of those that were ended. `ids`: nothing: all but `kept`.
  Result<Outcome<std::vector<std::string>>> end_sessions(
      const state::User& user, std::optional<std::vector<std::string>> ids, std::string kept,
      state::AuditEntry audit);

  Result<Outcome<TokenWithSecret>> create_token(TokenInput input, state::AuditEntry audit);
  Result<Outcome<state::ApiToken>> revoke_token(const state::ApiToken& token,
                                                state::AuditEntry audit);

 private:
  struct Begun;
  Begun begin_session(const state::User& user, const ClientInfo& client) const;
  Result<Outcome<SignedIn>> open_session(state::User user, std::string verified_hash,
                                         const ClientInfo& client, state::AuditEntry audit);
  Outcome<SignedIn> refuse_sign_in(const ClientInfo& client, state::AuditEntry audit);
  void note_refused(const ClientInfo& client, state::AuditEntry audit);
  void write_refusals(bool all);
  Result<std::optional<Fault>> check_setup_token(const std::string& token, const ClientInfo& client,
                                                 const state::AuditEntry& audit);
  state::NewOneTimeSecret one_time_secret(const NewSecret& secret, state::OneTimeUse use,
                                          const std::string& user) const;

  state::ControlState& state_;
  Clock& clock_;
  const PasswordHasher& hasher_;
  SignInThrottle& throttle_;
  AccountLimits limits_;
  Log* log_;
  RefusalTally refusals_;
  std::atomic<bool> is_set_up_ = false;
};

}  // namespace dth::control
