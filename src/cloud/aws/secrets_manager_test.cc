#include "cloud/aws/secrets_manager.h"

#include <gmock/gmock.h>

#include "base/simulated_clock.h"
#include "cloud/aws/testing/scripted_identity.h"

namespace dth::aws {
namespace {

using ::testing::AllOf;
using testing::answer;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const own_shape =
    R"({"ARN":"a","SecretString":"{\"access_key_id\":\"AKIA1\",\"secret_access_key\":\"s3cret\"}"})";
const char* const aws_shape =
    R"({"SecretString":"{\"AccessKeyId\":\"AKIA2\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"2026-01-01T00:10:00Z\"}"})";

TimePoint noon() { return std::chrono::sys_days(std::chrono::year(2026) / 1 / 1); }

TEST(SecretsManagerTest, BothShapesAreRead) {
  const auto own = parse_secret_answer(own_shape, noon(), "it").value();
  EXPECT_EQ(own.credentials, (Credentials{"AKIA1", "s3cret", ""}));
  EXPECT_FALSE(own.lifetime.has_value());
  const auto aws = parse_secret_answer(aws_shape, noon(), "it").value();
  EXPECT_EQ(aws.credentials, (Credentials{"AKIA2", "s", "t"}));
  EXPECT_EQ(aws.lifetime, std::chrono::minutes(10));
}

TEST(SecretsManagerTest, WhatIsNoKeyIsRefusedAndNotRepeated) {
  struct Row {
    const char* answer;
    ErrorCode code;
  };
  for (const Row& row : {
           Row{"", ErrorCode::data_corrupted},
           Row{"<html>", ErrorCode::data_corrupted},
           Row{"[]", ErrorCode::data_corrupted},
           Row{"{}", ErrorCode::data_corrupted},
           Row{R"({"SecretBinary":"c2VjcmV0"})", ErrorCode::invalid_argument},
           Row{R"({"SecretString":"pl4in"})", ErrorCode::invalid_argument},
           Row{R"({"SecretString":7})", ErrorCode::invalid_argument},
           Row{R"({"SecretString":"{\"access_key_id\":\"pl4in\"}"})", ErrorCode::invalid_argument},
           Row{R"({"SecretString":"{\"AccessKeyId\":\"a\",\"secret_access_key\":\"pl4in\"}"})",
               ErrorCode::invalid_argument},
       }) {
    const auto parsed = parse_secret_answer(row.answer, noon(), "the secret x");
    ASSERT_TRUE(parsed.has_error()) << row.answer;
    EXPECT_EQ(parsed.error().code, row.code) << row.answer;
    EXPECT_THAT(parsed.error().to_string(),
                AllOf(HasSubstr("the secret x"), Not(HasSubstr("pl4in"))));
  }
}

TEST(SecretsManagerTest, RefusalsSayWhatToDo) {
  const Error missing = secrets_manager_refusal(
      400, R"({"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find it"})");
  EXPECT_EQ(missing.code, ErrorCode::invalid_argument);
  EXPECT_THAT(missing.to_string(), AllOf(HasSubstr("no such secret"), HasSubstr("can't find it")));
  EXPECT_EQ(secrets_manager_refusal(400, R"({"__type":"com.x#AccessDeniedException"})").code,
            ErrorCode::permission_denied);
  EXPECT_EQ(secrets_manager_refusal(503, "oops").code, ErrorCode::unavailable);
  EXPECT_EQ(secrets_manager_refusal(429, "").code, ErrorCode::throttled);
}

TEST(SecretsManagerTest, PlaceIsOfTheArnElseOfTheRegion) {
  EXPECT_EQ(find_secret_place("x", "eu-west-1", "")->origin.host,
            "secretsmanager.eu-west-1.amazonaws.com");
  EXPECT_EQ(find_secret_place("arn:aws-cn:secretsmanager:cn-north-1:1:secret:x", "eu-west-1", "")
                ->origin.host,
            "secretsmanager.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(find_secret_place("x", "", "http://127.0.0.1:9000")->region, "us-east-1");
  for (const auto& place :
       {find_secret_place("", "eu-west-1", ""), find_secret_place("x", "", ""),
        find_secret_place("x", "nowhere", ""), find_secret_place("x", "eu-west-1", "ftp://x")}) {
    ASSERT_TRUE(place.has_error());
    EXPECT_EQ(place.error().code, ErrorCode::invalid_argument);
  }
}

class SecretsManagerSourceTest : public ::testing::Test {
 protected:
  Result<CredentialSource::Fetched> fetch() {
    auto source = make_secrets_manager_source(
        {transport, clock}, make_static_source({"AKIABASE", "base-s3cret", "base-t0ken"}),
        find_secret_place("prod/key", "eu-west-1", "").value());
    return run_for_test(context, source->fetch());
  }
  boost::asio::io_context context{1};
  SystemClock clock;
  testing::ScriptedIdentityTransport transport;
};

TEST_F(SecretsManagerSourceTest, AsksSignedAndForgetsAfterAWhile) {
  transport.script.push_back(answer(200, own_shape));
  const auto fetched = fetch();
  ASSERT_TRUE(fetched.has_value()) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials.access_key_id, "AKIA1");
  EXPECT_EQ(fetched->lifetime, secret_lifetime);
  const testing::Asked& asked = transport.asked.at(0);
  EXPECT_EQ(asked.header("X-Amz-Target"), "secretsmanager.GetSecretValue");
  EXPECT_EQ(asked.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(asked.header("X-Amz-Security-Token"), "base-t0ken");
  EXPECT_THAT(asked.header("Authorization"),
              AllOf(HasSubstr("AKIABASE"), HasSubstr("/eu-west-1/secretsmanager/aws4_request")));
  EXPECT_EQ(asked.body, R"({"SecretId":"prod/key"})");
}

TEST_F(SecretsManagerSourceTest, RefusalHoldsNoSecretOfWhoAsks) {
  transport.script.push_back(
      answer(400, R"({"__type":"X","message":"you sent base-s3cret and base-t0ken"})"));
  const auto fetched = fetch();
  ASSERT_TRUE(fetched.has_error());
  EXPECT_THAT(fetched.error().to_string(),
              AllOf(HasSubstr("prod/key"), Not(HasSubstr("s3cret")), Not(HasSubstr("t0ken"))));
}

TEST_F(SecretsManagerSourceTest, ClockIsLearntFromTheAnswer) {
  transport.script.push_back(
      answer(400, R"({"__type":"InvalidSignatureException"})", "Thu, 01 Jan 2099 00:00:00 GMT"));
  transport.script.push_back(answer(200, own_shape));
  ASSERT_TRUE(fetch().has_value());
  EXPECT_THAT(transport.asked.at(1).header("X-Amz-Date"), HasSubstr("20990101T0000"));
}

}  // namespace
}  // namespace dth::aws
