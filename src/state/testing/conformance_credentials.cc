#include <filesystem>
#include <thread>

#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

// Sealed credentials, master keys, and leases of hubs.
namespace dth::state::testing {

using namespace std::string_literals;
namespace {

const std::string awkward_envelope = "\0\xff\xfe\n"s;

AuditEntry change(const std::string& action) {
  AuditEntry entry;
  entry.action = action;
  return entry;
}

StoredCredential credential(const std::string& id, const std::string& name) {
  StoredCredential credential;
  credential.id = id;
  credential.name = name;
  credential.kind = "aws_access_key";
  credential.options = R"({"a":"b"})";
  credential.sealed = awkward_envelope;
  credential.sealed_with = "key1";
  return credential;
}

std::size_t audited(State& state) { return state.control().audit().list({}, {}, 100)->size(); }

}  // namespace

TEST_P(StateConformance, CredentialIsKeptSealedWithItsAuditEntry) {
  CredentialStore& store = state().control().credentials();
  EXPECT_EQ(store.create(credential("credential_1", "one"), change("create")).value(),
            SealedWrite::key_replaced)
      << "there is no master key yet";
  EXPECT_EQ(audited(state()), 0u);
  ASSERT_OK(store.begin_keys({.id = "key1", .check = "c"}));
  StoredCredential given = credential("credential_1", "one");
  given.created_at = given.rotated_at = at(1);
  given.expires_at = at(9);
  EXPECT_EQ(store.create(given, change("create")).value(), SealedWrite::written);
  reopen();
  CredentialStore& again = state().control().credentials();
  const StoredCredential kept = again.find("credential_1").value();
  EXPECT_EQ(kept.name, "one");
  EXPECT_EQ(kept.options, R"({"a":"b"})");
  EXPECT_EQ(kept.sealed, awkward_envelope);
  EXPECT_EQ(kept.created_at, at(1));
  EXPECT_EQ(kept.expires_at, at(9));
  EXPECT_FALSE(kept.last_used_at.has_value());
  EXPECT_EQ(kept.revision, 1);
  EXPECT_EQ(audited(state()), 1u);
  EXPECT_CODE(again.find("credential_2"), not_found);
}

TEST_P(StateConformance, CredentialNamesAreUniqueAndChangesSeeWhatTheyChange) {
  CredentialStore& store = state().control().credentials();
  ASSERT_OK(store.begin_keys({.id = "key1", .check = "c"}));
  ASSERT_OK(store.create(credential("credential_1", "one"), change("create")));
  EXPECT_CODE(store.create(credential("credential_2", "one"), change("create")), already_exists);
  ASSERT_OK(store.create(credential("credential_2", "two"), change("create")));
  StoredCredential changed = store.find("credential_1").value();
  changed.name = "renamed";
  changed.sealed = "new";
  ASSERT_OK(store.replace(changed, change("rotate")));
  EXPECT_CODE(store.replace(changed, change("rotate")), precondition_failed) << "an old revision";
  changed.revision = 2;
  changed.name = "two";
  EXPECT_CODE(store.replace(changed, change("rotate")), already_exists);
  changed.id = "credential_9";
  EXPECT_CODE(store.replace(changed, change("rotate")), not_found);
  EXPECT_EQ(store.find("credential_1")->sealed, "new");
  EXPECT_EQ(store.find("credential_1")->revision, 2);
  EXPECT_EQ(audited(state()), 3u) << "what was refused has no entry";
  EXPECT_EQ(store.list("", 9)->size(), 2u);
  EXPECT_EQ(store.list("renamed", 9)->at(0).name, "two");
}

TEST_P(StateConformance, CredentialInUseIsNotDeletedAndItsUsersAreNamed) {
  CredentialStore& store = state().control().credentials();
  ASSERT_OK(store.begin_keys({.id = "key1", .check = "c"}));
  ASSERT_OK(store.create(credential("credential_1", "one"), change("create")));
  StoredCredential role = credential("credential_2", "role");
  role.base = "credential_1";
  ASSERT_OK(store.create(role, change("create")));
  role.id = role.name = "credential_3";
  role.base = "credential_9";
  EXPECT_CODE(store.create(role, change("create")), not_found);
  ASSERT_OK(state().runs().create_run(
      {.id = "r1", .kind = "k", .spec = R"({"source-credential":"credential_2"})"}, {}, at(0)));
  const auto users = store.remove("credential_1", change("delete")).value();
  ASSERT_EQ(users.size(), 1u);
  EXPECT_EQ(users[0].kind, "credential");
  EXPECT_EQ(users[0].name, "role");
  const auto runs = store.remove("credential_2", change("delete")).value();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].kind, "run");
  EXPECT_EQ(runs[0].id, "r1");
  EXPECT_EQ(audited(state()), 2u);
  ASSERT_TRUE(end("r1", 1));
  EXPECT_TRUE(store.remove("credential_2", change("delete")).value().empty());
  EXPECT_TRUE(store.remove("credential_1", change("delete")).value().empty());
  EXPECT_CODE(store.remove("credential_1", change("delete")), not_found);
  EXPECT_EQ(audited(state()), 4u);
}

TEST_P(StateConformance, CredentialUseIsNotedOnceAMinute) {
  CredentialStore& store = state().control().credentials();
  ASSERT_OK(store.begin_keys({.id = "key1", .check = "c"}));
  ASSERT_OK(store.create(credential("credential_1", "one"), change("create")));
  for (const int second : {100, 130, 159}) ASSERT_OK(store.note_used("credential_1", at(second)));
  EXPECT_EQ(store.find("credential_1")->last_used_at, at(100));
  ASSERT_OK(store.note_used("credential_1", at(161)));
  EXPECT_EQ(store.find("credential_1")->last_used_at, at(161));
  ASSERT_OK(store.note_used("credential_9", at(1)));
}

TEST_P(StateConformance, MasterKeysChangeWhileCredentialsAreReplaced) {
  CredentialStore& store = state().control().credentials();
  EXPECT_TRUE(store.keys()->empty());
  EXPECT_EQ(store.begin_keys({.id = "key1", .check = "c1"})->id, "key1");
  EXPECT_EQ(store.begin_keys({.id = "other", .check = "c"})->check, "c1") << "the first one stays";
  for (const char* id : {"credential_1", "credential_2", "credential_3"})
    ASSERT_OK(store.create(credential(id, id), change("create")));
  ASSERT_OK(store.change_key("key1", {.id = "key2", .check = "c2"}, change("rotate")));
  EXPECT_CODE(store.change_key("key1", {.id = "key3", .check = "c3"}, change("rotate")),
              precondition_failed);
  EXPECT_EQ(store.keys()->at(0).id, "key2");
  EXPECT_EQ(store.keys()->at(1).id, "key1");
  EXPECT_EQ(store.create(credential("credential_4", "4"), change("create")).value(),
            SealedWrite::key_replaced);
  EXPECT_EQ(store.sealed_otherwise("key2", "", 2)->size(), 2u);
  EXPECT_EQ(store.sealed_otherwise("key2", "credential_2", 2)->size(), 1u);
  // One is replaced after it was read: its new secret stays.
  StoredCredential rotated = store.find("credential_2").value();
  rotated.sealed = "rotated";
  rotated.sealed_with = "key2";
  ASSERT_OK(store.replace(rotated, change("rotate")));
  ASSERT_OK(store.reseal("key2", {{"credential_1", awkward_envelope, "again1"},
                                  {"credential_2", awkward_envelope, "again2"}}));
  EXPECT_EQ(store.find("credential_1")->sealed, "again1");
  EXPECT_EQ(store.find("credential_1")->revision, 1);
  EXPECT_EQ(store.find("credential_2")->sealed, "rotated");
  EXPECT_EQ(store.forget_old_keys().value(), 1);
  EXPECT_EQ(store.keys()->size(), 2u) << "something is sealed with it";
  ASSERT_OK(store.reseal("key2", {{"credential_3", awkward_envelope, "again3"}}));
  EXPECT_CODE(store.reseal("key1", {{"credential_3", "again3", "x"}}), precondition_failed);
  EXPECT_EQ(store.forget_old_keys().value(), 0);
  EXPECT_EQ(store.keys()->size(), 1u);
  TemporaryDirectory directory;
  ASSERT_OK(state().archive()->back_up(directory / "backup"));
  auto other = open_sqlite_state({.path = ":memory:", .synchronous = false}).value();
  ASSERT_OK(other->archive()->restore(directory / "backup"));
  EXPECT_EQ(other->control().credentials().keys()->at(0).check, "c2");
  EXPECT_EQ(other->control().credentials().find("credential_2")->sealed, "rotated");
}

TEST_P(StateConformance, HubLeaseHasOneHolderUntilItEnds) {
  HubLeases& leases = state().control().leases();
  const auto minute = std::chrono::seconds(60);
  const auto first = leases.acquire("l", "hub1", at(0), minute).value();
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(leases.acquire("l", "hub2", at(59), minute).value().has_value());
  EXPECT_TRUE(leases.acquire("other", "hub2", at(59), minute).value().has_value());
  // Renewed, it is the same one.
  EXPECT_EQ(leases.acquire("l", "hub1", at(59), minute).value()->epoch, first->epoch);
  EXPECT_FALSE(leases.acquire("l", "hub2", at(118), minute).value().has_value());
  const auto second = leases.acquire("l", "hub2", at(120), minute).value();
  ASSERT_TRUE(second.has_value());
  EXPECT_GT(second->epoch, first->epoch);
  ASSERT_OK(leases.release(*first));
  EXPECT_FALSE(leases.acquire("l", "hub1", at(121), minute).value().has_value())
      << "a lease that was lost frees nobody else's";
  ASSERT_OK(leases.release(*second));
  EXPECT_TRUE(leases.acquire("l", "hub1", at(121), minute).value().has_value());
}

TEST_P(StateConformance, HubLeaseIsGivenToOneOfThoseWhoAskAtOnce) {
  std::vector<std::unique_ptr<State>> states;
  for (int i = 0; i < 4; ++i) states.push_back(open_another());
  std::atomic<int> holders = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      auto lease = states[static_cast<std::size_t>(i)]->control().leases().acquire(
          "l", "hub" + std::to_string(i), at(0), std::chrono::seconds(60));
      if (lease.has_value() && lease->has_value()) ++holders;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(holders, 1);
}

}  // namespace dth::state::testing
