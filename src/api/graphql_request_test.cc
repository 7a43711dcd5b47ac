#include "api/graphql_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::api {
namespace {

using testing::HasSubstr;

std::string fault_of(const Result<graphql::Request>& request) {
  if (request.has_value()) return "none";
  EXPECT_EQ(request.error().code, ErrorCode::invalid_argument);
  return request.error().message;
}

TEST(GraphqlRequest, OfABody) {
  const auto request = request_of_body(
      R"({"query": "{ a }", "operationName": "Q", "variables": {"x": [1, null]}, "extensions": {}, "other": 1})");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->query, "{ a }");
  EXPECT_EQ(request->operation_name, "Q");
  EXPECT_EQ(boost::json::serialize(request->variables), R"({"x":[1,null]})");
}

TEST(GraphqlRequest, NullIsNotGiven) {
  const auto request = request_of_body(
      R"({"query": "{ a }", "operationName": null, "variables": null, "extensions": null})");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->operation_name, "");
  EXPECT_TRUE(request->variables.empty());
}

TEST(GraphqlRequest, OfABodyThatIsNone) {
  EXPECT_THAT(fault_of(request_of_body("")), HasSubstr("empty"));
  EXPECT_THAT(fault_of(request_of_body(R"({"query": )")), HasSubstr("not JSON"));
  EXPECT_THAT(fault_of(request_of_body(R"({"query": "{a}"} x)")), HasSubstr("after byte 17"));
  EXPECT_THAT(fault_of(request_of_body("{\"query\": \"\xff\"}")), HasSubstr("not JSON"));
  EXPECT_THAT(fault_of(request_of_body(R"([{"query": "{ a }"}])")), HasSubstr("Batches"));
  EXPECT_THAT(fault_of(request_of_body("7")), HasSubstr("a number"));
  EXPECT_THAT(fault_of(request_of_body("{}")), HasSubstr("no \"query\""));
  EXPECT_THAT(fault_of(request_of_body(R"({"query": ["{a}"]})")), HasSubstr("a list"));
  EXPECT_THAT(fault_of(request_of_body(R"({"query": "{a}", "operationName": 1})")),
              HasSubstr("operationName"));
  EXPECT_THAT(fault_of(request_of_body(R"({"query": "{a}", "variables": "x"})")),
              HasSubstr("variables"));
  EXPECT_THAT(fault_of(request_of_body(R"({"query": "{a}", "extensions": true})")),
              HasSubstr("extensions"));
  EXPECT_THAT(fault_of(request_of_body(R"({"query": "{a}", "x": )" + std::string(100'000, '['))),
              HasSubstr("levels deep"));
}

TEST(GraphqlRequest, OfAQuery) {
  const auto request = request_of_query(
      "query=query+Q(%24x:Int)%7Ba%7D&variables=%7B%22x%22:1%7D&operationName=Q&&other");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->query, "query Q($x:Int){a}");
  EXPECT_EQ(request->operation_name, "Q");
  EXPECT_EQ(request->variables.at("x"), 1);
}

TEST(GraphqlRequest, OfAQueryThatIsNone) {
  EXPECT_THAT(fault_of(request_of_query("")), HasSubstr("no \"query\""));
  EXPECT_THAT(fault_of(request_of_query("query=%7")), HasSubstr("encoded"));
  EXPECT_THAT(fault_of(request_of_query("query=%ff")), HasSubstr("UTF-8"));
  EXPECT_THAT(fault_of(request_of_query("query={a}&query={b}")), HasSubstr("twice"));
  EXPECT_THAT(fault_of(request_of_query("query={a}&variables=1")), HasSubstr("a number"));
  EXPECT_THAT(fault_of(request_of_query("query={a}&variables={")),
              HasSubstr("\"variables\" is not JSON"));
  std::string many = "query={a}";
  for (int i = 0; i < 200; ++i) many += "&p" + std::to_string(i);
  EXPECT_THAT(fault_of(request_of_query(many)), HasSubstr("too many"));
}

}  // namespace
}  // namespace dth::api
