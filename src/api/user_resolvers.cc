// Users, their sessions and API tokens.
#include "api/connection.h"
#include "api/identity_objects.h"
#include "api/resolvers.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::Role;
using Answer = Async<Result<Resolved>>;

constexpr std::string_view user_list = "user", token_list = "token";

// Of an operation that the principal does: who it is, and whether as an administrator.
bool is_admin(const ResolveInfo& info) { return principal_of(info).role == Role::admin; }

Error stale_cursor() {
  return {
      ErrorCode::invalid_argument,
      "\"after\" is the cursor of an item that is not there any more: begin with the first page",
      ""};
}

// Tokens of the host belong to nobody.
Error needs_a_user() {
  return {ErrorCode::permission_denied,
          "This needs a user, or an administrator's token: the token belongs to nobody.", ""};
}

Answer viewer(IdentityService* identity, ResolveInfo info) {
  const Principal principal = principal_of(info);
  if (principal.is_anonymous()) co_return Resolved();
  json::object object;
  object["role"] = enum_name(to_string(principal.role));
  object["tokenName"] = text_or_null(principal.token_name);
  object["tokenId"] = text_or_null(principal.token_id);
  object["scope"] = principal.scope
                        ? json::value(json::string(enum_name(to_string(*principal.scope))))
                        : json::value();
  object["user"] = nullptr;
  if (!principal.user_id.empty()) {
    const auto work = [=] { return identity->store().find_user(principal.user_id); };
    auto user = co_await identity->run(client_of(info), work);
    if (user.has_error()) co_return user.error();
    const Resolved shown_user = user_object(*user);
    object["user"] = *shown_user.json();
  }
  co_return Resolved(json::value(std::move(object)));
}

Answer count_users(IdentityService* identity, ResolveInfo info) {
  const auto work = [=] { return identity->store().count_users(); };
  auto count = co_await identity->run(client_of(info), work);
  if (count.has_error()) co_return count.error();
  co_return Resolved(json::value(*count));
}

Answer users(IdentityService* identity, ResolveInfo info) {
  auto request = page_request(info, user_list);
  if (request.has_error()) co_return request.error();
  const std::string after = request->after;
  const std::size_t count = request->first + 1;
  const auto work = [=] { return identity->store().list_users(after, count); };
  auto found = co_await identity->run(client_of(info), work);
  if (found.has_error()) {
    if (found.error().code == ErrorCode::not_found) co_return stale_cursor();
    co_return found.error();
  }
  std::vector<PageItem> items;
  for (const state::User& user : *found) items.push_back({user_object(user), user.id});
  TotalCount total = [identity](ResolveInfo of) { return count_users(identity, of); };
  co_return make_connection(*request, user_list, std::move(items), std::move(total));
}

Answer user(IdentityService* identity, ResolveInfo info) {
  const std::string id = text_argument(info, "id");
  const auto work = [=] { return identity->store().find_user(id); };
  auto found = co_await identity->run(client_of(info), work);
  if (found.has_value()) co_return user_object(*found);
  if (found.error().code == ErrorCode::not_found) co_return Resolved();
  co_return found.error();
}

Answer create_user(IdentityService* identity, ResolveInfo info) {
  const InputReader reader(info);
  control::UserInput input;
  input.name = reader.text("name");
  input.email = reader.text("email");
  input.role = reader.role("role").value_or(Role::viewer);
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] { return identity->accounts().create_user(input, audit); };
  auto done = co_await identity->run(client_of(info), work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  Payload made;
  made.fields.emplace("user", user_object(done->value->user));
  made.fields.emplace("setPasswordToken", Resolved(done->value->link_token));
  co_return payload(std::move(made));
}

Answer update(IdentityService* identity, ResolveInfo info, std::string id,
              std::optional<std::int64_t> revision, state::UserChange change,
              state::AuditEntry audit) {
  const bool ends_sessions = change.role.has_value() || change.state.has_value();
  const auto work = [&] { return identity->accounts().update_user(id, revision, change, audit); };
  auto done = co_await identity->run(client_of(info), work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  // What was known of them is asked again.
  if (ends_sessions) identity->authenticator().end_user(id);
  co_return payload("user", user_object(*done->value));
}

Answer update_user(IdentityService* identity, ResolveInfo info) {
  const InputReader input(info);
  state::UserChange change;
  change.name = input.optional_text("name");
  change.email = input.optional_text("email");
  change.role = input.role("role");
  if (input.has("isDisabled")) {
    const bool disables = info.arguments.at("input").as_object().at("isDisabled").as_bool();
    change.state = disables ? state::UserState::disabled : state::UserState::active;
  }
  std::string id = input.text("id");
  state::AuditEntry audit = audit_entry(info, identity->clock().now());
  co_return co_await update(identity, info, std::move(id), input.number("revision"),
                            std::move(change), std::move(audit));
}

Answer update_profile(IdentityService* identity, ResolveInfo info) {
  const Principal principal = principal_of(info);
  if (principal.kind != PrincipalKind::user) co_return needs_a_session();
  const InputReader input(info);
  state::UserChange change;
  change.name = input.optional_text("name");
  change.locale = input.optional_text("locale");
  change.time_zone = input.optional_text("timeZone");
  std::string id = principal.user_id;
  state::AuditEntry audit = audit_entry(info, identity->clock().now());
  co_return co_await update(identity, info, std::move(id), std::nullopt, std::move(change),
                            std::move(audit));
}

Answer delete_user(IdentityService* identity, ResolveInfo info) {
  const std::string id = InputReader(info).text("id");
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] { return identity->accounts().delete_user(id, audit); };
  auto done = co_await identity->run(client_of(info), work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  identity->authenticator().end_user(id);
  co_return payload("deletedId", Resolved(id));
}

// A link that an API token made would outlive it.
Answer reset_password(IdentityService* identity, ResolveInfo info) {
  if (principal_of(info).kind != PrincipalKind::user) co_return needs_a_session();
  const std::string id = InputReader(info).text("id");
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] { return identity->accounts().reset_password(id, audit); };
  auto done = co_await identity->run(client_of(info), work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  Payload made;
  made.fields.emplace("user", user_object(done->value->user));
  made.fields.emplace("setPasswordToken", Resolved(done->value->link_token));
  co_return payload(std::move(made));
}

Answer sessions(IdentityService* identity, ResolveInfo info) {
  const Principal principal = principal_of(info);
  if (principal.kind != PrincipalKind::user) co_return needs_a_session();
  const TimePoint now = identity->clock().now();
  const auto work = [=] { return identity->store().list_sessions(principal.user_id, now); };
  auto found = co_await identity->run(client_of(info), work);
  if (found.has_error()) co_return found.error();
  std::vector<Resolved> list;
  for (const state::Session& session : *found)
    list.push_back(session_object(session, principal.session_id));
  co_return Resolved(std::move(list));
}

Answer end_sessions(IdentityService* identity, ResolveInfo info) {
  const Principal principal = principal_of(info);
  if (principal.kind != PrincipalKind::user) co_return needs_a_session();
  const InputReader input(info);
  std::optional<std::vector<std::string>> ids;
  if (input.has("ids")) ids = input.texts("ids");
  state::User user;
  user.id = principal.user_id;
  user.name = principal.user_name;
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] {
    return identity->accounts().end_sessions(user, ids, principal.session_id, audit);
  };
  auto done = co_await identity->run(client_of(info), work);
  if (done.has_error()) co_return done.error();
  std::vector<Resolved> ended;
  for (const std::string& id : *done->value) {
    identity->authenticator().end_session(id);
    ended.push_back(Resolved(id));
  }
  co_return payload("endedIds", Resolved(std::move(ended)));
}

// Administrators see all; others their own.
Answer api_tokens(IdentityService* identity, ResolveInfo info) {
  auto request = page_request(info, token_list);
  if (request.has_error()) co_return request.error();
  std::optional<std::string> owner;
  if (!is_admin(info)) owner = principal_of(info).user_id;
  if (owner && owner->empty()) co_return needs_a_user();
  const std::string after = request->after;
  const std::size_t count = request->first + 1;
  const auto work = [=] { return identity->store().list_tokens(owner, after, count); };
  auto found = co_await identity->run(client_of(info), work);
  if (found.has_error()) {
    if (found.error().code == ErrorCode::not_found) co_return stale_cursor();
    co_return found.error();
  }
  std::vector<PageItem> items;
  for (const state::ApiToken& token : *found) items.push_back({token_object(token), token.id});
  co_return make_connection(*request, token_list, std::move(items));
}

Answer create_api_token(IdentityService* identity, ResolveInfo info) {
  const Principal principal = principal_of(info);
  // One that a token made could outlive it, and do what it was revoked for.
  if (principal.kind != PrincipalKind::user) co_return needs_a_session();
  const InputReader reader(info);
  control::TokenInput input;
  input.name = reader.text("name");
  input.owner_id = principal.user_id;
  input.owner_role = principal.role;
  input.scope =
      state::parse_token_scope(enum_word(reader.text("scope"))).value_or(state::TokenScope::read);
  const bool has_no_end = info.arguments.at("input").as_object().at("neverExpires").as_bool();
  input.days = reader.number("expiresInDays").value_or(control::token_days_default);
  if (has_no_end) input.days.reset();
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] { return identity->accounts().create_token(input, audit); };
  auto done = co_await identity->run(client_of(info), work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  Payload made;
  made.fields.emplace("apiToken", token_object(done->value->token));
  made.fields.emplace("secret", Resolved(done->value->secret));
  co_return payload(std::move(made));
}

// A token revokes nothing but itself: one that was stolen locks nobody out.
Answer revoke_api_token(IdentityService* identity, ResolveInfo info) {
  const std::string id = InputReader(info).text("id");
  const bool is_itself = !id.empty() && principal_of(info).token_id == id;
  if (principal_of(info).kind != PrincipalKind::user && !is_itself) co_return needs_a_session();
  const std::optional<std::string> owner =
      is_admin(info) || is_itself ? std::nullopt : std::optional(principal_of(info).user_id);
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=]() -> Result<control::Outcome<state::ApiToken>> {
    auto token = identity->store().find_token_by_id(id);
    const bool is_hidden = token.has_value() && owner && token->owner_id != *owner;
    if (is_hidden || (token.has_error() && token.error().code == ErrorCode::not_found)) {
      return control::Outcome<state::ApiToken>::refused(control::FaultKind::not_found, "id",
                                                        "There is no such token.");
    }
    if (token.has_error()) return token.error();
    return identity->accounts().revoke_token(*token, audit);
  };
  auto done = co_await identity->run(client_of(info), work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  identity->authenticator().end_token(id);
  co_return payload("apiToken", token_object(*done->value));
}

}  // namespace

void add_user_resolvers(graphql::Resolvers& resolvers, IdentityService& service) {
  IdentityService* identity = &service;
  const auto field = [&](const char* name, auto function) {
    // Each change is an entry of the audit log on the disk, which nobody should fill.
    const bool changes = std::string_view(name).starts_with("Mutation.");
    resolvers.async_field(name, [=](ResolveInfo info) { return function(identity, info); },
                          {.weight = changes ? 500u : 10u});
  };
  field("Query.viewer", viewer);
  field("Query.users", users);
  field("Query.user", user);
  field("Query.sessions", sessions);
  field("Query.apiTokens", api_tokens);
  field("Mutation.createUser", create_user);
  field("Mutation.updateUser", update_user);
  field("Mutation.updateProfile", update_profile);
  field("Mutation.deleteUser", delete_user);
  field("Mutation.resetPassword", reset_password);
  field("Mutation.endSessions", end_sessions);
  field("Mutation.createApiToken", create_api_token);
  field("Mutation.revokeApiToken", revoke_api_token);
  for (const char* type : {"UpdateUserPayload", "UpdateProfilePayload"})
    add_payload_resolvers(resolvers, type, {"user"});
  for (const char* type : {"CreateUserPayload", "ResetPasswordPayload"})
    add_payload_resolvers(resolvers, type, {"user", "setPasswordToken"});
  add_payload_resolvers(resolvers, "DeleteUserPayload", {"deletedId"});
  add_payload_resolvers(resolvers, "EndSessionsPayload", {"endedIds"});
  add_payload_resolvers(resolvers, "CreateApiTokenPayload", {"apiToken", "secret"});
  add_payload_resolvers(resolvers, "RevokeApiTokenPayload", {"apiToken"});
  for (const char* type : {"Viewer", "User", "Session", "ApiToken"}) resolvers.json_object(type);
  add_connection_resolvers(resolvers, "User");
  add_connection_resolvers(resolvers, "ApiToken");
}

}  // namespace dth::api
