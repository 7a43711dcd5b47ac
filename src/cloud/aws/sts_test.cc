#include "cloud/aws/sts.h"

#include <fstream>

#include <gmock/gmock.h>

#include "cloud/aws/chain.h"
#include "cloud/aws/testing/scripted_identity.h"
#include "net/testing/certificates.h"

namespace dth::aws {
namespace {

using net::testing::TemporaryFile;
using ::testing::AllOf;
using testing::answer;
using ::testing::HasSubstr;
using testing::IdentityTest;
using ::testing::Not;
using testing::sts_answer;

std::string refusal(const std::string& code, const std::string& message) {
  return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message +
         "</Message></Error><RequestId>r</RequestId></ErrorResponse>";
}

class StsTest : public IdentityTest {
 protected:
  std::shared_ptr<CredentialSource> role(Credentials caller = {"base-id", "base-s3cret",
                                                               "base-t0ken"}) {
    return make_role_source(services, make_static_source(std::move(caller)),
                            {.role_arn = "arn:aws:iam::1:role/r"},
                            *find_sts({}, "arn:aws:iam::1:role/r"));
  }
};

std::string place(const StsSettings& named, Environment environment,
                  const char* arn = "arn:aws:iam::1:role/r") {
  environment["AWS_CONFIG_FILE"] = environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  if (named.legacy_global) environment["AWS_STS_REGIONAL_ENDPOINTS"] = "legacy";
  auto settings = sts_settings_of(
      {.environment = environment, .region = named.region, .sts_endpoint_url = named.endpoint_url});
  if (settings.has_error()) return settings.error().to_string();
  auto found = find_sts(*settings, arn);
  return found.has_value() ? found->origin.url() + " " + found->region : found.error().to_string();
}

TEST(StsPlaceTest, FollowsRegionAndPartition) {
  EXPECT_EQ(place({.region = "eu-west-1"}, {}),
            "https://sts.eu-west-1.amazonaws.com:443 eu-west-1");
  EXPECT_EQ(place({}, {}), "https://sts.us-east-1.amazonaws.com:443 us-east-1");
  EXPECT_EQ(place({.region = "eu-west-1"}, {}, "arn:aws-cn:iam::1:role/r"),
            "https://sts.cn-north-1.amazonaws.com.cn:443 cn-north-1");
  EXPECT_EQ(place({.region = "eu-west-1", .legacy_global = true}, {}),
            "https://sts.amazonaws.com:443 us-east-1");
  EXPECT_EQ(place({.region = "cn-north-1", .legacy_global = true}, {}, "arn:aws-cn:iam::1:role/r"),
            "https://sts.cn-north-1.amazonaws.com.cn:443 cn-north-1");
}

TEST(StsPlaceTest, AnEndpointThatIsNamedGoesFirst) {
  const Environment environment{{"AWS_ENDPOINT_URL", "http://all:1"},
                                {"AWS_ENDPOINT_URL_STS", "http://sts:2"}};
  EXPECT_EQ(place({.endpoint_url = "https://own:3", .region = "eu-west-1"}, environment),
            "https://own:3 eu-west-1");
  EXPECT_EQ(place({}, environment), "http://sts:2 us-east-1");
  EXPECT_EQ(place({}, {{"AWS_ENDPOINT_URL", "http://all:1"}}, "arn:aws:iam:::role/of-ceph"),
            "http://all:1 us-east-1");
  EXPECT_THAT(place({}, {{"AWS_ENDPOINT_URL_STS", "sts"}}), HasSubstr("AWS_ENDPOINT_URL_STS"));
  EXPECT_THAT(place({}, {}, "role"), HasSubstr("arn:aws:iam::ACCOUNT:role/NAME"));
}

// Known from the signature's definition alone: computed with Python's hmac for these inputs.
TEST_F(StsTest, TheRequestIsSignedForSts) {
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T13:00:00Z")));
  ASSERT_TRUE(fetch(*role()));
  const auto& asked = transport.asked.at(0);
  EXPECT_EQ(asked.header("X-Amz-Date"), "20261123T120000Z");
  EXPECT_EQ(asked.header("X-Amz-Security-Token"), "base-t0ken");
  EXPECT_EQ(asked.patience, IdentityTransport::Patience::service);
  EXPECT_EQ(asked.header("Authorization"),
            "AWS4-HMAC-SHA256 Credential=base-id/20261123/us-east-1/sts/aws4_request, "
            "SignedHeaders=accept;content-type;host;x-amz-date;x-amz-security-token, "
            "Signature=f9e7f292379a0e575147d8b7b9eef364c5679b690fba48d09a3ccb8771762597");
}

TEST_F(StsTest, LifetimesAreByTheClockOfSts) {
  transport.script.push_back(
      answer(200, sts_answer("role-id", "2026-11-23T15:00:00Z"), "Mon, 23 Nov 2026 14:30:00 GMT"));
  EXPECT_EQ(fetch(*role())->lifetime, std::chrono::minutes(30));
}

TEST_F(StsTest, AClockThatIsWrongIsLearntOnce) {
  const std::string date = "Mon, 23 Nov 2026 14:30:00 GMT";
  transport.script.push_back(
      answer(403, refusal("SignatureDoesNotMatch", "Signature expired"), date));
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T15:30:00Z"), date));
  auto source = role();
  ASSERT_TRUE(fetch(*source));
  EXPECT_EQ(transport.asked.at(1).header("X-Amz-Date"), "20261123T143000Z");
  transport.script.push_back(answer(403, refusal("SignatureDoesNotMatch", ""), date));
  EXPECT_EQ(fetch(*source).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(transport.asked.size(), 3u);
}

TEST_F(StsTest, RefusalsSayWhatAndWhy) {
  transport.script.push_back(
      answer(403, refusal("AccessDenied", "User base-s3cret is not authorized: base-t0ken")));
  const Error error = fetch(*role()).error();
  EXPECT_EQ(error.code, ErrorCode::permission_denied);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("arn:aws:iam::1:role/r"),
                    HasSubstr("https://sts.us-east-1.amazonaws.com"), HasSubstr("trust policy")));
  EXPECT_THAT(error.to_string(), AllOf(HasSubstr("AccessDenied: User *** is not authorized: ***"),
                                       Not(HasSubstr("s3cret")), Not(HasSubstr("t0ken"))));
  EXPECT_EQ(sts_refusal(400, refusal("ExpiredToken", "")).code, ErrorCode::unauthenticated);
  EXPECT_EQ(sts_refusal(400, refusal("Throttling", "")).code, ErrorCode::throttled);
  EXPECT_EQ(sts_refusal(429, "").code, ErrorCode::throttled);
  EXPECT_THAT(sts_refusal(404, "<html>").to_string(), HasSubstr("404"));
  EXPECT_LT(sts_refusal(400, refusal("x", std::string(9'000, 'm'))).to_string().size(), 1'200u);
}

TEST_F(StsTest, PassingFailuresAreTriedAgainThreeTimesInAll) {
  transport.script.push_back(Error{ErrorCode::unavailable, "reset", ""});
  transport.script.push_back(answer(503, "busy"));
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T13:00:00Z")));
  EXPECT_TRUE(fetch(*role()));
  transport.asked.clear();
  for (int i = 0; i < 4; ++i) transport.script.push_back(answer(500, "s3cret in a page"));
  const Error error = fetch(*role()).error();
  EXPECT_EQ(error.code, ErrorCode::unavailable);
  EXPECT_THAT(error.to_string(), AllOf(HasSubstr("500"), Not(HasSubstr("s3cret"))));
  EXPECT_EQ(transport.asked.size(), 3u);
}

TEST_F(StsTest, WhatAreNoCredentialsIsNotTakenForSome) {
  for (const std::string& text :
       {std::string(""), std::string("<html>s3cret</html>"), std::string("{}"),
        sts_answer("", "2026-11-23T13:00:00Z"), sts_answer("id", "soon"), sts_answer("id", "")}) {
    transport.script.push_back(answer(200, text));
    const Error error = fetch(*role()).error();
    EXPECT_EQ(error.code, ErrorCode::data_corrupted) << text;
    EXPECT_THAT(error.to_string(), Not(HasSubstr("s3cret")));
  }
}

TEST_F(StsTest, AWebIdentityIsReadAnewEachTimeAndSentUnsigned) {
  const TemporaryFile token("eyJh.e30.first-t0ken\n");
  auto source = make_web_identity_source(
      services, token.path(), {.role_arn = "arn:aws:iam::1:role/r", .session_name = "me"},
      *find_sts({}, "arn:aws:iam::1:role/r"));
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T13:00:00Z")));
  transport.script.push_back(
      answer(400, refusal("InvalidIdentityToken", "eyJh.e30.second-t0ken is bad")));
  ASSERT_TRUE(fetch(*source));
  EXPECT_EQ(transport.asked[0].header("Authorization"), "(none)");
  EXPECT_EQ(transport.asked[0].body,
            "Version=2011-06-15&Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%"
            "3Arole%2Fr"
            "&RoleSessionName=me&WebIdentityToken=eyJh.e30.first-t0ken");
  std::ofstream(token.path()) << "eyJh.e30.second-t0ken";
  const Error error = fetch(*source).error();
  EXPECT_EQ(error.code, ErrorCode::unauthenticated);
  EXPECT_THAT(transport.asked[1].body, HasSubstr("&WebIdentityToken=eyJh.e30.second-t0ken"));
  EXPECT_THAT(error.to_string(), Not(HasSubstr("eyJh.e30.second-t0ken")));
  std::ofstream(token.path()) << "\n";
  EXPECT_THAT(fetch(*source).error().message, HasSubstr("holds no OpenID Connect token"));
}

}  // namespace
}  // namespace dth::aws
