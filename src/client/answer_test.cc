#include "client/answer.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* hub = "prod";

Error refusal(const std::string& body, int status = 200) {
  auto answer = read_answer(status, body, hub);
  return answer.has_error() ? answer.error() : Error{};
}

TEST(Answer, DataIsHandedOn) {
  auto data = read_answer(200, R"({"data":{"hub":{"version":"1"}}})", hub);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->at("hub").at("version").as_string(), "1");
}

TEST(Answer, AnErrorHasItsCodeAlsoWhereThereIsData) {
  const Error error = refusal(
      R"({"data":{"a":null},"errors":[{"message":"no","extensions":{"code":"PERMISSION_DENIED"}}]})");
  EXPECT_EQ(error.code, ErrorCode::permission_denied);
  EXPECT_EQ(error.message, "prod: no");
}

TEST(Answer, WhoIsNotLetInIsToldToSignIn) {
  const Error error = refusal(
      R"({"errors":[{"message":"The token has expired.","extensions":{"code":"UNAUTHENTICATED"}}]})",
      401);
  EXPECT_EQ(error.code, ErrorCode::unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("dth login"));
}

TEST(Answer, ARequestThatTheHubDoesNotKnowIsAnotherVersion) {
  const Error error = refusal(
      R"({"errors":[{"message":"Cannot query field","extensions":{"code":"BAD_USER_INPUT"}}]})",
      400);
  EXPECT_EQ(error.code, ErrorCode::unsupported);
  EXPECT_THAT(error.message, HasSubstr("another version"));
}

TEST(Answer, AnArgumentThatIsWrongIsTheUsersOwn) {
  const Error error = refusal(
      R"({"errors":[{"message":"first: 1 to 500","extensions":{"code":"BAD_USER_INPUT","field":"first"}}]})",
      400);
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
}

TEST(Answer, WhatIsNotOfAHubIsSaidToBe) {
  for (const char* body : {"", "<html>welcome</html>", "[]", "{}", R"({"data":null})",
                           R"({"errors":[]})", R"({"errors":["x"]})", R"({"data":[]})"}) {
    const Error error = refusal(body);
    EXPECT_EQ(error.reason, ErrorReason::foreign_answer) << body;
    EXPECT_THAT(error.message, Not(HasSubstr("welcome")));
  }
  EXPECT_EQ(refusal(R"({"data":{"a":1}})", 500).reason, ErrorReason::foreign_answer);
}

TEST(Answer, AGatewayThatHasNoHubMayHaveOneLater) {
  EXPECT_EQ(refusal("<html>bad gateway</html>", 502).code, ErrorCode::unavailable);
}

TEST(Answer, WhatAHubSaysMovesNoTerminalAndIsBounded) {
  const Error error = refusal(R"({"errors":[{"message":"\u001b[2Jx"}]})");
  EXPECT_THAT(error.message, Not(HasSubstr("\x1b")));
  const std::string longer(100'000, 'x');
  EXPECT_LT(refusal("{\"errors\":[{\"message\":\"" + longer + "\"}]}").message.size(), 3000u);
}

TEST(Payload, WithoutUserErrorsItIsHandedOn) {
  auto data = boost::json::parse(R"({"pauseRun":{"run":{"id":"run_1"},"userErrors":[]}})");
  auto payload = read_payload(data.as_object(), "pauseRun", hub);
  ASSERT_TRUE(payload.has_value());
  EXPECT_EQ(payload->at("run").at("id").as_string(), "run_1");
}

TEST(Payload, UserErrorsNameTheirFields) {
  auto data = boost::json::parse(
      R"({"x":{"userErrors":[{"field":["input","name"],"message":"It is taken.","code":"TAKEN"},)"
      R"({"field":null,"message":"And more.","code":"INVALID"}]}})");
  auto payload = read_payload(data.as_object(), "x", hub);
  ASSERT_TRUE(payload.has_error());
  EXPECT_EQ(payload.error().code, ErrorCode::already_exists);
  EXPECT_THAT(payload.error().message, HasSubstr("name: It is taken."));
  EXPECT_THAT(payload.error().message, HasSubstr("And more."));
}

TEST(Payload, NoPayloadIsNoSuccess) {
  for (const char* text :
       {R"({"x":null})", R"({})", R"({"x":{}})", R"({"x":{"userErrors":null}})"}) {
    auto data = boost::json::parse(text);
    EXPECT_TRUE(read_payload(data.as_object(), "x", hub).has_error()) << text;
  }
}

}  // namespace
}  // namespace dth::client
