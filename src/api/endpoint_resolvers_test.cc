#include "api/testing/api_fixture.h"

namespace dth::api::testing {
namespace {

class EndpointApiTest : public ApiTest {
 protected:
  boost::json::value mutate(const std::string& name, const std::string& input,
                            const std::string& thing = "endpoint { id name revision }") {
    return data("mutation { " + name + "(input: {" + input + "}) { " + thing +
                " userErrors { field code message } } }")
        .at(name);
  }
  static std::string code_of(const boost::json::value& payload) {
    const auto& errors = payload.at("userErrors").as_array();
    return errors.empty() ? "" : std::string(errors.at(0).at("code").as_string());
  }
  static std::string endpoint(const std::string& name, const std::string& more = "") {
    return "endpoint: {name: \"" + name +
           "\", kind: \"s3\", options: [{name: \"region\", value: \"r\"}] " + more + "}";
  }
  std::string created(const std::string& name, const std::string& more = "") {
    return std::string(
        mutate("createEndpoint", endpoint(name, more)).at("endpoint").at("id").as_string());
  }
  std::string credential() {
    return std::string(
        data(
            R"(mutation { createCredential(input: {name: "key", kind: "aws_access_key", secrets: [)"
            R"({name: "access-key-id", value: "AKIA"}, {name: "secret-access-key", value: "pl4nted"}]}))"
            R"( { credential { id } } })")
            .at("createCredential")
            .at("credential")
            .at("id")
            .as_string());
  }
};

TEST_F(EndpointApiTest, EndpointIsMadeChangedListedAndDeleted) {
  const std::string id =
      created("one", R"(vendor: "aws", description: "d", labels: [{name: "env", value: "prod"}])");
  const auto found =
      data("{ endpoint(id: \"" + id +
           "\") { name kind vendor description options { name value } labels { name value } "
           "address credential { id } lastTest { ok } learned { name } usedBy { id } taskCount "
           "revision } node(id: \"" +
           id + "\") { __typename } }");
  EXPECT_EQ(
      boost::json::serialize(found.at("endpoint")),
      R"({"name":"one","kind":"s3","vendor":"aws","description":"d","options":[{"name":"region","value":"r"}],)"
      R"("labels":[{"name":"env","value":"prod"}],"address":null,"credential":null,"lastTest":null,)"
      R"("learned":[],"usedBy":[],"taskCount":0,"revision":1})");
  EXPECT_EQ(found.at("node").at("__typename"), "Endpoint");
  EXPECT_EQ(code_of(mutate("createEndpoint", endpoint("one"))), "TAKEN");
  EXPECT_EQ(mutate("updateEndpoint", "id: \"" + id + "\", revision: 1, " + endpoint("two"))
                .at("endpoint")
                .at("revision"),
            2);
  EXPECT_EQ(code_of(mutate("updateEndpoint", "id: \"" + id + "\", revision: 1, " + endpoint("x"))),
            "STALE_REVISION");
  created("three", R"(labels: [{name: "env", value: "prod"}])");
  const auto listed = data(
      R"({ endpoints(filter: {label: {name: "env", value: "prod"}}) { totalCount nodes { name } } })");
  EXPECT_EQ(boost::json::serialize(listed.at("endpoints")),
            R"({"totalCount":"1","nodes":[{"name":"three"}]})");
  const auto page =
      data("{ endpoints(first: 1) { nodes { name } pageInfo { hasNextPage endCursor } } }");
  EXPECT_EQ(page.at("endpoints").at("nodes").at(0).at("name"), "three");
  EXPECT_EQ(std::string(mutate("deleteEndpoint", "id: \"" + id + "\"", "deletedEndpointId")
                            .at("deletedEndpointId")
                            .as_string()),
            id);
  EXPECT_EQ(code_of(mutate("deleteEndpoint", "id: \"" + id + "\"", "deletedEndpointId")),
            "NOT_FOUND");
}

TEST_F(EndpointApiTest, FaultsAreAtTheirFieldsAndKeysAnswerTheSame) {
  const auto wrong = mutate(
      "createEndpoint", R"(endpoint: {name: "", kind: "s3", options: [{name: "x", value: "y"}]})");
  EXPECT_EQ(boost::json::serialize(wrong.at("userErrors").at(1).at("field")),
            R"(["input","endpoint","options","x"])");
  const std::string once = endpoint("one") + ", idempotencyKey: \"k\"";
  const auto first = mutate("createEndpoint", once);
  EXPECT_EQ(mutate("createEndpoint", once), first);
  EXPECT_EQ(code_of(mutate("createEndpoint", endpoint("two") + ", idempotencyKey: \"k\"")),
            "IDEMPOTENCY_KEY_REUSED");
}

TEST_F(EndpointApiTest, CredentialIsNotShownToViewersAndNotDeletedWhileItIsUsed) {
  const std::string key = credential();
  const std::string id = created("one", "credentialId: \"" + key + "\"");
  const std::string query =
      "{ endpoint(id: \"" + id + "\") { name credential { id usedBy { kind name } } } }";
  EXPECT_EQ(boost::json::serialize(data(query).at("endpoint").at("credential").at("usedBy")),
            R"([{"kind":"endpoint","name":"one"}])");
  const auto refused = data("mutation { deleteCredential(input: {id: \"" + key +
                            "\"}) { userErrors { code message } } }")
                           .at("deleteCredential");
  EXPECT_EQ(code_of(refused), "IN_USE");
  EXPECT_NE(boost::json::serialize(refused).find("endpoint one"), std::string::npos);
  const std::string to = R"(, options: [{name: "endpoint-url", value: "https://evil.example"}]})";
  const auto moved = mutate(
      "updateEndpoint",
      "id: \"" + id + "\", revision: 1, endpoint: {name: \"one\", kind: \"s3\", credentialId: \"" +
          key + "\"" + to);
  EXPECT_EQ(code_of(moved), "CONFIRMATION_REQUIRED");
  auto viewer = std::make_shared<Principal>(*principal_);
  viewer->role = state::Role::viewer;
  principal_ = viewer;
  EXPECT_TRUE(data("{ endpoint(id: \"" + id + "\") { name credential { id } } }")
                  .at("endpoint")
                  .at("credential")
                  .is_null());
  for (const std::string& mutation : std::vector<std::string>{
           "createEndpoint(input: {" + endpoint("x") + "})",
           "updateEndpoint(input: {id: \"" + id + "\", revision: 1, " + endpoint("x") + "})",
           "deleteEndpoint(input: {id: \"" + id + "\"})"}) {
    const auto answer = ask("mutation { " + mutation + " { userErrors { code } } }");
    EXPECT_TRUE(answer.contains("errors")) << mutation;
  }
}

TEST_F(EndpointApiTest, FiltersAreBounded) {
  const auto answer =
      ask("{ endpoints(filter: {text: \"" + std::string(1'025, 'x') + "\"}) { nodes { id } } }");
  EXPECT_TRUE(answer.contains("errors"));
}

TEST_F(EndpointApiTest, KindsAndTemplatesSayWhatAFormAsks) {
  const auto told = data(
      "{ endpointKinds { name hasServer options { name type } credentialKinds } "
      "endpointTemplates { name kind options { name value } asks documentation } }");
  EXPECT_EQ(told.at("endpointKinds").at(0).at("options").at(2).at("type"), "FLAG");
  EXPECT_EQ(told.at("endpointTemplates").at(0).at("name"), "aws");
  EXPECT_EQ(told.at("endpointTemplates").at(0).at("asks").at(0), "region");
}

}  // namespace
}  // namespace dth::api::testing
