#include "state/testing/state_conformance.h"

// Users, sessions, tokens and one-time links.
namespace dth::state::testing {
namespace {

AuditEntry by_host(std::string action, TimePoint at) {
  AuditEntry entry;
  entry.at = at;
  entry.actor_kind = ActorKind::host;
  entry.action = std::move(action);
  return entry;
}

NewUser user_named(const std::string& name, Role role) {
  NewUser made;
  made.user.id = "user_" + name;
  made.user.name = name;
  made.user.email = name + "@example.org";
  made.user.role = role;
  made.password_hash = "hash of " + name;
  return made;
}

NewSession session_of(const std::string& user, const std::string& id, TimePoint now) {
  NewSession made;
  made.session.id = id;
  made.session.user_id = user;
  made.session.created_at = now;
  made.session.idle_until = now + std::chrono::seconds(60);
  made.session.expires_at = now + std::chrono::seconds(600);
  made.session.address = "192.0.2.1";
  made.session.client = "browser";
  made.secret_hash = "secret of " + id;
  made.verified_hash = "hash of " + user.substr(user.find('_') + 1);
  return made;
}

NewOneTimeSecret one_time(OneTimeUse use, const std::string& hash, const std::string& user,
                          TimePoint now) {
  return {.secret_hash = hash,
          .use = use,
          .user_id = user,
          .created_at = now,
          .expires_at = now + std::chrono::seconds(3600)};
}

}  // namespace

TEST_P(StateConformance, FirstAdministratorNeedsTheSetupSecretAndComesOnce) {
  IdentityStore& identity = state().control().identity();
  EXPECT_FALSE(identity.has_administrator().value());
  ASSERT_OK(identity.add_one_time_secret(one_time(OneTimeUse::setup, "s1", "", at(0)),
                                         by_host("setup", at(0))));
  const NewUser ann = user_named("ann", Role::admin);
  const AuditEntry audit = by_host("createFirstAdministrator", at(1));
  EXPECT_CODE(identity.create_first_administrator("other", ann, audit), unauthenticated);
  EXPECT_FALSE(identity.has_administrator().value());
  EXPECT_FALSE(identity.is_setup_secret("other", at(1)).value());
  EXPECT_TRUE(identity.is_setup_secret("s1", at(1)).value());
  EXPECT_FALSE(identity.is_setup_secret("s1", at(3601)).value());
  ASSERT_OK(identity.create_first_administrator("s1", ann, audit));
  EXPECT_TRUE(identity.has_administrator().value());
  EXPECT_CODE(identity.create_first_administrator("s1", user_named("bob", Role::admin), audit),
              precondition_failed);
  EXPECT_CODE(identity.add_one_time_secret(one_time(OneTimeUse::setup, "s2", "", at(2)),
                                           by_host("setup", at(2))),
              precondition_failed);
  EXPECT_EQ(state().control().audit().list({}, {}, 9)->size(), 2u)
      << "an entry for each change, none for what was refused";
}

TEST_P(StateConformance, UsersAreFoundByAddressAndListedByName) {
  IdentityStore& identity = state().control().identity();
  for (const char* name : {"cat", "ann", "bob"})
    ASSERT_OK(identity.create_user(user_named(name, Role::viewer), {}, by_host("c", at(0))));
  EXPECT_CODE(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))),
              already_exists);
  const auto account = identity.find_local_account("bob@example.org").value();
  ASSERT_TRUE(account.has_value());
  EXPECT_EQ(account->user.id, "user_bob");
  EXPECT_EQ(account->password_hash, "hash of bob");
  EXPECT_FALSE(identity.find_local_account("nobody@example.org").value().has_value());
  const auto first = identity.list_users("", 2).value();
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[1].name, "bob");
  EXPECT_EQ(identity.list_users(first[1].id, 9)->at(0).name, "cat");
  EXPECT_EQ(identity.count_users().value(), 3);
  EXPECT_CODE(identity.find_user("user_none"), not_found);
}

TEST_P(StateConformance, UserIsChangedAtTheRevisionThatWasRead) {
  IdentityStore& identity = state().control().identity();
  for (const char* name : {"ann", "bob"})
    ASSERT_OK(identity.create_user(user_named(name, Role::viewer), {}, by_host("c", at(0))));
  UserChange change;
  change.role = Role::operator_;
  const auto changed = identity.update_user("user_ann", 1, change, by_host("u", at(1)));
  ASSERT_OK(changed);
  EXPECT_EQ(changed->role, Role::operator_);
  EXPECT_EQ(changed->revision, 2);
  EXPECT_CODE(identity.update_user("user_ann", 1, change, by_host("u", at(1))),
              precondition_failed);
  UserChange taken;
  taken.email = "bob@example.org";
  EXPECT_CODE(identity.update_user("user_ann", {}, taken, by_host("u", at(1))), already_exists);
}

TEST_P(StateConformance, LastAdministratorStays) {
  IdentityStore& identity = state().control().identity();
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))));
  UserChange demoted, disabled;
  demoted.role = Role::viewer;
  disabled.state = UserState::disabled;
  const AuditEntry audit = by_host("u", at(1));
  EXPECT_CODE(identity.update_user("user_ann", {}, demoted, audit), precondition_failed);
  EXPECT_CODE(identity.update_user("user_ann", {}, disabled, audit), precondition_failed);
  EXPECT_CODE(identity.delete_user("user_ann", audit), precondition_failed);
  ASSERT_OK(identity.create_user(user_named("bob", Role::admin), {}, by_host("c", at(0))));
  ASSERT_OK(identity.delete_user("user_ann", audit));
  EXPECT_CODE(identity.delete_user("user_bob", audit), precondition_failed);
}

TEST_P(StateConformance, SessionEndsWhenItIsIdleOrOldOrItsUserIsDisabled) {
  IdentityStore& identity = state().control().identity();
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))));
  ASSERT_OK(identity.create_user(user_named("bob", Role::viewer), {}, by_host("c", at(0))));
  ASSERT_OK(identity.create_session(session_of("user_bob", "session_1", at(0)),
                                    by_host("signIn", at(0))));
  const auto found = identity.find_session("secret of session_1", at(10)).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->user.id, "user_bob");
  EXPECT_TRUE(found->user.last_sign_in_at.has_value());
  EXPECT_FALSE(identity.find_session("session_1", at(10)).value().has_value());
  EXPECT_FALSE(identity.find_session("secret of session_1", at(61)).value().has_value());
  ASSERT_OK(identity.touch_session("session_1", at(50), at(700), "192.0.2.2"));
  EXPECT_TRUE(identity.find_session("secret of session_1", at(100)).value().has_value());
  EXPECT_FALSE(identity.find_session("secret of session_1", at(601)).value().has_value());
  UserChange disabled;
  disabled.state = UserState::disabled;
  ASSERT_OK(identity.update_user("user_bob", {}, disabled, by_host("u", at(100))));
  EXPECT_FALSE(identity.find_session("secret of session_1", at(100)).value().has_value());
  EXPECT_CODE(identity.create_session(session_of("user_bob", "session_2", at(100)),
                                      by_host("signIn", at(100))),
              unauthenticated);
}

TEST_P(StateConformance, NewPasswordEndsOtherSessionsAndLinks) {
  IdentityStore& identity = state().control().identity();
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin),
                                 one_time(OneTimeUse::set_password, "link", "user_ann", at(0)),
                                 by_host("c", at(0))));
  for (const char* id : {"session_1", "session_2"})
    ASSERT_OK(identity.create_session(session_of("user_ann", id, at(0)), by_host("s", at(0))));
  EXPECT_EQ(identity.find_link("link", at(1))->id, "user_ann");
  ASSERT_OK(identity.set_password("user_ann", {}, "new", "session_2", by_host("p", at(1))));
  EXPECT_EQ(identity.find_local_account_of("user_ann").value()->password_hash, "new");
  EXPECT_FALSE(identity.find_session("secret of session_1", at(2)).value().has_value());
  EXPECT_TRUE(identity.find_session("secret of session_2", at(2)).value().has_value());
  EXPECT_CODE(identity.find_link("link", at(2)), unauthenticated);
  EXPECT_CODE(identity.set_password_by_link("link", "other", at(2), by_host("p", at(2))),
              unauthenticated);
  EXPECT_EQ(identity.list_sessions("user_ann", at(2))->size(), 1u);
  EXPECT_EQ(identity.end_sessions("user_ann", {}, "", by_host("e", at(2)))->size(), 1u);
}

TEST_P(StateConformance, SessionNeedsThePasswordThatTheUserHasNow) {
  IdentityStore& identity = state().control().identity();
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))));
  // Both were verified before the password changed.
  const NewSession late = session_of("user_ann", "session_1", at(2));
  const std::string verified = late.verified_hash;
  ASSERT_OK(identity.set_password("user_ann", verified, "new", "", by_host("p", at(1))));
  EXPECT_CODE(identity.create_session(late, by_host("s", at(2))), unauthenticated);
  EXPECT_CODE(identity.set_password("user_ann", verified, "newer", "", by_host("p", at(2))),
              precondition_failed);
  EXPECT_EQ(identity.find_local_account_of("user_ann").value()->password_hash, "new");
  NewUser none = user_named("bob", Role::viewer);
  none.password_hash.clear();
  ASSERT_OK(identity.create_user(none, {}, by_host("c", at(0))));
  NewSession without = session_of("user_bob", "session_2", at(2));
  without.verified_hash.clear();
  EXPECT_CODE(identity.create_session(without, by_host("s", at(2))), unauthenticated)
      << "no password is none that was verified";
}

TEST_P(StateConformance, AnEmptyListEndsNoSessionAndTheAuditLogNamesThoseThatEnded) {
  IdentityStore& identity = state().control().identity();
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))));
  for (const char* id : {"session_1", "session_2", "session_3"})
    ASSERT_OK(identity.create_session(session_of("user_ann", id, at(0)), by_host("s", at(0))));
  const std::vector<std::string> none, first = {"session_1", "session_of_nobody"};
  EXPECT_TRUE(identity.end_sessions("user_ann", none, "", by_host("e", at(1)))->empty());
  EXPECT_EQ(identity.list_sessions("user_ann", at(1))->size(), 3u);
  EXPECT_EQ(identity.end_sessions("user_ann", first, "", by_host("e", at(1)))->size(), 1u);
  EXPECT_EQ(identity.end_sessions("user_ann", {}, "session_2", by_host("e", at(2)))->size(), 1u);
  AuditFilter ended;
  ended.action = "e";
  const auto entries = state().control().audit().list(ended, {}, 9).value();
  ASSERT_EQ(entries.size(), 2u) << "no entry where none ended";
  EXPECT_NE(entries[0].changes.find("session_3"), std::string::npos) << entries[0].changes;
  EXPECT_NE(entries[1].changes.find("session_1"), std::string::npos) << entries[1].changes;
}

TEST_P(StateConformance, AdministratorWithoutAPasswordDoesNotCountAsOne) {
  IdentityStore& identity = state().control().identity();
  NewUser invited = user_named("bob", Role::admin);
  invited.password_hash.clear();
  ASSERT_OK(identity.create_user(invited, {}, by_host("c", at(0))));
  EXPECT_FALSE(identity.has_administrator().value());
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))));
  EXPECT_TRUE(identity.has_administrator().value());
  EXPECT_CODE(identity.delete_user("user_ann", by_host("d", at(1))), precondition_failed)
      << "the one who stays cannot sign in";
  ASSERT_OK(identity.add_one_time_secret(
      one_time(OneTimeUse::set_password, "link", "user_bob", at(0)), by_host("l", at(0))));
  ASSERT_OK(identity.set_password_by_link("link", "hash of bob", at(1), by_host("p", at(1))));
  ASSERT_OK(identity.delete_user("user_ann", by_host("d", at(1))));
}

TEST_P(StateConformance, UserHasABoundedNumberOfTokensAndThoseThatAreTooOldGo) {
  IdentityStore& identity = state().control().identity();
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))));
  const auto token = [&](int i, int created, int expires) {
    NewApiToken made;
    made.token.id = "token_" + std::to_string(i);
    made.token.owner_id = "user_ann";
    made.token.created_at = at(created);
    made.token.expires_at = at(expires);
    made.secret_hash = "secret " + std::to_string(i);
    return made;
  };
  for (int i = 0; i < IdentityStore::tokens_per_user_max; ++i)
    ASSERT_OK(identity.create_token(token(i, 0, i == 0 ? 60 : 600), by_host("t", at(0))));
  EXPECT_CODE(identity.create_token(token(100, 1, 600), by_host("t", at(1))), precondition_failed);
  ASSERT_OK(identity.create_token(token(101, 61, 600), by_host("t", at(61))));
  EXPECT_CODE(identity.find_token_by_id("token_0"), not_found);
}

TEST_P(StateConformance, TokenIsFoundByItsHashUntilItExpiresOrIsRevoked) {
  IdentityStore& identity = state().control().identity();
  ASSERT_OK(identity.create_user(user_named("ann", Role::admin), {}, by_host("c", at(0))));
  for (int i = 1; i <= 3; ++i) {
    NewApiToken made;
    made.token.id = "token_" + std::to_string(i);
    made.token.name = "ci";
    made.token.owner_id = i == 1 ? "" : "user_ann";
    made.token.scope = TokenScope::operate;
    made.token.last_four = "wxyz";
    made.token.created_at = at(i);
    if (i == 3) made.token.expires_at = at(60);
    made.secret_hash = "secret " + std::to_string(i);
    ASSERT_OK(identity.create_token(made, by_host("t", at(i))));
  }
  const auto owned = identity.find_token("secret 2", at(10)).value();
  ASSERT_TRUE(owned.has_value());
  EXPECT_EQ(owned->owner->name, "ann");
  EXPECT_EQ(owned->token.scope, TokenScope::operate);
  EXPECT_FALSE(identity.find_token("secret 1", at(10)).value()->owner.has_value());
  EXPECT_TRUE(identity.find_token("secret 3", at(59)).value().has_value());
  EXPECT_FALSE(identity.find_token("secret 3", at(61)).value().has_value());
  ASSERT_OK(identity.touch_token("token_2", at(20), "192.0.2.7"));
  EXPECT_EQ(identity.find_token_by_id("token_2")->last_used_from, "192.0.2.7");
  EXPECT_EQ(identity.list_tokens({}, "", 9)->at(0).id, "token_3");
  EXPECT_EQ(identity.list_tokens(std::string("user_ann"), "token_3", 9)->at(0).id, "token_2");
  ASSERT_OK(identity.revoke_token("token_2", by_host("r", at(30))));
  EXPECT_FALSE(identity.find_token("secret 2", at(30)).value().has_value());
  EXPECT_CODE(identity.revoke_token("token_2", by_host("r", at(30))), not_found);
}

}  // namespace dth::state::testing
