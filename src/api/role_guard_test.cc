#include "api/role_guard.h"

#include <algorithm>

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
  token.user_id = "user_1";
  token.role = Role::viewer;
  token.scope = TokenScope::read;
  callers.push_back({"a token that reads", token});
  return callers;
}

// Who may do what, written down apart from the schema. `token`: may one that only reads?
struct Rule {
  const char* root;
  const char* name;
  const char* rest;
  Role lowest;
  bool token;
};
constexpr Role anyone = Role::anyone, viewer = Role::viewer, operator_ = Role::operator_,
               admin = Role::admin;
constexpr Rule rules[] = {
    {"query", "hub", "{ version }", anyone, true},
    {"query", "plugins", "{ kind }", viewer, true},
    {"query", "node", R"((id: "run_x") { id })", viewer, true},
    {"query", "viewer", "{ role }", anyone, true},
    {"query", "signInOptions", "{ needsSetup }", anyone, true},
    {"query", "users", "{ __typename }", admin, false},
    {"query", "user", R"((id: "user_x") { id })", admin, false},
    {"query", "sessions", "{ id }", viewer, false},
    {"query", "apiTokens", "{ __typename }", viewer, true},
    {"query", "runs", "{ __typename }", viewer, true},
    {"query", "run", R"((id: "run_x") { id })", viewer, true},
    {"query", "workers", "{ __typename }", viewer, true},
    {"query", "overview", "{ __typename }", viewer, true},
    {"query", "credentials", "{ __typename }", operator_, false},
    {"query", "credential", R"((id: "x") { id })", operator_, false},
    {"query", "credentialKinds", "{ __typename }", operator_, false},
    {"query", "endpoints", "{ __typename }", viewer, true},
    {"query", "endpoint", R"((id: "x") { id })", viewer, true},
    {"query", "endpointKinds", "{ __typename }", viewer, true},
    {"query", "endpointTemplates", "{ __typename }", viewer, true},
    {"mutation", "createEndpoint", R"((input: {endpoint: {name: "", kind: ""}}) { __typename })",
     admin, false},
    {"mutation", "updateEndpoint",
     R"((input: {id: "x", revision: 1, endpoint: {name: "", kind: ""}}) { __typename })", admin,
     false},
    {"mutation", "deleteEndpoint", R"((input: {id: "x"}) { __typename })", admin, false},
    {"query", "browse", R"((input: {endpointId: "x"}) { path })", operator_, false},
    {"mutation", "testEndpoint", R"((input: {id: "x"}) { __typename })", operator_, false},
    {"query", "tasks", "{ __typename }", viewer, true},
    {"query", "task", R"((id: "task_x") { id })", viewer, true},
    {"query", "taskCounts", "{ all }", viewer, true},
    {"query", "schedulePreview", "(schedule: {kind: MANUAL}) { __typename }", viewer, true},
    {"query", "taskPolicy", R"((id: "task_x", side: SOURCE))", operator_, false},
    {"query", "taskDocument", R"((id: "task_x", format: YAML))", viewer, true},
    {"mutation", "createTask",
     R"((input: {task: {name: "", action: COPY, source: {endpointId: "", path: ""}, destination: {endpointId: "", path: ""}}}) { __typename })",
     operator_, false},
    {"mutation", "updateTask",
     R"((input: {id: "x", revision: 1, task: {name: "", action: COPY, source: {endpointId: "", path: ""}, destination: {endpointId: "", path: ""}}}) { __typename })",
     operator_, false},
    {"mutation", "validateTask",
     R"((input: {task: {name: "", action: COPY, source: {endpointId: "", path: ""}, destination: {endpointId: "", path: ""}}}) { __typename })",
     operator_, false},
    {"mutation", "applyTask", R"((input: {document: ""}) { __typename })", operator_, false},
    {"mutation", "runTasks", R"((input: {ids: []}) { __typename })", operator_, false},
    {"mutation", "pauseTasks", R"((input: {ids: []}) { __typename })", operator_, false},
    {"mutation", "resumeTasks", R"((input: {ids: []}) { __typename })", operator_, false},
    {"mutation", "archiveTasks", R"((input: {ids: []}) { __typename })", operator_, false},
    {"mutation", "deleteTasks", R"((input: {ids: []}) { __typename })", operator_, false},
    {"subscription", "tasksChanged", R"((ids: ["task_x"]) { id })", viewer, true},
    {"subscription", "taskListChanged", "{ __typename }", viewer, true},
    {"query", "auditEvents", "{ __typename }", admin, false},
    {"query", "settings", "{ key }", admin, false},
    {"mutation", "createCredential", R"((input: {name: "", kind: ""}) { __typename })", admin,
     false},
    {"mutation", "updateCredential", R"((input: {id: "x"}) { __typename })", admin, false},
    {"mutation", "rotateCredential", R"((input: {id: "x", secrets: []}) { __typename })", admin,
     false},
    {"mutation", "deleteCredential", R"((input: {id: "x"}) { __typename })", admin, false},
    {"mutation", "pauseRun", R"((input: {id: "x"}) { __typename })", operator_, false},
    {"mutation", "resumeRun", R"((input: {id: "x"}) { __typename })", operator_, false},
    {"mutation", "cancelRun", R"((input: {id: "x"}) { __typename })", operator_, false},
    {"mutation", "retryRun", R"((input: {id: "x"}) { __typename })", operator_, false},
    {"mutation", "approveDeletions", R"((input: {runId: "x", expectedCount: "1"}) { __typename })",
     operator_, false},
    {"mutation", "rejectDeletions", R"((input: {runId: "x"}) { __typename })", operator_, false},
    {"mutation", "drainWorker", R"((input: {id: "x"}) { __typename })", admin, false},
    {"mutation", "signIn", R"((input: {email: "a", password: "b"}) { __typename })", anyone, false},
    {"mutation", "signOut", "{ __typename }", anyone, false},
    {"mutation", "createFirstAdministrator",
     R"((input: {setupToken: "a", name: "b", email: "c", password: "d"}) { __typename })", anyone,
     false},
    {"mutation", "setPassword", R"((input: {token: "a", password: "b"}) { __typename })", anyone,
     false},
    {"mutation", "changePassword",
     R"((input: {currentPassword: "a", newPassword: "b"}) { __typename })", viewer, false},
    {"mutation", "updateProfile", R"((input: {name: "a"}) { __typename })", viewer, false},
    {"mutation", "endSessions", R"((input: {ids: []}) { __typename })", viewer, false},
    {"mutation", "createUser", R"((input: {name: "a", email: "b", role: VIEWER}) { __typename })",
     admin, false},
    {"mutation", "updateUser", R"((input: {id: "x"}) { __typename })", admin, false},
    {"mutation", "deleteUser", R"((input: {id: "x"}) { __typename })", admin, false},
    {"mutation", "resetPassword", R"((input: {id: "x"}) { __typename })", admin, false},
    {"mutation", "createApiToken", R"((input: {name: ""}) { __typename })", viewer, false},
    {"mutation", "revokeApiToken", R"((input: {id: "x"}) { __typename })", viewer, false},
    {"subscription", "runProgress", R"((id: "run_x") { id })", viewer, true},
    {"subscription", "overview", "{ __typename }", viewer, true},
    {"subscription", "runListChanged", "{ __typename }", viewer, true},
    {"subscription", "workersChanged", "{ id }", viewer, true},
};

class RoleMatrix : public ApiTest {
 protected:
  // What the operation was refused as, if it was.
  std::optional<ErrorCode> refusal_of(const Rule& rule, const Principal& caller) {
    graphql::Request request;
    request.query = std::string(rule.root) + " { " + rule.name + rule.rest + " }";
    request.context = context_of(std::make_shared<const Principal>(caller));
    graphql::Response response;
    if (std::string_view(rule.root) == "subscription") {
      response = std::move(run(engine_->subscribe(std::move(request))).refusal);
    } else {
      response = run(engine_->execute(std::move(request)));
    }
    for (const auto& error : response.errors) {
      EXPECT_NE(error.code, ErrorCode::invalid_argument) << rule.name << ": " << error.message;
      if (error.code == ErrorCode::unauthenticated || error.code == ErrorCode::permission_denied)
        return error.code;
    }
    return std::nullopt;
  }
};

TEST_F(RoleMatrix, EveryOperationIsAllowedToTheRolesOfTheTable) {
  for (const Rule& rule : rules) {
    for (const Caller& caller : all_callers()) {
      const bool only_reads = caller.principal.scope == TokenScope::read;
      const bool may = only_reads ? rule.token : caller.principal.role >= rule.lowest;
      const auto refused = refusal_of(rule, caller.principal);
      EXPECT_EQ(!refused, may) << rule.root << "." << rule.name << " by " << caller.name;
      if (refused && !may) {
        EXPECT_EQ(*refused, caller.principal.is_anonymous() ? ErrorCode::unauthenticated
                                                            : ErrorCode::permission_denied)
            << rule.name << " by " << caller.name;
      }
    }
  }
}

TEST_F(RoleMatrix, TheTableHasEveryOperation) {
  const graphql::Schema& schema = engine_->schema();
  const std::pair<const char*, decltype(schema.query())> roots[] = {
      {"query", schema.query()},
      {"mutation", schema.mutation()},
      {"subscription", schema.subscription()}};
  for (const auto& [root, type] : roots) {
    for (const graphql::Field& field : type->fields) {
      const bool is_there = std::ranges::any_of(rules, [&](const Rule& rule) {
        return std::string_view(rule.root) == root && field.name == rule.name;
      });
      EXPECT_TRUE(is_there) << root << "." << field.name;
    }
  }
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

TEST_F(ApiTest, ARoleThatThereIsNotIsRefusedAtStartForAnyField) {
  graphql::EngineOptions options;
  options.sdl =
      "directive @requires(role: Role!) on FIELD_DEFINITION enum Role { ANYONE ROOT } "
      "type Query { a: A @requires(role: ANYONE) } type A { b: Int @requires(role: ROOT) }";
  for (const char* field : {"Query.a", "A.b"}) {
    options.resolvers.field(field, [](const graphql::ResolveInfo&) -> Result<graphql::Resolved> {
      return graphql::Resolved();
    });
  }
  options.guard = std::make_shared<RoleGuard>();
  const auto build = graphql::Engine::create(std::move(options));
  ASSERT_EQ(build.engine, nullptr);
  EXPECT_THAT(build.errors.front(), ::testing::HasSubstr("names no role"));
}

}  // namespace
}  // namespace dth::api
