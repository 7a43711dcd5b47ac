#include "api/role_guard.h"

#include "base/ascii.h"
#include "graphql/schema/coercion.h"

namespace dth::api {

using state::Role;

namespace {

Error not_signed_in() {
  return {ErrorCode::unauthenticated,
          "This needs somebody who has signed in: sign in, or send an API token with "
          "\"Authorization: Bearer ...\".",
          ""};
}

Error has_ended() {
  return {ErrorCode::unauthenticated,
          "The session has ended, or the token was revoked: sign in again.", ""};
}

Error role_is_too_low(Role needed, Role has) {
  return {ErrorCode::permission_denied,
          "This needs the role " + std::string(to_string(needed)) + ". Yours is " +
              std::string(to_string(has)) + ": an administrator can change it.",
          ""};
}

Error only_reads() {
  return {ErrorCode::permission_denied,
          "This token only reads: make one whose scope allows to change something.", ""};
}

bool is_root(const graphql::Schema& schema, const graphql::Field& field) {
  return field.parent == schema.query() || field.parent == schema.mutation() ||
         field.parent == schema.subscription();
}

}  // namespace

Result<std::optional<Role>> required_role(const graphql::Field& field) {
  if (field.node == nullptr) return std::optional<Role>();
  for (const auto& directive : field.node->directives) {
    if (directive.name.text != "requires") continue;
    std::optional<Role> role;
    for (const auto& argument : directive.arguments) {
      const auto value = graphql::untyped_json(argument.value, nullptr);
      if (argument.name.text == "role" && value.is_string())
        role = state::parse_role(ascii_lower(std::string_view(value.get_string())));
    }
    if (role) return role;
    return Error{ErrorCode::internal, "its @requires names no role: nobody knows who may use it",
                 ""};
  }
  return std::optional<Role>();
}

Result<bool> RoleGuard::guards(const graphql::Schema& schema, const graphql::Field& field) {
  const auto required = required_role(field);
  if (required.has_error()) return required.error();
  const std::optional<Role>& role = *required;
  if (!role) {
    if (!is_root(schema, field)) return false;
    return Error{ErrorCode::internal, "it lacks @requires: nobody knows who may use it", ""};
  }
  if (rules_.size() < schema.field_count()) rules_.resize(schema.field_count());
  const Rule rule{*role, field.parent == schema.mutation()};
  rules_[field.index] = rule;
  return rule.role != Role::anyone || rule.changes;
}

Result<void> RoleGuard::check(const graphql::Field& field, const std::any& context) const {
  const Rule& rule = rules_[field.index];
  const auto* request = std::any_cast<RequestContext>(&context);
  const Principal* principal = request != nullptr ? request->principal.get() : nullptr;
  if (principal == nullptr || principal->is_anonymous()) {
    if (rule.role == Role::anyone) return {};
    return not_signed_in();
  }
  if (principal->has_ended && rule.role != Role::anyone) return has_ended();
  if (principal->role < rule.role) return role_is_too_low(rule.role, principal->role);
  if (rule.changes && principal->scope == state::TokenScope::read) return only_reads();
  return {};
}

}  // namespace dth::api
