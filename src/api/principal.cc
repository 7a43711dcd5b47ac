#include "api/principal.h"

namespace dth::api {

using graphql::ResolveInfo;

const RequestContext& context_of(const ResolveInfo& info) {
  static const RequestContext none;
  const auto* context = std::any_cast<RequestContext>(&info.context);
  return context == nullptr ? none : *context;
}

const Principal& principal_of(const ResolveInfo& info) {
  static const Principal anonymous;
  const auto& principal = context_of(info).principal;
  return principal ? *principal : anonymous;
}

std::string client_of(const ResolveInfo& info) { return context_of(info).client; }

state::AuditEntry audit_entry(const ResolveInfo& info, TimePoint now) {
  const Principal& principal = principal_of(info);
  state::AuditEntry entry;
  entry.at = now;
  entry.action = info.field.name;
  entry.address = principal.address;
  entry.request_id = context_of(info).request_id;
  switch (principal.kind) {
    case PrincipalKind::anonymous:
      entry.actor_kind = state::ActorKind::anonymous;
      break;
    case PrincipalKind::user:
      entry.actor_kind = state::ActorKind::user;
      entry.actor_id = principal.user_id;
      entry.actor_name = principal.user_name;
      break;
    case PrincipalKind::token:
      entry.actor_kind = state::ActorKind::token;
      entry.actor_id = principal.token_id;
      entry.actor_name = principal.user_name.empty()
                             ? principal.token_name
                             : principal.user_name + ": " + principal.token_name;
      break;
  }
  return entry;
}

}  // namespace dth::api
