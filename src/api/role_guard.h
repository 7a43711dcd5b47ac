#pragma once

#include <vector>

#include "api/principal.h"

namespace dth::api {

// The one place that decides who may use which field of the API: by the directive
// @requires(role: ...) of schema.graphql, which every field of Query, Mutation and Subscription
// has to bear, and any other may.
class RoleGuard final : public graphql::FieldGuard {
 public:
  Result<bool> guards(const graphql::Schema& schema, const graphql::Field& field) override;
  // unauthenticated: signing in may help. permission_denied: the role or the token's scope does not
  // allow it.
  Result<void> check(const graphql::Field& field, const std::any& context) const override;

 private:
  struct Rule {
    state::Role role = state::Role::anyone;
    bool changes = false;  // a field of Mutation: no token that only reads may use it
  };
  std::vector<Rule> rules_;  // by the index of the field
};

// What @requires says of a field; nothing where it bears none. internal: it names no role.
Result<std::optional<state::Role>> required_role(const graphql::Field& field);

}  // namespace dth::api
