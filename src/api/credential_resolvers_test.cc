#include "api/testing/api_fixture.h"

namespace dth::api::testing {
namespace {

class CredentialApiTest : public ApiTest {
 protected:
  boost::json::value mutate(const std::string& name, const std::string& input,
                            const std::string& thing = "credential { id name revision }") {
    return data("mutation { " + name + "(input: {" + input + "}) { " + thing +
                " userErrors { field code message } } }")
        .at(name);
  }
  static std::string code_of(const boost::json::value& payload) {
    const auto& errors = payload.at("userErrors").as_array();
    return errors.empty() ? "" : std::string(errors.at(0).at("code").as_string());
  }
  std::string created(const std::string& name) {
    return std::string(mutate("createCredential", "name: \"" + name + "\", " + key)
                           .at("credential")
                           .at("id")
                           .as_string());
  }

  const std::string key =
      R"(kind: "aws_access_key", secrets: [{name: "access-key-id", value: "AKIAPLANTED"}, )"
      R"({name: "secret-access-key", value: "pl4nted"}])";
};

TEST_F(CredentialApiTest, CredentialIsMadeChangedRotatedAndDeleted) {
  const std::string id = created("one");
  const auto found = data("{ credential(id: \"" + id +
                          "\") { name kind options { name } base { id } lastUsedAt usedBy { id } } "
                          "node(id: \"" +
                          id + "\") { __typename id } }");
  EXPECT_EQ(
      boost::json::serialize(found.at("credential")),
      R"({"name":"one","kind":"aws_access_key","options":[],"base":null,"lastUsedAt":null,"usedBy":[]})");
  EXPECT_EQ(found.at("node").at("__typename"), "Credential");
  EXPECT_EQ(mutate("updateCredential", "id: \"" + id + "\", revision: 1, name: \"two\"")
                .at("credential")
                .at("revision"),
            2);
  EXPECT_EQ(code_of(mutate("updateCredential", "id: \"" + id + "\", revision: 1, name: \"x\"")),
            "STALE_REVISION");
  const auto wrong =
      mutate("rotateCredential",
             "id: \"" + id + R"(", secrets: [{name: "access-key-id", value: "pl4nted"}])");
  EXPECT_EQ(boost::json::serialize(wrong.at("userErrors").at(0).at("field")),
            R"(["input","secrets","secret-access-key"])");
  const auto deleted = mutate("deleteCredential", "id: \"" + id + "\"", "deletedCredentialId");
  EXPECT_EQ(std::string(deleted.at("deletedCredentialId").as_string()), id);
  EXPECT_TRUE(data("{ credential(id: \"" + id + "\") { id } }").at("credential").is_null());
  const auto audited = boost::json::serialize(
      data("{ auditEvents { nodes { action targetId outcome changes { field after } } } }"));
  for (const char* action : {"createCredential", "updateCredential", "deleteCredential"})
    EXPECT_NE(audited.find(action), std::string::npos) << action;
  EXPECT_EQ(audited.find("pl4nted"), std::string::npos);
}

TEST_F(CredentialApiTest, ListsComeByPages) {
  for (const char* name : {"c", "a", "b"}) created(name);
  const auto first =
      data("{ credentials(first: 2) { nodes { name } pageInfo { endCursor hasNextPage } } }");
  EXPECT_EQ(boost::json::serialize(first.at("credentials").at("nodes")),
            R"([{"name":"a"},{"name":"b"}])");
  const std::string cursor(first.at("credentials").at("pageInfo").at("endCursor").as_string());
  EXPECT_EQ(
      boost::json::serialize(data("{ credentials(after: \"" + cursor + "\") { nodes { name } } }")
                                 .at("credentials")
                                 .at("nodes")),
      R"([{"name":"c"}])");
  const auto events = data(
      "{ auditEvents(first: 2, filter: {action: \"createCredential\"}) { nodes { "
      "targetName } pageInfo { endCursor hasNextPage } } }");
  EXPECT_EQ(events.at("auditEvents").at("nodes").as_array().size(), 2u);
  const std::string next(events.at("auditEvents").at("pageInfo").at("endCursor").as_string());
  const auto rest = data("{ auditEvents(first: 2, after: \"" + next +
                         "\", filter: {action: \"createCredential\"}) { nodes { targetName } } }");
  EXPECT_EQ(rest.at("auditEvents").at("nodes").as_array().size(), 1u);
  EXPECT_TRUE(data("{ auditEvents(filter: {outcome: REFUSED}) { nodes { id } } }")
                  .at("auditEvents")
                  .at("nodes")
                  .as_array()
                  .empty());
}

TEST_F(CredentialApiTest, KindsHaveTheirFields) {
  const auto kinds = boost::json::serialize(
      data("{ credentialKinds { name needsBase usesHost options { name isRequired } secrets { name "
           "isSecret isRequired } } }"));
  EXPECT_NE(kinds.find(R"({"name":"secret-access-key","isSecret":true,"isRequired":true})"),
            std::string::npos);
  EXPECT_NE(kinds.find("aws_secrets_manager"), std::string::npos);
  EXPECT_EQ(kinds.find("first_found"), std::string::npos);
  EXPECT_EQ(kinds.find(R"("vault")"), std::string::npos);
}

}  // namespace
}  // namespace dth::api::testing
