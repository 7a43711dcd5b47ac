#pragma once

#include <memory>
#include <optional>
#include <string>

#include "graphql/execution/resolvers.h"
#include "state/control/audit_log.h"
#include "state/control/identity.h"

namespace dth::api {

enum class PrincipalKind { anonymous, user, token };

// Who sends a request: decided before its body is read and before it becomes a WebSocket
// (Authenticator). On the hub's thread.
struct Principal {
  PrincipalKind kind = PrincipalKind::anonymous;
  std::string user_id;  // of a token: its owner; empty: made on the hub's host
  std::string user_name;
  std::string session_id;  // of a user
  std::string token_id;    // of a token
  std::string token_name;
  state::Role role = state::Role::anyone;  // of a token: what its scope leaves of its owner's
  std::optional<state::TokenScope> scope;  // of a token
  std::string address;                     // where the request came from
  std::string network;                     // the same, of IPv6 its first 64 bits
  // The session ended, the token was revoked, or the user changed since: it may do nothing more.
  bool has_ended = false;

  bool is_anonymous() const { return kind == PrincipalKind::anonymous; }
  // For queues, budgets and idempotency keys: "user_...", also of a token that has an owner, so
  // that nobody has more for having many tokens; "token_..."; nothing of the anonymous.
  const std::string& client() const { return user_id.empty() ? token_id : user_id; }
};

// What resolvers are told of the request (Request::context).
struct RequestContext {
  // Whose share of the hub's work it takes: Principal::client(), or the address of the anonymous.
  std::string client;
  std::shared_ptr<const Principal> principal = {};
  std::string request_id = {};
  std::string user_agent = {};
  // Did the request come over TLS, or from this host itself (is_from_this_host())?
  bool is_secure = false;
  bool is_loopback = false;
  // The address that the request was sent to: "https://hub.example.org".
  std::string origin = {};
  // What the answer sets as cookies; null where there is no answer of HTTP to set them in.
  std::shared_ptr<std::vector<std::string>> cookies = {};
};

// The request's context; a plain one where the caller of the engine gave none.
const RequestContext& context_of(const graphql::ResolveInfo& info);
// Anonymous where nobody is known.
const Principal& principal_of(const graphql::ResolveInfo& info);
// Whose share of the state's reads a resolver takes; empty: the hub's own.
std::string client_of(const graphql::ResolveInfo& info);

// An entry of the audit log about what this request does; `at` and what it is about are the
// caller's to add.
state::AuditEntry audit_entry(const graphql::ResolveInfo& info, TimePoint now);

}  // namespace dth::api
