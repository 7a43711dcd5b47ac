// Named credentials. No field of this source gives a secret: tests/e2e/vault_test.py walks the
// whole schema with planted ones.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/user_errors.h"
#include "api/values.h"
#include "base/zoned_time.h"
#include "control/vault/credential_service.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using control::CredentialProblem;
using credentials::CredentialKind;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::StoredCredential;
using Done = Idempotency::Done;

constexpr std::string_view credential_list = "credential";

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Credentials {
  explicit Credentials(const ApiServices& services)
      : state(&services.runs.state()),
        idempotency(&services.idempotency),
        service(services.credentials),
        clock(&services.clock) {}

  StateReader* state;
  Idempotency* idempotency;
  control::CredentialService* service;  // null: a hub without a vault
  Clock* clock;
};

Error without_vault() { return {ErrorCode::unsupported, "This hub has no vault.", ""}; }

Resolved credential_object(StoredCredential credential) {
  return Resolved::object(std::make_shared<const StoredCredential>(std::move(credential)),
                          "Credential");
}

json::value json_time(const std::optional<TimePoint>& time) {
  return time ? json::value(json::string(format_time(*time))) : json::value();
}

// --- reading

Async<Result<Resolved>> find_credential(Credentials it, std::string id, ResolveInfo info) {
  if (!it.service) co_return without_vault();
  const auto work = [&](state::State&) { return it.service->find(id); };
  auto found = co_await it.state->read(client_of(info), work);
  if (found.has_value()) co_return credential_object(std::move(*found));
  if (found.error().code == ErrorCode::not_found) co_return Resolved();
  co_return found.error();
}

// Who may not list credentials finds none by its id either.
Async<Result<Resolved>> find_visible_credential(Credentials it, std::string id, ResolveInfo info) {
  if (principal_of(info).role < state::Role::operator_) co_return Resolved();
  co_return co_await find_credential(it, std::move(id), info);
}

Async<Result<Resolved>> resolve_credentials(Credentials it, ResolveInfo info) {
  if (!it.service) co_return without_vault();
  auto request = page_request(info, credential_list);
  if (request.has_error()) co_return request.error();
  const auto work = [&](state::State&) {
    return it.service->list(request->after, request->first + 1);
  };
  auto page = co_await it.state->read(client_of(info), work);
  if (page.has_error()) co_return page.error();
  std::vector<PageItem> items;
  for (StoredCredential& credential : *page) {
    std::string position = credential.name;
    items.push_back({credential_object(std::move(credential)), std::move(position)});
  }
  co_return make_connection(*request, credential_list, std::move(items));
}

Async<Result<Resolved>> resolve_base(Credentials it, ResolveInfo info) {
  const std::string id = info.parent_as<StoredCredential>().base;
  if (id.empty()) co_return Resolved();
  co_return co_await find_credential(it, id, info);
}

Async<Result<Resolved>> resolve_users(Credentials it, ResolveInfo info) {
  if (!it.service) co_return without_vault();
  const std::string id = info.parent_as<StoredCredential>().id;
  const auto work = [&](state::State&) { return it.service->users(id); };
  auto users = co_await it.state->read(client_of(info), work);
  if (users.has_error()) co_return users.error();
  json::array array;
  for (const state::CredentialUser& user : *users)
    array.push_back(json::object{
        {"kind", shown(user.kind)}, {"id", shown(user.id)}, {"name", shown(user.name)}});
  co_return Resolved(json::value(std::move(array)));
}

Result<Resolved> resolve_options(const ResolveInfo& info) {
  auto options = control::public_options(info.parent_as<StoredCredential>());
  if (options.has_error()) return options.error();
  json::array array;
  for (const auto& [name, value] : *options)
    array.push_back(json::object{{"name", shown(name)}, {"value", shown(value)}});
  return Resolved(json::value(std::move(array)));
}

json::array fields_of(std::span<const options::Option> table) {
  json::array array;
  for (const options::Option& option : table) {
    json::object field;
    field["name"] = option.name;
    field["help"] = option.help;
    field["placeholder"] = text_or_null(std::string(option.placeholder));
    field["isSecret"] = option.secret;
    field["isRequired"] = control::is_required(option);
    array.push_back(std::move(field));
  }
  return array;
}

Result<Resolved> resolve_kinds(const ResolveInfo&) {
  json::array array;
  for (const CredentialKind& kind : credentials::credential_kinds()) {
    if (kind.in_hub == CredentialKind::Hub::no) continue;
    json::object object;
    object["name"] = kind.name;
    object["help"] = kind.help;
    object["options"] = fields_of(kind.options);
    object["secrets"] = fields_of(kind.fields);
    object["needsBase"] = kind.base == CredentialKind::Base::one;
    object["usesHost"] = kind.in_hub == CredentialKind::Hub::host;
    array.push_back(std::move(object));
  }
  return Resolved(json::value(std::move(array)));
}

// --- changing

const json::object& input_of(const ResolveInfo& info) {
  return object_argument(info.arguments, "input");
}

const json::value* given(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string input_text_of(const json::object& input, std::string_view name) {
  const auto* value = given(input, name);
  return value ? std::string(value->as_string()) : std::string();
}

options::Values values_of(const json::object& input, std::string_view name) {
  options::Values values;
  const auto* list = given(input, name);
  if (!list) return values;
  for (const auto& pair : list->as_array()) {
    const auto& object = pair.as_object();
    values[std::string(object.at("name").as_string())] =
        std::string(object.at("value").as_string());
  }
  return values;
}

std::optional<TimePoint> input_time_of(const json::object& input, std::string_view name) {
  const auto* value = given(input, name);
  if (!value) return std::nullopt;
  return parse_zoned_time(value->as_string());
}

UserErrorCode code_of(CredentialProblem::Code code) {
  using Code = CredentialProblem::Code;
  switch (code) {
    case Code::required:
      return UserErrorCode::required;
    case Code::too_long:
      return UserErrorCode::too_long;
    case Code::taken:
      return UserErrorCode::taken;
    case Code::not_found:
      return UserErrorCode::not_found;
    case Code::in_use:
      return UserErrorCode::in_use;
    case Code::stale:
      return UserErrorCode::stale_revision;
    case Code::limit_reached:
      return UserErrorCode::limit_reached;
    case Code::invalid:
      break;
  }
  return UserErrorCode::invalid;
}

// "options.role-arn" -> input, options, role-arn
std::vector<std::string> field_path(const std::string& field) {
  std::vector<std::string> path{"input"};
  std::string_view rest = field == "base" ? "baseId" : std::string_view(field);
  while (!rest.empty()) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    path.emplace_back(rest.substr(0, dot));
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  return path;
}

using Change = std::function<Result<control::CredentialOutcome>(
    control::CredentialService&, const json::object&, state::AuditEntry)>;

Async<Result<Done>> change_credential(Credentials it, Change change, bool is_deletion,
                                      ResolveInfo info) {
  if (!it.service) co_return without_vault();
  const state::AuditEntry by = audit_entry(info, it.clock->now());
  const auto work = [&](state::State&) { return change(*it.service, input_of(info), by); };
  auto outcome = co_await it.state->read(client_of(info), work);
  if (outcome.has_error()) co_return outcome.error();
  if (!outcome->credential) {
    std::vector<UserError> errors;
    for (CredentialProblem& problem : outcome->problems)
      errors.push_back(
          {code_of(problem.code), std::move(problem.message), field_path(problem.field)});
    co_return Done{"", refused(std::move(errors))};
  }
  std::string id = outcome->credential->id;
  if (is_deletion) {
    Resolved deleted{json::value(json::string(id))};
    co_return Done{std::move(id), payload("deletedCredentialId", std::move(deleted))};
  }
  co_return Done{std::move(id),
                 payload("credential", credential_object(std::move(*outcome->credential)))};
}

// The same answer again: the credential as it is now.
Async<Result<Resolved>> replay_credential(Credentials it, bool is_deletion, ResolveInfo info,
                                          std::string id) {
  if (is_deletion) co_return payload("deletedCredentialId", Resolved(id));
  auto found = co_await find_credential(it, std::move(id), info);
  if (found.has_error()) co_return found.error();
  co_return payload("credential", std::move(*found));
}

graphql::AsyncResolver once(Credentials it, Change change, bool is_deletion = false) {
  return [it, change = std::move(change), is_deletion](ResolveInfo info) {
    Idempotency::Work work = [it, change, is_deletion, info] {
      return change_credential(it, change, is_deletion, info);
    };
    Idempotency::Replay again = [it, is_deletion, info](std::string id) {
      return replay_credential(it, is_deletion, info, std::move(id));
    };
    return it.idempotency->once(info, std::move(work), std::move(again));
  };
}

Result<control::CredentialOutcome> create(control::CredentialService& service,
                                          const json::object& input, state::AuditEntry by) {
  control::CredentialInput credential;
  credential.name = input_text_of(input, "name");
  credential.kind = input_text_of(input, "kind");
  credential.options = values_of(input, "options");
  credential.base = input_text_of(input, "baseId");
  credential.secrets = values_of(input, "secrets");
  credential.expires_at = input_time_of(input, "expiresAt");
  return service.create(std::move(credential), std::move(by));
}

Result<control::CredentialOutcome> update(control::CredentialService& service,
                                          const json::object& input, state::AuditEntry by) {
  control::CredentialChange change;
  change.id = input_text_of(input, "id");
  if (const auto* revision = given(input, "revision")) change.revision = revision->as_int64();
  if (given(input, "name")) change.name = input_text_of(input, "name");
  if (given(input, "options")) change.options = values_of(input, "options");
  if (given(input, "baseId")) change.base = input_text_of(input, "baseId");
  change.expires_at = input_time_of(input, "expiresAt");
  const auto* expiry = input.if_contains("expiresAt");
  change.drops_expiry = expiry != nullptr && expiry->is_null();
  return service.update(change, std::move(by));
}

Result<control::CredentialOutcome> rotate(control::CredentialService& service,
                                          const json::object& input, state::AuditEntry by) {
  return service.rotate(input_text_of(input, "id"), values_of(input, "secrets"),
                        input_time_of(input, "expiresAt"), std::move(by));
}

Result<control::CredentialOutcome> remove(control::CredentialService& service,
                                          const json::object& input, state::AuditEntry by) {
  return service.remove(input_text_of(input, "id"), std::move(by));
}

void add_credential_fields(graphql::Resolvers& resolvers, const Credentials& it) {
  constexpr graphql::FieldCost asks_the_state{.weight = 10};
  const auto text = [&](const char* name, std::string StoredCredential::*member) {
    resolvers.field(std::string("Credential.") + name,
                    [member](const ResolveInfo& info) -> Result<Resolved> {
                      return Resolved(shown(info.parent_as<StoredCredential>().*member));
                    });
  };
  text("id", &StoredCredential::id);
  text("name", &StoredCredential::name);
  text("kind", &StoredCredential::kind);
  const auto add = [&](const char* name, auto value) {
    resolvers.field(std::string("Credential.") + name,
                    [value](const ResolveInfo& info) -> Result<Resolved> {
                      return Resolved(json::value(value(info.parent_as<StoredCredential>())));
                    });
  };
  add("createdAt", [](const StoredCredential& c) { return json_time(c.created_at); });
  add("rotatedAt", [](const StoredCredential& c) { return json_time(c.rotated_at); });
  add("lastUsedAt", [](const StoredCredential& c) { return json_time(c.last_used_at); });
  add("expiresAt", [](const StoredCredential& c) { return json_time(c.expires_at); });
  add("revision", [](const StoredCredential& c) { return json::value(c.revision); });
  resolvers.field("Credential.options", resolve_options);
  resolvers.async_field(
      "Credential.base", [it](ResolveInfo info) { return resolve_base(it, info); }, asks_the_state);
  resolvers.async_field("Credential.usedBy",
                        [it](ResolveInfo info) { return resolve_users(it, info); }, {.weight = 50});
}

}  // namespace

NodeKind credential_node_kind(const ApiServices& services) {
  const Credentials it(services);
  return {"credential", [it](std::string id, ResolveInfo info) {
            return find_visible_credential(it, std::move(id), info);
          }};
}

void add_credential_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Credentials it(services);
  constexpr graphql::FieldCost asks_the_state{.weight = 10};
  constexpr graphql::FieldCost changes_the_state{.weight = 20};
  add_credential_fields(resolvers, it);
  add_connection_resolvers(resolvers, "Credential");
  for (const char* type :
       {"CredentialOption", "CredentialUser", "CredentialKind", "CredentialField"})
    resolvers.json_object(type);
  resolvers.async_field(
      "Query.credential",
      [it](ResolveInfo info) { return find_credential(it, text_argument(info, "id"), info); },
      asks_the_state);
  resolvers.async_field(
      "Query.credentials", [it](ResolveInfo info) { return resolve_credentials(it, info); },
      asks_the_state);
  resolvers.field("Query.credentialKinds", resolve_kinds);
  resolvers.async_field("Mutation.createCredential", once(it, create), changes_the_state);
  resolvers.async_field("Mutation.updateCredential", once(it, update), changes_the_state);
  resolvers.async_field("Mutation.rotateCredential", once(it, rotate), changes_the_state);
  resolvers.async_field("Mutation.deleteCredential", once(it, remove, true), changes_the_state);
  for (const char* type :
       {"CreateCredentialPayload", "UpdateCredentialPayload", "RotateCredentialPayload"})
    add_payload_resolvers(resolvers, type, {"credential"});
  add_payload_resolvers(resolvers, "DeleteCredentialPayload", {"deletedCredentialId"});
}

}  // namespace dth::api
