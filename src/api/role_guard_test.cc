#include "api/role_guard.h"

#include "api/testing/api_fixture.h"

namespace dth::api {
namespace {

using state::Role;
using state::TokenScope;
using testing::ApiTest;

struct Caller {
  const char* name;
  Principal principal;
};

std::vector<Caller> all_callers() {
  std::vector<Caller> callers;
  callers.push_back({"anonymous", {}});
  for (const Role role : {Role::viewer, Role::operator_, Role::admin}) {
    Principal user;
    user.kind = PrincipalKind::user;
    user.user_id = "user_1";
    user.role = role;
    callers.push_back({to_string(role).data(), user});
  }
  Principal token;
  token.kind = PrincipalKind::token;
  token.token_id = "token_1";
  token.role = Role::viewer;
  token.scope = TokenScope::read;
  callers.push_back({"a token that reads", token});
  return callers;
}

// Made from the schema: every field of the three roots, by everybody.
TEST_F(ApiTest, EveryOperationIsAllowedToTheRolesOfItsDirective) {
  const graphql::Schema& schema = engine_->schema();
  RoleGuard guard;
  std::size_t checked = 0;
  for (const auto* root : {schema.query(), schema.mutation(), schema.subscription()}) {
    for (const graphql::Field& field : root->fields) {
      const auto guarded = guard.guards(schema, field);
      ASSERT_TRUE(guarded.has_value()) << field.name;
      const Role needed = required_role(field).value();
      for (const Caller& caller : all_callers()) {
        const auto context = context_of(std::make_shared<const Principal>(caller.principal));
        const auto allowed = guard.check(field, std::any(context));
        const bool reads_only = caller.principal.scope == TokenScope::read;
        const bool is_mutation = root == schema.mutation();
        const bool may = caller.principal.role >= needed && !(reads_only && is_mutation);
        EXPECT_EQ(allowed.has_value(), may)
            << root->name << "." << field.name << " by " << caller.name;
        if (!allowed.has_value()) {
          EXPECT_EQ(allowed.error().code, caller.principal.is_anonymous()
                                              ? ErrorCode::unauthenticated
                                              : ErrorCode::permission_denied);
        }
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 100u);
}

TEST_F(ApiTest, WhoseSessionEndedMayDoNothingMore) {
  auto principal = std::make_shared<Principal>(*principal_);
  principal->has_ended = true;
  principal_ = principal;
  const auto response = ask("{ runs { nodes { id } } }");
  EXPECT_EQ(response.at("errors").at(0).at("extensions").at("code"), "UNAUTHENTICATED");
}

TEST_F(ApiTest, TheHostsPathsAreForAdministrators) {
  auto principal = std::make_shared<Principal>(*principal_);
  principal->role = Role::operator_;
  principal_ = principal;
  const auto response = ask("{ hub { version host { dataDirectory } } }");
  EXPECT_EQ(response.at("errors").at(0).at("extensions").at("code"), "PERMISSION_DENIED");
  EXPECT_TRUE(response.at("data").at("hub").at("host").is_null());
}

TEST_F(ApiTest, ARootFieldWithoutItsRoleIsRefusedAtStart) {
  graphql::EngineOptions options;
  options.sdl = "type Query { a: Int }";
  options.resolvers.field("Query.a", [](const graphql::ResolveInfo&) -> Result<graphql::Resolved> {
    return graphql::Resolved();
  });
  options.guard = std::make_shared<RoleGuard>();
  const auto build = graphql::Engine::create(std::move(options));
  ASSERT_EQ(build.engine, nullptr);
  EXPECT_THAT(build.errors.front(), ::testing::HasSubstr("lacks @requires"));
}

}  // namespace
}  // namespace dth::api
