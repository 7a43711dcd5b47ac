// Tokens and sessions through the API, and how they end.
#include "api/testing/api_fixture.h"
#include "control/identity/secrets.h"

namespace dth::api {
namespace {

using testing::ApiTest;

class IdentityTest : public ApiTest {
 protected:
  IdentityTest() {
    state::NewUser made;
    made.user.id = "user_1";
    made.user.name = "Ann";
    made.user.email = "ann@example.org";
    made.user.role = state::Role::admin;
    made.password_hash = "hash";
    EXPECT_TRUE(identity_.store().create_user(made, {}, {}).has_value());
    auto user = std::make_shared<Principal>();
    user->kind = PrincipalKind::user;
    user->user_id = "user_1";
    user->session_id = "session_0";
    user->role = state::Role::admin;
    user_ = user;
  }
  // Its secret.
  std::string add_session(const std::string& id) {
    const control::NewSecret secret = control::new_secret(control::SecretKind::session);
    state::NewSession made;
    made.session.id = id;
    made.session.user_id = "user_1";
    made.session.created_at = clock_.now();
    made.session.idle_until = made.session.expires_at = clock_.now() + std::chrono::hours(1);
    made.secret_hash = secret.hash;
    made.verified_hash = "hash";
    EXPECT_TRUE(identity_.store().create_session(made, {}).has_value());
    return secret.text;
  }
  std::string add_token(const std::string& id, state::TokenScope scope) {
    const control::NewSecret secret = control::new_secret(control::SecretKind::token);
    state::NewApiToken made;
    made.token.id = id;
    made.token.owner_id = "user_1";
    made.token.scope = scope;
    made.token.created_at = clock_.now();
    made.secret_hash = secret.hash;
    EXPECT_TRUE(identity_.store().create_token(made, {}).has_value());
    return secret.text;
  }
  std::shared_ptr<const Principal> authenticate(const std::string& header,
                                                const std::string& value) {
    net::ServerRequest request;
    request.headers.add(header, value);
    request.remote_address = "2001:db8::1";
    request.client = "2001:db8::/64";
    bool from_cookie = false;
    auto found = run(authenticator_.authenticate(request, &from_cookie));
    return found.has_value() ? *found : nullptr;
  }
  std::string code_of(const boost::json::object& response) {
    if (!response.contains("errors")) return "";
    return std::string(response.at("errors").at(0).at("extensions").at("code").as_string());
  }

  std::shared_ptr<const Principal> user_;
};

TEST_F(IdentityTest, ATokenMakesNoTokensAndNoLinks) {
  const char* const mutations[] = {
      R"(mutation { createApiToken(input: {name: "x"}) { secret } })",
      R"(mutation { revokeApiToken(input: {id: "token_1"}) { apiToken { id } } })",
      R"(mutation { resetPassword(input: {id: "user_1"}) { setPasswordToken } })"};
  for (const char* mutation : mutations) {
    principal_ = testing::administrator();
    EXPECT_EQ(code_of(ask(mutation)), "PERMISSION_DENIED") << mutation;
    principal_ = user_;
    EXPECT_EQ(code_of(ask(mutation)), "") << mutation;
  }
}

TEST_F(IdentityTest, ATokenWithoutDaysExpires) {
  principal_ = user_;
  const auto made = data(
      R"(mutation { createApiToken(input: {name: "x", expiresInDays: null}) { apiToken { expiresAt } } })");
  EXPECT_TRUE(made.at("createApiToken").at("apiToken").at("expiresAt").is_string());
}

TEST_F(IdentityTest, AnEmptyListOfSessionsEndsNone) {
  for (const char* id : {"session_0", "session_1", "session_2"}) add_session(id);
  principal_ = user_;
  const auto none = data("mutation { endSessions(input: {ids: []}) { endedIds } }");
  EXPECT_TRUE(none.at("endSessions").at("endedIds").as_array().empty());
  const auto others = data("mutation { endSessions(input: {}) { endedIds } }");
  EXPECT_EQ(others.at("endSessions").at("endedIds").as_array().size(), 2u);
}

TEST_F(IdentityTest, TheTokensOfAUserShareTheUsersBudgetAndKeepTheirAddress) {
  const std::string first = add_token("token_1", state::TokenScope::read);
  const std::string second = add_token("token_2", state::TokenScope::read);
  for (const std::string& secret : {first, second}) {
    const auto principal = authenticate("Authorization", "Bearer " + secret);
    ASSERT_NE(principal, nullptr);
    EXPECT_EQ(principal->client(), "user_1");
    EXPECT_EQ(principal->network, "2001:db8::/64");
  }
}

TEST_F(IdentityTest, ANewPasswordEndsSessionsAndNoTokens) {
  const auto session = authenticate("Cookie", "dth_session=" + add_session("session_1"));
  const auto token =
      authenticate("Authorization", "Bearer " + add_token("token_1", state::TokenScope::read));
  ASSERT_TRUE(session && !session->is_anonymous() && token);
  authenticator_.end_sessions_of("user_1");
  EXPECT_TRUE(session->has_ended);
  EXPECT_FALSE(token->has_ended);
  authenticator_.end_user("user_1");
  EXPECT_TRUE(token->has_ended);
}

TEST_F(IdentityTest, TheAnonymousSeeTheVersionOnly) {
  principal_ = std::make_shared<const Principal>();
  EXPECT_EQ(code_of(ask("{ hub { version } signInOptions { needsSetup } }")), "");
  for (const char* field : {"startedAt", "now", "zone", "state { bytes }"})
    EXPECT_EQ(code_of(ask("{ hub { " + std::string(field) + " } }")), "UNAUTHENTICATED") << field;
}

}  // namespace
}  // namespace dth::api
