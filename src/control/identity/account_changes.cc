// Users, their sessions and tokens, as administrators and their owners change them.
#include <algorithm>

#include "base/ids.h"
#include "control/identity/accounts.h"
#include "control/identity/audit_target.h"
#include "control/identity/profile.h"

namespace dth::control {

using state::AuditChanges;
using state::AuditEntry;

namespace {

std::vector<Fault> check_user(const UserInput& input) {
  std::vector<Fault> faults;
  note(&faults, check_name(input.name));
  note(&faults, check_email(input.email));
  note(&faults, check_locale(input.locale));
  note(&faults, check_time_zone(input.time_zone));
  if (input.role == state::Role::anyone)
    note(&faults, Fault{FaultKind::invalid, "role", "A user is a viewer, operator or admin."});
  return faults;
}

state::User user_of(const UserInput& input) {
  state::User user;
  user.id = new_id("user");
  user.name = input.name;
  user.email = input.email;
  user.role = input.role;
  user.locale = input.locale;
  user.time_zone = input.time_zone;
  return user;
}

std::string changes_of(const UserInput& input) {
  AuditChanges changes;
  changes.add("name", "", input.name);
  changes.add("email", "", input.email);
  changes.add("role", "", to_string(input.role));
  return changes.to_json();
}

std::string changes_of(const state::User& before, const state::UserChange& change) {
  AuditChanges changes;
  changes.add("name", before.name, change.name.value_or(before.name));
  changes.add("email", before.email, change.email.value_or(before.email));
  changes.add("role", to_string(before.role), to_string(change.role.value_or(before.role)));
  changes.add("state", to_string(before.state), to_string(change.state.value_or(before.state)));
  changes.add("locale", before.locale, change.locale.value_or(before.locale));
  changes.add("timeZone", before.time_zone, change.time_zone.value_or(before.time_zone));
  return changes.to_json();
}

template <class T>
Result<Outcome<T>> refusal_or_failure(const Error& error, std::string_view taken_field = "") {
  auto fault = fault_of(error, taken_field);
  if (!fault) return error;
  return Outcome<T>::refused({std::move(*fault)});
}

}  // namespace

Result<Outcome<UserWithLink>> Accounts::create_user(UserInput input, AuditEntry audit) {
  using Done = Outcome<UserWithLink>;
  input.email = normalised_email(input.email);
  auto faults = check_user(input);
  if (!faults.empty()) return Done::refused(std::move(faults));
  const NewSecret link = new_secret(SecretKind::link);
  const state::NewUser made{user_of(input), ""};
  audit.at = clock_.now();
  audit.changes = changes_of(input);
  about_user(&audit, made.user);
  auto created = state_.identity().create_user(
      made, one_time_secret(link, state::OneTimeUse::set_password, made.user.id), audit);
  if (created.has_error()) return refusal_or_failure<UserWithLink>(created.error(), "email");
  auto user = state_.identity().find_user(made.user.id);
  if (user.has_error()) return user.error();
  UserWithLink answer{std::move(*user), link.text};
  return Done::of(std::move(answer));
}

Result<Outcome<state::User>> Accounts::create_user_with_password(UserInput input,
                                                                 std::string password,
                                                                 AuditEntry audit) {
  using Done = Outcome<state::User>;
  input.email = normalised_email(input.email);
  auto faults = check_user(input);
  note(&faults, check_new_password(password, input.name, input.email));
  if (!faults.empty()) return Done::refused(std::move(faults));
  auto hash = hasher_.hash(password);
  if (hash.has_error()) return hash.error();
  const state::NewUser made{user_of(input), std::move(*hash)};
  audit.at = clock_.now();
  audit.changes = changes_of(input);
  about_user(&audit, made.user);
  auto created = state_.identity().create_user(made, std::nullopt, audit);
  if (created.has_error()) return refusal_or_failure<state::User>(created.error(), "email");
  auto user = state_.identity().find_user(made.user.id);
  if (user.has_error()) return user.error();
  return Done::of(std::move(*user));
}

Result<Outcome<state::User>> Accounts::update_user(const std::string& id,
                                                   std::optional<std::int64_t> revision,
                                                   state::UserChange change, AuditEntry audit) {
  using Done = Outcome<state::User>;
  if (change.email) change.email = normalised_email(*change.email);
  std::vector<Fault> faults;
  if (change.name) note(&faults, check_name(*change.name));
  if (change.email) note(&faults, check_email(*change.email));
  if (change.locale) note(&faults, check_locale(*change.locale));
  if (change.time_zone) note(&faults, check_time_zone(*change.time_zone));
  if (change.role == state::Role::anyone)
    note(&faults, Fault{FaultKind::invalid, "role", "A user is a viewer, operator or admin."});
  if (!faults.empty()) return Done::refused(std::move(faults));
  auto before = state_.identity().find_user(id);
  if (before.has_error()) return refusal_or_failure<state::User>(before.error());
  if (revision && *revision != before->revision) {
    return Done::refused(FaultKind::stale_revision, "revision",
                         "The user was changed meanwhile: read it again, and repeat the change.");
  }
  audit.at = clock_.now();
  audit.changes = changes_of(*before, change);
  about_user(&audit, *before);
  // With the revision that was read: the audit log tells what it was before.
  auto user = state_.identity().update_user(id, before->revision, change, audit);
  if (user.has_error()) return refusal_or_failure<state::User>(user.error(), "email");
  return Done::of(std::move(*user));
}

Result<Outcome<state::User>> Accounts::delete_user(const std::string& id, AuditEntry audit) {
  auto user = state_.identity().find_user(id);
  if (user.has_error()) return refusal_or_failure<state::User>(user.error());
  audit.at = clock_.now();
  about_user(&audit, *user);
  auto deleted = state_.identity().delete_user(id, audit);
  if (deleted.has_error()) return refusal_or_failure<state::User>(deleted.error());
  return Outcome<state::User>::of(std::move(*user));
}

Result<Outcome<UserWithLink>> Accounts::reset_password(const std::string& id, AuditEntry audit) {
  using Done = Outcome<UserWithLink>;
  auto user = state_.identity().find_user(id);
  if (user.has_error()) return refusal_or_failure<UserWithLink>(user.error());
  if (user->state == state::UserState::disabled)
    return Done::refused(FaultKind::wrong_state, "id", "The user is disabled: enable it first.");
  const NewSecret link = new_secret(SecretKind::link);
  audit.at = clock_.now();
  about_user(&audit, *user);
  auto added = state_.identity().add_one_time_secret(
      one_time_secret(link, state::OneTimeUse::set_password, id), audit);
  if (added.has_error()) return refusal_or_failure<UserWithLink>(added.error());
  UserWithLink answer{std::move(*user), link.text};
  return Done::of(std::move(answer));
}

Result<Outcome<std::vector<std::string>>> Accounts::end_sessions(
    const state::User& user, std::optional<std::vector<std::string>> ids, std::string kept,
    AuditEntry audit) {
  audit.at = clock_.now();
  about_user(&audit, user);
  auto ended = state_.identity().end_sessions(user.id, ids, kept, audit);
  if (ended.has_error()) return ended.error();
  return Outcome<std::vector<std::string>>::of(std::move(*ended));
}

Result<Outcome<TokenWithSecret>> Accounts::create_token(TokenInput input, AuditEntry audit) {
  using Done = Outcome<TokenWithSecret>;
  std::vector<Fault> faults;
  note(&faults, check_name(input.name));
  if (role_of(input.scope) > input.owner_role) {
    note(&faults, Fault{FaultKind::invalid, "scope",
                        "The token would be allowed more than you are: your role is " +
                            std::string(to_string(input.owner_role)) + "."});
  }
  const bool is_admin = input.owner_role == state::Role::admin;
  if (!input.days && !is_admin) {
    note(&faults, Fault{FaultKind::invalid, "expiresInDays",
                        "Only administrators make tokens that do not expire."});
  }
  const std::int64_t days_max = is_admin ? 3660 : token_days_max;
  if (input.days && (*input.days < 1 || *input.days > days_max)) {
    note(&faults, Fault{FaultKind::out_of_range, "expiresInDays",
                        "expiresInDays: 1 to " + std::to_string(days_max) + "."});
  }
  if (!faults.empty()) return Done::refused(std::move(faults));
  const NewSecret secret = new_secret(SecretKind::token);
  const TimePoint now = clock_.now();
  state::NewApiToken made;
  state::ApiToken& token = made.token;
  token.id = new_id("token");
  token.name = input.name;
  token.owner_id = input.owner_id;
  token.scope = input.scope;
  token.last_four = secret.last_four;
  token.created_at = now;
  if (input.days) token.expires_at = now + std::chrono::hours(24 * *input.days);
  made.secret_hash = secret.hash;
  audit.at = now;
  about_token(&audit, token);
  AuditChanges changes;
  changes.add("scope", "", to_string(token.scope));
  changes.add("expiresInDays", "", input.days ? std::to_string(*input.days) : "never");
  audit.changes = changes.to_json();
  auto created = state_.identity().create_token(made, audit);
  if (created.has_error()) {
    if (created.error().code == ErrorCode::precondition_failed)
      return Done::refused(FaultKind::limit_reached, "", created.error().message);
    return refusal_or_failure<TokenWithSecret>(created.error());
  }
  auto kept = state_.identity().find_token_by_id(token.id);
  if (kept.has_error()) return kept.error();
  TokenWithSecret answer{std::move(*kept), secret.text};
  return Done::of(std::move(answer));
}

Result<Outcome<state::ApiToken>> Accounts::revoke_token(const state::ApiToken& token,
                                                        AuditEntry audit) {
  audit.at = clock_.now();
  about_token(&audit, token);
  auto revoked = state_.identity().revoke_token(token.id, audit);
  if (revoked.has_error()) return refusal_or_failure<state::ApiToken>(revoked.error());
  return Outcome<state::ApiToken>::of(token);
}

}  // namespace dth::control
