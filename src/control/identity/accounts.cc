// Signing in: the first administrator, passwords, sessions. Users and tokens: account_changes.cc.
#include "control/identity/accounts.h"

#include <new>

#include "base/ids.h"
#include "control/identity/audit_target.h"
#include "control/identity/profile.h"

namespace dth::control {

using state::AuditEntry;
using state::AuditOutcome;

namespace {

constexpr std::size_t client_bytes_max = 200;

// Longer ones are nobody's, and would have to be hashed.
bool can_be_password(std::string_view password) { return password.size() <= 1024; }

Fault throttled(std::chrono::seconds wait) {
  return {FaultKind::limit_reached, "",
          "Too many attempts: try again in " + std::to_string(wait.count()) + " s."};
}

state::NewUser new_user(const UserInput& input, std::string password_hash) {
  state::NewUser made;
  made.user.id = new_id("user");
  made.user.name = std::string(input.name);
  made.user.email = input.email;
  made.user.role = input.role;
  made.user.locale = input.locale;
  made.user.time_zone = input.time_zone;
  made.password_hash = std::move(password_hash);
  return made;
}

}  // namespace

struct Accounts::Begun {
  state::NewSession session;
  std::string secret;
};

state::NewOneTimeSecret Accounts::one_time_secret(const NewSecret& secret, state::OneTimeUse use,
                                                  const std::string& user) const {
  const TimePoint now = clock_.now();
  const std::chrono::seconds lifetime =
      use == state::OneTimeUse::setup ? limits_.setup_lifetime : limits_.link_lifetime;
  return {.secret_hash = secret.hash,
          .use = use,
          .user_id = user,
          .created_at = now,
          .expires_at = now + lifetime};
}

Accounts::Begun Accounts::begin_session(const state::User& user, const ClientInfo& client) const {
  const NewSecret secret = new_secret(SecretKind::session);
  const TimePoint now = clock_.now();
  Begun begun;
  state::Session& session = begun.session.session;
  session.id = new_id("session");
  session.user_id = user.id;
  session.created_at = session.last_used_at = now;
  session.idle_until = now + limits_.session_idle_max;
  session.expires_at = now + limits_.session_lifetime;
  session.address = client.address;
  session.client = client.program.substr(0, client_bytes_max);
  begun.session.secret_hash = secret.hash;
  begun.secret = secret.text;
  return begun;
}

Accounts::~Accounts() {
  try {
    write_refusals(true);
  } catch (const std::bad_alloc&) {
    // Their number is lost.
  }
}

Result<bool> Accounts::has_administrator() {
  if (is_set_up_) return true;
  auto exists = state_.identity().has_administrator();
  if (exists.has_value() && *exists) is_set_up_ = true;
  return exists;
}

std::chrono::seconds Accounts::wait_before_attempt(const std::string& email,
                                                   const ClientInfo& client) {
  return throttle_.wait(normalised_email(email), client.throttle_key, clock_.monotonic_now());
}

Fault Accounts::refuse_attempt(std::chrono::seconds wait, const ClientInfo& client,
                               AuditEntry audit) {
  note_refused(client, std::move(audit));
  return throttled(wait);
}

void Accounts::note_refused(const ClientInfo& client, AuditEntry audit) {
  audit.at = clock_.now();
  audit.outcome = AuditOutcome::refused;
  audit.changes = "[]";
  std::string key = audit.action + " " + client.throttle_key + " " + audit.target_id;
  refusals_.add(std::move(key), std::move(audit), clock_.monotonic_now());
  write_refusals(false);
}

void Accounts::write_refusals() { write_refusals(false); }

void Accounts::write_refusals(bool all) {
  for (RefusalTally::Due& due : refusals_.take(clock_.monotonic_now(), all)) {
    auto added = state_.audit().append(due.entry);
    if (added.has_value()) continue;
    if (log_ != nullptr) {
      log_->error("refused attempts could not be added to the audit log",
                  {{"action", due.entry.action},
                   {"from", due.entry.address},
                   {"number", due.count},
                   {"problem", added.error().to_string()}});
    }
    refusals_.put_back(std::move(due), clock_.monotonic_now());
  }
}

Result<std::optional<std::string>> Accounts::new_setup_token(AuditEntry audit) {
  auto exists = has_administrator();
  if (exists.has_error()) return exists.error();
  if (*exists) return std::optional<std::string>();
  const NewSecret secret = new_secret(SecretKind::setup);
  audit.action = "createSetupToken";
  audit.at = clock_.now();
  auto added = state_.identity().add_one_time_secret(
      one_time_secret(secret, state::OneTimeUse::setup, ""), audit);
  if (added.has_error()) {
    // Somebody became an administrator meanwhile.
    if (added.error().code == ErrorCode::precondition_failed) return std::optional<std::string>();
    return added.error();
  }
  return std::optional<std::string>(secret.text);
}

Result<Outcome<SignedIn>> Accounts::open_session(state::User user, std::string verified_hash,
                                                 const ClientInfo& client, AuditEntry audit) {
  Begun begun = begin_session(user, client);
  begun.session.verified_hash = std::move(verified_hash);
  audit.at = clock_.now();
  audit.actor_kind = state::ActorKind::user;
  audit.actor_id = user.id;
  audit.actor_name = user.name;
  about_user(&audit, user);
  auto created = state_.identity().create_session(begun.session, audit);
  if (created.has_error()) {
    // The user was disabled, or has another password by now.
    if (created.error().code != ErrorCode::unauthenticated) return created.error();
    return refuse_sign_in(client, std::move(audit));
  }
  SignedIn signed_in{std::move(user), std::move(begun.session.session), std::move(begun.secret)};
  return Outcome<SignedIn>::of(std::move(signed_in));
}

// Before anything that is expensive: nothing where the token can make the first administrator.
Result<std::optional<Fault>> Accounts::check_setup_token(const std::string& token,
                                                         const ClientInfo& client,
                                                         const AuditEntry& audit) {
  using Refusal = std::optional<Fault>;
  const auto wait = throttle_.begin("", client.throttle_key, clock_.monotonic_now());
  if (wait > std::chrono::seconds(0)) return Refusal(refuse_attempt(wait, client, audit));
  auto exists = has_administrator();
  if (exists.has_error()) return exists.error();
  if (*exists) {
    return Refusal(Fault{FaultKind::wrong_state, "",
                         "there is an administrator already: sign in, or have a user created"});
  }
  auto is_known = state_.identity().is_setup_secret(hash_of_secret(token), clock_.now());
  if (is_known.has_error()) return is_known.error();
  if (!*is_known) {
    note_refused(client, audit);
    return Refusal(Fault{FaultKind::expired, "setupToken",
                         "The setup token is unknown, or older than an hour: restart the hub, "
                         "which prints another one."});
  }
  throttle_.succeeded("", client.throttle_key);
  return Refusal();
}

Result<Outcome<SignedIn>> Accounts::create_first_administrator(std::string setup_token,
                                                               UserInput input,
                                                               std::string password,
                                                               ClientInfo client,
                                                               AuditEntry audit) {
  using Done = Outcome<SignedIn>;
  input.email = normalised_email(input.email);
  input.role = state::Role::admin;
  std::vector<Fault> faults;
  note(&faults, check_name(input.name));
  note(&faults, check_email(input.email));
  note(&faults, check_new_password(password, input.name, input.email));
  if (!looks_like(SecretKind::setup, setup_token)) {
    note(&faults, Fault{FaultKind::invalid, "setupToken",
                        "This is not a setup token: the hub prints one when it starts, until "
                        "there is an administrator."});
  }
  if (!faults.empty()) return Done::refused(std::move(faults));
  auto refusal = check_setup_token(setup_token, client, audit);
  if (refusal.has_error()) return refusal.error();
  if (*refusal) return Done::refused({std::move(**refusal)});
  auto hash = hasher_.hash(password);
  if (hash.has_error()) return hash.error();
  const state::NewUser made = new_user(input, std::move(*hash));
  audit.at = clock_.now();
  audit.actor_kind = state::ActorKind::user;
  audit.actor_id = made.user.id;
  audit.actor_name = made.user.name;
  about_user(&audit, made.user);
  auto created =
      state_.identity().create_first_administrator(hash_of_secret(setup_token), made, audit);
  if (created.has_error()) {
    auto fault = fault_of(created.error(), "email");
    if (!fault) return created.error();
    if (fault->kind == FaultKind::expired) fault->field = "setupToken";
    return Done::refused({*fault});
  }
  auto user = state_.identity().find_user(made.user.id);
  if (user.has_error()) return user.error();
  audit.action = "signIn";
  audit.changes = "[]";
  return open_session(std::move(*user), made.password_hash, client, std::move(audit));
}

// The address that was tried stays out of the log: it may be a password typed into the wrong field.
Outcome<SignedIn> Accounts::refuse_sign_in(const ClientInfo& client, AuditEntry audit) {
  note_refused(client, std::move(audit));
  return Outcome<SignedIn>::refused(FaultKind::wrong_password, "",
                                    "Wrong e-mail address or password.");
}

Result<Outcome<SignedIn>> Accounts::sign_in(std::string email, std::string password,
                                            ClientInfo client, AuditEntry audit) {
  email = normalised_email(email);
  const auto wait = throttle_.begin(email, client.throttle_key, clock_.monotonic_now());
  if (wait > std::chrono::seconds(0))
    return Outcome<SignedIn>::refused({refuse_attempt(wait, client, std::move(audit))});
  if (email.size() > email_bytes_max || !can_be_password(password))
    return refuse_sign_in(client, std::move(audit));
  auto account = state_.identity().find_local_account(email);
  if (account.has_error()) return account.error();
  const bool can_sign_in = *account && (*account)->user.state == state::UserState::active;
  std::string hash = *account ? (*account)->password_hash : std::string();
  auto is_right = hasher_.verify(hash, password);
  if (is_right.has_error()) return is_right.error();
  if (!*is_right || !can_sign_in) {
    if (*account) about_user(&audit, (*account)->user);
    return refuse_sign_in(client, std::move(audit));
  }
  throttle_.succeeded(email, client.throttle_key);
  if (hasher_.is_outdated(hash)) {
    auto better = hasher_.hash(password);
    if (better.has_value()) {
      auto kept = state_.identity().rehash_password((*account)->user.id, hash, *better);
      if (kept.has_value()) hash = std::move(*better);
    }
  }
  return open_session(std::move((*account)->user), std::move(hash), client, std::move(audit));
}

Result<void> Accounts::sign_out(const state::User& user, const std::string& session,
                                AuditEntry audit) {
  audit.at = clock_.now();
  about_user(&audit, user);
  const std::optional<std::vector<std::string>> one(std::in_place, 1, session);
  auto ended = state_.identity().end_sessions(user.id, one, "", audit);
  if (ended.has_error()) return ended.error();
  return {};
}

Result<Outcome<state::User>> Accounts::change_password(const std::string& user,
                                                       std::string current_password,
                                                       std::string new_password,
                                                       std::string kept_session, ClientInfo client,
                                                       AuditEntry audit) {
  using Done = Outcome<state::User>;
  auto account = state_.identity().find_local_account_of(user);
  if (account.has_error()) return account.error();
  if (!*account)
    return Done::refused(FaultKind::wrong_state, "", "This user does not sign in by a password.");
  const state::User& found = (*account)->user;
  if (auto fault = check_new_password(new_password, found.name, found.email)) {
    fault->field = "newPassword";
    return Done::refused({std::move(*fault)});
  }
  // Who took over a session may not try passwords without end.
  const auto wait = throttle_.begin(found.email, client.throttle_key, clock_.monotonic_now());
  if (wait > std::chrono::seconds(0))
    return Done::refused({refuse_attempt(wait, client, std::move(audit))});
  auto is_right = can_be_password(current_password)
                      ? hasher_.verify((*account)->password_hash, current_password)
                      : Result<bool>(false);
  if (is_right.has_error()) return is_right.error();
  audit.at = clock_.now();
  about_user(&audit, found);
  if (!*is_right) {
    note_refused(client, std::move(audit));
    return Done::refused(FaultKind::wrong_password, "currentPassword",
                         "The current password is wrong.");
  }
  throttle_.succeeded(found.email, client.throttle_key);
  auto hash = hasher_.hash(new_password);
  if (hash.has_error()) return hash.error();
  state::AuditChanges changes;
  changes.add_secret("password");
  audit.changes = changes.to_json();
  auto changed =
      state_.identity().set_password(user, (*account)->password_hash, *hash, kept_session, audit);
  if (changed.has_value()) return Done::of(found);
  auto fault = fault_of(changed.error());
  if (!fault) return changed.error();
  return Done::refused({std::move(*fault)});
}

Result<Outcome<state::User>> Accounts::set_password_by_link(std::string link_token,
                                                            std::string password, ClientInfo client,
                                                            AuditEntry audit) {
  using Done = Outcome<state::User>;
  constexpr std::string_view too_old =
      "This link was used already, or is too old: ask an administrator for another one.";
  if (!looks_like(SecretKind::link, link_token))
    return Done::refused(FaultKind::expired, "token", std::string(too_old));
  const auto wait = throttle_.begin("", client.throttle_key, clock_.monotonic_now());
  if (wait > std::chrono::seconds(0))
    return Done::refused({refuse_attempt(wait, client, std::move(audit))});
  const std::string secret_hash = hash_of_secret(link_token);
  auto user = state_.identity().find_link(secret_hash, clock_.now());
  if (user.has_error()) {
    if (user.error().code != ErrorCode::unauthenticated) return user.error();
    note_refused(client, std::move(audit));
    return Done::refused(FaultKind::expired, "token", std::string(too_old));
  }
  throttle_.succeeded("", client.throttle_key);
  if (auto fault = check_new_password(password, user->name, user->email))
    return Done::refused({std::move(*fault)});
  auto hash = hasher_.hash(password);
  if (hash.has_error()) return hash.error();
  audit.at = clock_.now();
  audit.actor_kind = state::ActorKind::user;
  audit.target_kind = "user";
  state::AuditChanges changes;
  changes.add_secret("password");
  audit.changes = changes.to_json();
  auto changed = state_.identity().set_password_by_link(secret_hash, *hash, clock_.now(), audit);
  if (changed.has_value()) return Done::of(std::move(*changed));
  if (changed.error().code != ErrorCode::unauthenticated) return changed.error();
  return Done::refused(FaultKind::expired, "token", std::string(too_old));
}

Result<Outcome<state::User>> Accounts::set_password(const std::string& email, std::string password,
                                                    AuditEntry audit) {
  using Done = Outcome<state::User>;
  const std::string address = normalised_email(email);
  auto account = state_.identity().find_local_account(address);
  if (account.has_error()) return account.error();
  if (!*account)
    return Done::refused(FaultKind::not_found, "email", "No user has the address " + address + ".");
  const state::User& user = (*account)->user;
  if (auto fault = check_new_password(password, user.name, user.email))
    return Done::refused({std::move(*fault)});
  auto hash = hasher_.hash(password);
  if (hash.has_error()) return hash.error();
  audit.at = clock_.now();
  about_user(&audit, user);
  state::AuditChanges changes;
  changes.add_secret("password");
  audit.changes = changes.to_json();
  auto changed = state_.identity().set_password(user.id, {}, *hash, "", audit);
  if (changed.has_error()) return changed.error();
  return Done::of(user);
}

}  // namespace dth::control
