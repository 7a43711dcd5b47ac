#include "control/vault/credential_service.h"

#include <algorithm>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/ids.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/plain_text.h"
#include "options/parsed_values.h"

namespace dth::control {
namespace {

using credentials::CredentialKind;
using Problems = std::vector<CredentialProblem>;
using Code = CredentialProblem::Code;
using options::Option;

constexpr int seal_attempts_max = 3;

std::string json_of(const options::Values& values) {
  boost::json::object object;
  for (const auto& [name, value] : values) object[name] = value;
  return write_json(object);
}

void check_name(const std::string& name, Problems* problems) {
  if (name.empty()) {
    problems->push_back({Code::required, "name", "the credential needs a name"});
  } else if (name.size() > credential_name_max) {
    problems->push_back({Code::too_long, "name",
                         "the name is longer than " + std::to_string(credential_name_max) +
                             " bytes: give a shorter one"});
  } else if (!is_plain_name(name)) {
    problems->push_back({Code::invalid, "name",
                         "the name has spaces around it or characters that cannot be seen: give "
                         "another one"});
  }
}

// Those of one table; `where` is "options" or "secrets". Values are never repeated.
void check_values(const options::Values& values, std::span<const Option> table,
                  const std::string& where, Problems* problems) {
  for (const auto& [name, value] : values) {
    const std::string field = where + "." + printable(name.substr(0, 100));
    const Option* option = options::find_option(table, name);
    if (!option) {
      problems->push_back({Code::invalid, field, "this kind of credential has no such field"});
    } else if (value.size() > credential_value_max) {
      problems->push_back({Code::too_long, field, "the value is too long"});
    } else if (!is_plain_line(value)) {
      problems->push_back(
          {Code::invalid, field, "the value has line breaks or characters that cannot be seen"});
    }
  }
}

bool has(const options::Values& values, std::string_view name) {
  const auto found = values.find(name);
  return found != values.end() && !found->second.empty();
}

void check_required(std::span<const Option> table, const options::Values& values,
                    const std::string& where, Problems* problems) {
  for (const Option& option : table) {
    if (is_required(option) && !has(values, option.name)) {
      problems->push_back({Code::required, where + "." + std::string(option.name),
                           "it is missing: " + std::string(option.help)});
    }
  }
}

std::string text_of(const std::optional<TimePoint>& time) { return time ? format_time(*time) : ""; }

// What differs, without secrets.
state::AuditChanges changes_between(const state::StoredCredential& before,
                                    const state::StoredCredential& after) {
  state::AuditChanges changes;
  changes.add("name", before.name, after.name);
  changes.add("kind", before.kind, after.kind);
  changes.add("options", before.options, after.options);
  changes.add("base", before.base, after.base);
  changes.add("expiresAt", text_of(before.expires_at), text_of(after.expires_at));
  return changes;
}

void name_target(const state::StoredCredential& credential, state::AuditEntry* entry) {
  entry->target_kind = "credential";
  entry->target_id = credential.id;
  entry->target_name = credential.name;
}

CredentialOutcome refused(Problems problems) {
  return {.credential = {}, .problems = std::move(problems)};
}

CredentialOutcome no_such(const std::string& id) {
  return refused({{Code::not_found, "id", "there is no credential " + printable(id)}});
}

// What the state says that its sender can put right; nothing for other errors.
std::optional<CredentialOutcome> refused_by_state(const Error& error) {
  switch (error.code) {
    case ErrorCode::already_exists:
      return refused({{Code::taken, "name", error.message}});
    case ErrorCode::not_found:
      return refused({{Code::not_found, "base", error.message}});
    case ErrorCode::precondition_failed:
      return refused({{Code::stale, "revision", error.message}});
    default:
      return std::nullopt;
  }
}

// What may be left out: the rest of what a kind declares is needed.
constexpr std::string_view optional_fields[] = {
    "session-token",    "role-external-id", "role-session-name",
    "sts-endpoint-url", "secret-region",    "secrets-manager-endpoint-url"};

}  // namespace

bool is_required(const Option& option) {
  return std::find(std::begin(optional_fields), std::end(optional_fields), option.name) ==
         std::end(optional_fields);
}

Binding binding_of(const state::StoredCredential& credential) {
  return {"credential", credential.id, credential.kind};
}

Result<options::Values> public_options(const state::StoredCredential& credential) {
  const auto parsed = parse_json(credential.options, "the options of " + credential.id);
  if (parsed.has_error()) return parsed.error();
  options::Values values;
  if (!parsed->is_object()) return values;
  for (const auto& field : parsed->get_object()) {
    if (field.value().is_string())
      values.emplace(std::string(field.key()), field.value().get_string().c_str());
  }
  return values;
}

Result<CredentialOutcome> CredentialService::create(CredentialInput input, state::AuditEntry who) {
  Problems problems;
  check_name(input.name, &problems);
  const CredentialKind* const kind = credentials::find_credential_kind(input.kind);
  if (!kind || kind->in_hub == CredentialKind::Hub::no) {
    problems.push_back({Code::invalid, "kind", "there is no such kind of credential"});
    return refused(std::move(problems));
  }
  check_values(input.options, kind->options, "options", &problems);
  check_values(input.secrets, kind->fields, "secrets", &problems);
  check_required(kind->options, input.options, "options", &problems);
  check_required(kind->fields, input.secrets, "secrets", &problems);
  state::StoredCredential credential;
  credential.id = new_id("credential");
  credential.name = std::move(input.name);
  credential.kind = std::move(input.kind);
  credential.options = json_of(input.options);
  credential.base = std::move(input.base);
  credential.created_at = credential.rotated_at = clock_.now();
  credential.expires_at = input.expires_at;
  if (auto checked = check_base(credential, &problems); checked.has_error()) return checked.error();
  if (!problems.empty()) return refused(std::move(problems));
  who.action = "createCredential";
  name_target(credential, &who);
  state::AuditChanges changes = changes_between({}, credential);
  for (const auto& [name, value] : input.secrets) changes.add_secret(name);
  who.changes = changes.to_json();
  return write(std::move(credential), input.secrets, who, true);
}

Result<CredentialOutcome> CredentialService::update(const CredentialChange& change,
                                                    state::AuditEntry who) {
  auto before = store_.find(change.id);
  if (before.has_error() && before.error().code == ErrorCode::not_found) return no_such(change.id);
  if (before.has_error()) return before.error();
  Problems problems;
  // What is compared, sealed again and audited below is what was read here.
  if (change.revision && *change.revision != before->revision) {
    problems.push_back(
        {Code::stale, "revision", "somebody else changed the credential meanwhile: read it again"});
    return refused(std::move(problems));
  }
  state::StoredCredential after = *before;
  if (change.name) after.name = *change.name;
  check_name(after.name, &problems);
  if (const CredentialKind* kind = credentials::find_credential_kind(after.kind);
      kind && change.options) {
    check_values(*change.options, kind->options, "options", &problems);
    check_required(kind->options, *change.options, "options", &problems);
    after.options = json_of(*change.options);
  }
  if (change.base) after.base = *change.base;
  if (change.expires_at || change.drops_expiry) after.expires_at = change.expires_at;
  if (auto checked = check_base(after, &problems); checked.has_error()) return checked.error();
  if (!problems.empty()) return refused(std::move(problems));
  // Sealed again, so that it is under the current key.
  auto secrets = vault_.open(binding_of(*before), before->sealed);
  if (secrets.has_error()) return secrets.error();
  who.action = "updateCredential";
  name_target(after, &who);
  who.changes = changes_between(*before, after).to_json();
  return write(std::move(after), *secrets, who, false);
}

Result<CredentialOutcome> CredentialService::rotate(const std::string& id,
                                                    const options::Values& secrets,
                                                    std::optional<TimePoint> expires_at,
                                                    state::AuditEntry who) {
  auto before = store_.find(id);
  if (before.has_error() && before.error().code == ErrorCode::not_found) return no_such(id);
  if (before.has_error()) return before.error();
  Problems problems;
  const CredentialKind* const kind = credentials::find_credential_kind(before->kind);
  if (!kind || kind->fields.empty()) {
    problems.push_back(
        {Code::invalid, "secrets", "this kind of credential has no secret to change"});
  } else {
    check_values(secrets, kind->fields, "secrets", &problems);
    check_required(kind->fields, secrets, "secrets", &problems);
  }
  if (!problems.empty()) return refused(std::move(problems));
  state::StoredCredential after = *before;
  after.rotated_at = clock_.now();
  after.expires_at = expires_at;
  who.action = "rotateCredential";
  name_target(after, &who);
  state::AuditChanges changes = changes_between(*before, after);
  for (const auto& [name, value] : secrets) changes.add_secret(name);
  who.changes = changes.to_json();
  return write(std::move(after), secrets, who, false);
}

Result<CredentialOutcome> CredentialService::remove(const std::string& id, state::AuditEntry who) {
  auto before = store_.find(id);
  if (before.has_error() && before.error().code == ErrorCode::not_found) return no_such(id);
  if (before.has_error()) return before.error();
  who.at = clock_.now();
  who.action = "deleteCredential";
  name_target(*before, &who);
  who.changes = changes_between(*before, {}).to_json();
  auto users = store_.remove(id, who);
  if (users.has_error() && users.error().code == ErrorCode::not_found) return no_such(id);
  if (users.has_error()) return users.error();
  if (users->empty()) return CredentialOutcome{.credential = std::move(*before), .problems = {}};
  std::string named;
  for (std::size_t i = 0; i < users->size() && i < 5; ++i)
    named += (i == 0 ? "" : ", ") + users->at(i).kind + " " + users->at(i).name;
  if (users->size() > 5) named += " and others";
  return refused({{Code::in_use, "id",
                   "the credential is in use by " + named + ": end or change these first"}});
}

// It is there, signs, and leads to no circle.
Result<void> CredentialService::check_base(const state::StoredCredential& credential,
                                           Problems* problems) {
  const CredentialKind* const kind = credentials::find_credential_kind(credential.kind);
  const bool needs_base = kind && kind->base == CredentialKind::Base::one;
  if (credential.base.empty() != !needs_base) {
    problems->push_back(needs_base
                            ? CredentialProblem{Code::required, "base",
                                                "name the credential that this one builds on"}
                            : CredentialProblem{Code::invalid, "base",
                                                "this kind of credential builds on no other one"});
    return {};
  }
  std::string next = credential.base;
  for (std::size_t depth = 0; !next.empty(); ++depth) {
    if (next == credential.id || depth >= credentials_deep_max) {
      problems->push_back({Code::invalid, "base",
                           "credentials would build on each other in a circle, or too deep"});
      return {};
    }
    auto base = store_.find(next);
    if (base.has_error() && base.error().code == ErrorCode::not_found) {
      problems->push_back(
          {Code::not_found, "base", "there is no credential " + printable(next.substr(0, 100))});
      return {};
    }
    if (base.has_error()) return base.error();
    const bool signs = base->kind != credentials::kind_sse_c_key &&
                       base->kind != credentials::kind_http_proxy &&
                       base->kind != credentials::kind_anonymous;
    if (!signs) {
      problems->push_back({Code::invalid, "base", "a credential of that kind signs no requests"});
      return {};
    }
    next = base->base;
  }
  return {};
}

// Sealed with the current key, whichever that is by now.
Result<CredentialOutcome> CredentialService::write(state::StoredCredential credential,
                                                   const options::Values& secrets,
                                                   const state::AuditEntry& entry, bool is_new) {
  state::AuditEntry dated = entry;
  dated.at = clock_.now();
  for (int attempt = 0; attempt < seal_attempts_max; ++attempt) {
    auto sealed = vault_.seal(binding_of(credential), secrets);
    if (sealed.has_error()) return sealed.error();
    credential.sealed = std::move(sealed->envelope);
    credential.sealed_with = std::move(sealed->key);
    auto written = is_new ? store_.create(credential, dated) : store_.replace(credential, dated);
    if (written.has_error()) {
      if (auto told = refused_by_state(written.error())) return std::move(*told);
      return written.error();
    }
    if (*written == state::SealedWrite::written) {
      auto kept = store_.find(credential.id);
      if (kept.has_error()) return kept.error();
      return CredentialOutcome{.credential = std::move(*kept), .problems = {}};
    }
    if (auto refreshed = vault_.refresh(); refreshed.has_error()) return refreshed.error();
  }
  return Error{
      ErrorCode::unavailable, "the master key is being changed again and again: try later", {}};
}

}  // namespace dth::control
