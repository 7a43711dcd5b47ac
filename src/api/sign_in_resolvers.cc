// Signing in and out, the first administrator, one's own password.
#include "api/identity_objects.h"
#include "api/resolvers.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using Answer = Async<Result<Resolved>>;

constexpr graphql::FieldCost costs_a_hash{.weight = 1000};

control::ClientInfo client_info(const ResolveInfo& info) {
  const RequestContext& context = context_of(info);
  control::ClientInfo client;
  client.address = principal_of(info).address;
  // Never the share of a signed-in user: a user with tokens has many of those.
  const std::string& network = principal_of(info).network;
  client.throttle_key = network.empty() ? context.client : network;
  client.program = context.user_agent;
  return client;
}

// A cookie over plain HTTP can be read by everybody on the way.
std::optional<UserError> refuse_plain_http(const ResolveInfo& info) {
  const RequestContext& context = context_of(info);
  if (context.is_secure || context.is_loopback) return std::nullopt;
  return UserError{
      UserErrorCode::wrong_state,
      "Signing in needs HTTPS: over plain HTTP others could read the password. Give "
      "tls_certificate and tls_key, or name the proxy in front with trusted_proxies, which has to "
      "send X-Forwarded-Proto.",
      {}};
}

void set_cookie(const ResolveInfo& info, const std::string& secret) {
  const RequestContext& context = context_of(info);
  if (!context.cookies) return;
  std::string cookie = std::string(session_cookie_name(context.is_secure)) + "=" + secret +
                       "; Path=/; HttpOnly; SameSite=Lax";
  if (context.is_secure) cookie += "; Secure";
  if (secret.empty()) cookie += "; Max-Age=0";
  context.cookies->push_back(std::move(cookie));
}

// What refuses an attempt before it waits for its turn to have a hash computed, if so.
Async<Result<std::optional<control::Fault>>> refuse_early(IdentityService* identity,
                                                          ResolveInfo info, std::string email) {
  const control::ClientInfo client = client_info(info);
  const auto wait = identity->accounts().wait_before_attempt(email, client);
  if (wait <= std::chrono::seconds(0)) co_return std::optional<control::Fault>();
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=]() -> Result<control::Fault> {
    return identity->accounts().refuse_attempt(wait, client, audit);
  };
  auto fault = co_await identity->run(client_of(info), work);
  if (fault.has_error()) co_return fault.error();
  co_return std::optional<control::Fault>(std::move(*fault));
}

Resolved refused_by(const control::Fault& fault) {
  const std::vector<control::Fault> faults(1, fault);
  return refused(errors_of(faults));
}

Answer sign_in(IdentityService* identity, ResolveInfo info) {
  if (auto refused_here = refuse_plain_http(info)) co_return refused(std::move(*refused_here));
  const InputReader input(info);
  const std::string email = input.text("email"), password = input.text("password");
  auto early = co_await refuse_early(identity, info, email);
  if (early.has_error()) co_return early.error();
  if (*early) co_return refused_by(**early);
  const control::ClientInfo client = client_info(info);
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] { return identity->accounts().sign_in(email, password, client, audit); };
  auto done = co_await identity->hash(HashFor::anybody, client.throttle_key, work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  // A session that this browser had before ends: nobody can have planted the new one.
  const Principal before = principal_of(info);
  if (before.kind == PrincipalKind::user) {
    state::User user;
    user.id = before.user_id;
    user.name = before.user_name;
    const auto work = [=] { return identity->accounts().sign_out(user, before.session_id, audit); };
    auto ended = co_await identity->run(client_of(info), work);
    if (ended.has_error()) co_return ended.error();
    identity->authenticator().end_session(before.session_id);
  }
  set_cookie(info, done->value->secret);
  co_return payload("user", user_object(done->value->user));
}

// The cookie goes also where the state cannot end the session now.
Answer sign_out(IdentityService* identity, ResolveInfo info) {
  const Principal principal = principal_of(info);
  set_cookie(info, "");
  if (principal.kind == PrincipalKind::user) {
    state::User user;
    user.id = principal.user_id;
    user.name = principal.user_name;
    const state::AuditEntry audit = audit_entry(info, identity->clock().now());
    const auto work = [=] {
      return identity->accounts().sign_out(user, principal.session_id, audit);
    };
    auto ended = co_await identity->run(client_of(info), work);
    if (ended.has_error()) co_return ended.error();
    identity->authenticator().end_session(principal.session_id);
  }
  co_return payload(Payload{});
}

Answer create_first_administrator(IdentityService* identity, ResolveInfo info) {
  if (auto refused_here = refuse_plain_http(info)) co_return refused(std::move(*refused_here));
  const InputReader input(info);
  control::UserInput user;
  user.name = input.text("name");
  user.email = input.text("email");
  const std::string token = input.text("setupToken"), password = input.text("password");
  auto early = co_await refuse_early(identity, info, std::string());
  if (early.has_error()) co_return early.error();
  if (*early) co_return refused_by(**early);
  const control::ClientInfo client = client_info(info);
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] {
    return identity->accounts().create_first_administrator(token, user, password, client, audit);
  };
  auto done = co_await identity->hash(HashFor::anybody, client.throttle_key, work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  set_cookie(info, done->value->secret);
  co_return payload("user", user_object(done->value->user));
}

Answer set_password_by_link(IdentityService* identity, ResolveInfo info) {
  if (auto refused_here = refuse_plain_http(info)) co_return refused(std::move(*refused_here));
  const InputReader input(info);
  const std::string token = input.text("token"), password = input.text("password");
  auto early = co_await refuse_early(identity, info, std::string());
  if (early.has_error()) co_return early.error();
  if (*early) co_return refused_by(**early);
  const control::ClientInfo client = client_info(info);
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] {
    return identity->accounts().set_password_by_link(token, password, client, audit);
  };
  auto done = co_await identity->hash(HashFor::anybody, client.throttle_key, work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  identity->authenticator().end_sessions_of(done->value->id);
  co_return payload("user", user_object(*done->value));
}

Answer change_password(IdentityService* identity, ResolveInfo info) {
  const Principal principal = principal_of(info);
  if (principal.kind != PrincipalKind::user) co_return needs_a_session();
  if (auto refused_here = refuse_plain_http(info)) co_return refused(std::move(*refused_here));
  const InputReader input(info);
  const std::string before = input.text("currentPassword"), after = input.text("newPassword");
  const control::ClientInfo client = client_info(info);
  const state::AuditEntry audit = audit_entry(info, identity->clock().now());
  const auto work = [=] {
    return identity->accounts().change_password(principal.user_id, before, after,
                                                principal.session_id, client, audit);
  };
  auto done = co_await identity->hash(HashFor::signed_in, principal.user_id, work);
  if (done.has_error()) co_return done.error();
  if (!done->value) co_return refused(errors_of(done->faults));
  identity->authenticator().end_sessions_of(principal.user_id, principal.session_id);
  co_return payload("user", user_object(*done->value));
}

Answer sign_in_options(IdentityService* identity, ResolveInfo info) {
  bool exists = identity->accounts().is_set_up();
  if (!exists) {
    const auto work = [=] { return identity->accounts().has_administrator(); };
    auto asked = co_await identity->run(client_of(info), work);
    if (asked.has_error()) co_return asked.error();
    exists = *asked;
  }
  json::object options{{"needsSetup", !exists}, {"passwords", true}};
  co_return Resolved(json::value(std::move(options)));
}

}  // namespace

void add_sign_in_resolvers(graphql::Resolvers& resolvers, IdentityService& service) {
  IdentityService* identity = &service;
  const auto field = [&](const char* name, auto function, graphql::FieldCost cost) {
    resolvers.async_field(
        name, [=](ResolveInfo info) { return function(identity, info); }, cost);
  };
  field("Query.signInOptions", sign_in_options, {.weight = 10});
  field("Mutation.signIn", sign_in, costs_a_hash);
  field("Mutation.signOut", sign_out, {.weight = 10});
  field("Mutation.createFirstAdministrator", create_first_administrator, costs_a_hash);
  field("Mutation.setPassword", set_password_by_link, costs_a_hash);
  field("Mutation.changePassword", change_password, costs_a_hash);
  for (const char* type : {"SignInPayload", "CreateFirstAdministratorPayload", "SetPasswordPayload",
                           "ChangePasswordPayload"})
    add_payload_resolvers(resolvers, type, {"user"});
  add_payload_resolvers(resolvers, "SignOutPayload", {});
  resolvers.json_object("SignInOptions");
}

}  // namespace dth::api
