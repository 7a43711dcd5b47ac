#include "state/testing/state_conformance.h"

// Endpoints.
namespace dth::state::testing {
namespace {

AuditEntry change(const std::string& action) {
  AuditEntry entry;
  entry.action = action;
  return entry;
}

StoredEndpoint endpoint(const std::string& id, const std::string& name) {
  StoredEndpoint endpoint;
  endpoint.id = id;
  endpoint.name = name;
  endpoint.kind = "s3";
  endpoint.options = R"({"region":"us-east-1"})";
  return endpoint;
}

StoredCredential credential(const std::string& id) {
  StoredCredential credential;
  credential.id = credential.name = id;
  credential.kind = "aws_access_key";
  credential.sealed = "s";
  credential.sealed_with = "key1";
  return credential;
}

std::size_t audited(State& state) { return state.control().audit().list({}, {}, 100)->size(); }

std::vector<std::string> names(const Result<std::vector<StoredEndpoint>>& endpoints) {
  std::vector<std::string> names;
  for (const StoredEndpoint& endpoint : *endpoints) names.push_back(endpoint.name);
  return names;
}

}  // namespace

TEST_P(StateConformance, EndpointIsKeptWithItsAuditEntry) {
  EndpointStore& store = state().control().endpoints();
  StoredEndpoint given = endpoint("endpoint_1", "one");
  given.vendor = "aws";
  given.description = "two\nlines";
  given.labels = {{"team", "media"}, {"env", "a\"b"}};
  given.created_at = given.updated_at = at(1);
  ASSERT_OK(store.create(given, change("create")));
  reopen();
  const StoredEndpoint kept = state().control().endpoints().find("endpoint_1").value();
  EXPECT_EQ(kept.name, "one");
  EXPECT_EQ(kept.kind, "s3");
  EXPECT_EQ(kept.vendor, "aws");
  EXPECT_EQ(kept.description, "two\nlines");
  EXPECT_EQ(kept.options, R"({"region":"us-east-1"})");
  EXPECT_EQ(kept.labels, given.labels);
  EXPECT_EQ(kept.last_test, "");
  EXPECT_EQ(kept.created_at, at(1));
  EXPECT_EQ(kept.revision, 1);
  EXPECT_EQ(audited(state()), 1u);
  EXPECT_CODE(state().control().endpoints().find("endpoint_2"), not_found);
}

TEST_P(StateConformance, EndpointNamesAreUniqueAndChangesSeeWhatTheyChange) {
  EndpointStore& store = state().control().endpoints();
  ASSERT_OK(store.create(endpoint("endpoint_1", "one"), change("create")));
  EXPECT_CODE(store.create(endpoint("endpoint_2", "one"), change("create")), already_exists);
  ASSERT_OK(store.create(endpoint("endpoint_2", "two"), change("create")));
  StoredEndpoint changed = store.find("endpoint_1").value();
  changed.name = "renamed";
  changed.updated_at = at(5);
  ASSERT_OK(store.replace(changed, change("update")));
  EXPECT_CODE(store.replace(changed, change("update")), precondition_failed) << "an old revision";
  changed.revision = 2;
  changed.name = "two";
  EXPECT_CODE(store.replace(changed, change("update")), already_exists);
  changed.id = "endpoint_9";
  EXPECT_CODE(store.replace(changed, change("update")), not_found);
  EXPECT_EQ(store.find("endpoint_1")->revision, 2);
  EXPECT_EQ(store.find("endpoint_1")->updated_at, at(5));
  EXPECT_EQ(audited(state()), 3u) << "what was refused has no entry";
  EXPECT_TRUE(store.remove("endpoint_1", change("delete")).value().empty());
  EXPECT_CODE(store.remove("endpoint_1", change("delete")), not_found);
  EXPECT_EQ(audited(state()), 4u);
}

TEST_P(StateConformance, EndpointsAreListedByNameAndFilter) {
  EndpointStore& store = state().control().endpoints();
  StoredEndpoint marked = endpoint("endpoint_1", "beta");
  marked.labels = {{"env", "prod"}, {"team", "a"}};
  ASSERT_OK(store.create(marked, change("create")));
  StoredEndpoint upper = endpoint("endpoint_2", "Alpha");
  upper.labels = {{"env", "PROD"}, {"trap", R"("env":"prod")"}};
  ASSERT_OK(store.create(upper, change("create")));
  StoredEndpoint file = endpoint("endpoint_3", "disk_1%");
  file.kind = "file";
  file.options = "{}";
  ASSERT_OK(store.create(file, change("create")));
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(store.list({}, "", 9)), (Names{"Alpha", "beta", "disk_1%"}));
  EXPECT_EQ(names(store.list({}, "Alpha", 1)), (Names{"beta"}));
  EXPECT_EQ(names(store.list({.text = "US-EAST"}, "", 9)), (Names{"Alpha", "beta"}));
  EXPECT_EQ(names(store.list({.text = "1%"}, "", 9)), (Names{"disk_1%"}));
  EXPECT_EQ(names(store.list({.kinds = {"file"}}, "", 9)), (Names{"disk_1%"}));
  EXPECT_EQ(names(store.list({.label = Label{"env", "prod"}}, "", 9)), (Names{"beta"}));
  EXPECT_EQ(names(store.list({.label = Label{"env", "pro"}}, "", 9)), Names{});
  EXPECT_EQ(store.count({.kinds = {"s3"}}).value(), 2);
}

TEST_P(StateConformance, CredentialOfAnEndpointIsNotDeleted) {
  CredentialStore& credentials = state().control().credentials();
  ASSERT_OK(credentials.begin_keys({.id = "key1", .check = "c"}));
  ASSERT_OK(credentials.create(credential("credential_1"), change("create")));
  EndpointStore& store = state().control().endpoints();
  StoredEndpoint using_it = endpoint("endpoint_1", "one");
  using_it.credential = "credential_9";
  EXPECT_CODE(store.create(using_it, change("create")), not_found);
  using_it.credential = "credential_1";
  ASSERT_OK(store.create(using_it, change("create")));
  EXPECT_EQ(names(store.list({.credential = "credential_1"}, "", 9)).size(), 1u);
  const auto users = credentials.remove("credential_1", change("delete")).value();
  ASSERT_EQ(users.size(), 1u);
  EXPECT_EQ(users[0].kind, "endpoint");
  EXPECT_EQ(users[0].name, "one");
  using_it.credential = "";
  ASSERT_OK(store.replace(using_it, change("update")));
  EXPECT_TRUE(credentials.remove("credential_1", change("delete")).value().empty());
}

TEST_P(StateConformance, TestOfAnEndpointIsKeptWhileItIsAsItWasTested) {
  EndpointStore& store = state().control().endpoints();
  ASSERT_OK(store.create(endpoint("endpoint_1", "one"), change("create")));
  EXPECT_TRUE(store.keep_test("endpoint_1", 1, R"({"ok":true})", change("test")).value());
  EXPECT_EQ(store.find("endpoint_1")->last_test, R"({"ok":true})");
  EXPECT_EQ(store.find("endpoint_1")->revision, 1) << "a test is no change";
  StoredEndpoint changed = store.find("endpoint_1").value();
  changed.last_test = "";
  ASSERT_OK(store.replace(changed, change("update")));
  EXPECT_FALSE(store.keep_test("endpoint_1", 1, "{}", change("test")).value());
  EXPECT_FALSE(store.keep_test("endpoint_9", 1, "{}", change("test")).value());
  EXPECT_EQ(store.find("endpoint_1")->last_test, "");
  EXPECT_EQ(audited(state()), 5u);
}

}  // namespace dth::state::testing
