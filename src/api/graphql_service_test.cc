#include "api/graphql_service.h"

#include "api/health.h"
#include "api/testing/transport_fixture.h"

namespace dth::api::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* graphql_response = "application/graphql-response+json";

class GraphqlHttpTest : public TransportTest {
 protected:
  // The answer's status and media type.
  std::string asked(net::ServerRequest request) {
    FakeExchange exchange(std::move(request));
    handle(serve_graphql(&service_, exchange));
    if (!exchange.answered) return "no answer";
    answer_ = *exchange.answered;
    EXPECT_EQ(exchange.header("Cache-Control"), "no-store");
    const std::string type = exchange.header("Content-Type");
    EXPECT_THAT(type, HasSubstr("; charset=utf-8"));
    return std::to_string(answer_.status) + " " + type.substr(0, type.find(';'));
  }
  std::string message() {
    return std::string(
        boost::json::parse(answer_.body).at("errors").at(0).at("message").as_string());
  }

  net::ServerResponse answer_;
};

TEST_F(GraphqlHttpTest, AQueryIsAnsweredInTheTypeThatIsWanted) {
  const std::string body = R"({"query": "{ hub { version } }"})";
  EXPECT_EQ(asked(post(body)), "200 application/json");
  EXPECT_EQ(answer_.body, R"({"data":{"hub":{"version":"1.2.3"}}})");
  EXPECT_EQ(asked(post(body, "application/json; charset=UTF-8", "*/*")), "200 application/json");
  EXPECT_EQ(asked(post(body, "APPLICATION/JSON", graphql_response)),
            std::string("200 ") + graphql_response);
  EXPECT_EQ(asked(get("query={hub{version}}", graphql_response)),
            std::string("200 ") + graphql_response);
  EXPECT_THAT(metrics_.text(),
              HasSubstr("dth_graphql_operations_total{kind=\"query\",outcome=\"ok\"} 4\n"));
}

TEST_F(GraphqlHttpTest, WhatCannotBeExecutedIs400InTheNewTypeAnd200InTheOldOne) {
  for (const char* body :
       {R"({"query": "{"})", R"({"query": "{ nope }"})",
        R"({"query": "query A { __typename } query B { __typename }"})",
        R"({"query": "query Q($i: ID!) { run(id: $i) { id } }", "variables": {"i": null}})",
        R"({"query": "subscription { runProgress(id: 1) { id } }"})"}) {
    EXPECT_EQ(asked(post(body, "application/json", graphql_response)),
              std::string("400 ") + graphql_response)
        << body;
    EXPECT_FALSE(boost::json::parse(answer_.body).as_object().contains("data"));
    EXPECT_EQ(asked(post(body, "application/json", "application/json")), "200 application/json")
        << body;
  }
  EXPECT_THAT(metrics_.text(), HasSubstr("kind=\"invalid\",outcome=\"refused\""));
}

TEST_F(GraphqlHttpTest, AnErrorWithinTheDataIs200) {
  EXPECT_EQ(asked(post(R"({"query": "{ hub { version } runs(after: \"x\") { nodes { id } } }"})",
                       "application/json", graphql_response)),
            std::string("200 ") + graphql_response);
  EXPECT_THAT(metrics_.text(), HasSubstr("kind=\"query\",outcome=\"partial\""));
}

TEST_F(GraphqlHttpTest, WhatIsNoRequestIsRefusedInWords) {
  const std::string body = R"({"query": "{ hub { version } }"})";
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/jsonx", "application/json; charset=latin-1"}) {
    EXPECT_EQ(asked(post(body, type)), "415 application/json") << type;
  }
  EXPECT_EQ(asked(post(body, "application/json", "text/html")), "406 application/json");
  EXPECT_THAT(message(), HasSubstr("application/graphql-response+json"));
  EXPECT_EQ(asked(post("", "application/json")), "400 application/json");
  EXPECT_EQ(asked(post("[" + body + "]", "application/json")), "400 application/json");
  EXPECT_THAT(message(), HasSubstr("Batches"));
  EXPECT_EQ(asked(get("")), "400 application/json");
  EXPECT_THAT(message(), HasSubstr("query"));
}

TEST_F(GraphqlHttpTest, TheStatusSaysWhatKindOfThingWentWrong) {
  const auto status = [](ErrorCode code) {
    graphql::Response response;
    response.errors.push_back({"x", {}, {}, code});
    return answer_of(response, ResponseType::graphql_response).status;
  };
  EXPECT_EQ(status(ErrorCode::invalid_argument), 400u);
  EXPECT_EQ(status(ErrorCode::permission_denied), 403u);
  EXPECT_EQ(status(ErrorCode::internal), 500u);
  EXPECT_EQ(status(ErrorCode::unavailable), 503u);
}

TEST(Health, ReadinessNamesWhatIsWrong) {
  HealthCheck good{"running"}, bad{"state"};
  bad.fault = "the disk is gone";
  EXPECT_EQ(readiness({good}, false).status, 200u);
  EXPECT_EQ(readiness({good, bad}, false).status, 503u);
  EXPECT_EQ(readiness({good, bad}, true).body,
            "[+] running ok\n[-] state: the disk is gone\nnot ready\n");
  EXPECT_TRUE(has_parameter("a=1&verbose", "verbose"));
  EXPECT_TRUE(has_parameter("verbose=1", "verbose"));
  EXPECT_FALSE(has_parameter("xverbose&verbosex=1", "verbose"));
  EXPECT_FALSE(has_parameter("", "verbose"));
}

}  // namespace
}  // namespace dth::api::testing
