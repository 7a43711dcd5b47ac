#include "cloud/aws/metadata_sources.h"

#include <gmock/gmock.h>

#include "base/zoned_time.h"
#include "cloud/aws/credential_json.h"
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
using Patience = IdentityTransport::Patience;

constexpr const char* given =
    R"({"Code":"Success","AccessKeyId":"id","SecretAccessKey":"s3cret","Token":"t0ken","Expiration":"2026-11-23T18:00:00Z"})";
const Credentials credentials{"id", "s3cret", "t0ken"};

// ----- Containers -----

class ContainerTest : public IdentityTest {
 protected:
  Result<CredentialSource::Fetched> get(Environment environment) {
    return fetch(*make_container_source(services, std::move(environment)));
  }
};

TEST_F(ContainerTest, TheAgentOfEcsIsAskedAtItsAddress) {
  transport.script.push_back(answer(200, given));
  auto fetched = get({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/uuid"},
                      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/ignored"}});
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials, credentials);
  EXPECT_EQ(fetched->lifetime, std::chrono::hours(6));
  EXPECT_EQ(transport.asked.at(0).origin.url(), "http://169.254.170.2:80");
  EXPECT_EQ(transport.asked.at(0).request.target, "/v2/credentials/uuid");
  EXPECT_EQ(transport.asked.at(0).header("Authorization"), "(none)");
}

TEST_F(ContainerTest, TheAgentOfEksGetsTheTokenOfTheFileThatIsReadAnew) {
  const TemporaryFile token("Bearer one\n");
  const Environment environment{
      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials?x=1"},
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this"},
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.path()}};
  auto source = make_container_source(services, environment);
  transport.script = {answer(200, given), answer(200, given)};
  ASSERT_TRUE(fetch(*source));
  EXPECT_EQ(transport.asked.at(0).request.target, "/v1/credentials?x=1");
  EXPECT_EQ(transport.asked.at(0).header("Authorization"), "Bearer one");
  std::FILE* file = std::fopen(token.path().c_str(), "w");
  std::fputs("Bearer two", file);
  std::fclose(file);
  ASSERT_TRUE(fetch(*source));
  EXPECT_EQ(transport.asked.at(1).header("Authorization"), "Bearer two");
}

TEST_F(ContainerTest, OverPlainHttpNothingLeavesTheMachine) {
  for (const char* url :
       {"http://localhost:8080/x", "http://127.0.0.1/x", "http://127.9.9.9/x", "http://[::1]:1/x",
        "http://169.254.170.2/x", "http://169.254.170.23/x", "http://[fd00:ec2::23]/x",
        "https://elsewhere.example/x", "https://elsewhere.example"}) {
    transport.script = {answer(200, given)};
    EXPECT_TRUE(get(
        {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}, {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "t"}}))
        << url;
  }
  transport.asked.clear();
  for (const char* url : {"http://elsewhere.example/x", "http://169.254.169.254/x",
                          "http://10.0.0.1/x", "http://localhost.example/x",
                          "http://127.0.0.1@evil.example/x", "ftp://127.0.0.1/x", "x"}) {
    const Error error = get({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url},
                             {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "t0ken"}})
                            .error();
    EXPECT_EQ(error.code, ErrorCode::invalid_argument) << url;
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("AWS_CONTAINER_CREDENTIALS_FULL_URI"), Not(HasSubstr("t0ken"))));
  }
  EXPECT_TRUE(transport.asked.empty());
}

TEST_F(ContainerTest, WhatGoesWrong) {
  EXPECT_EQ(get({}).error().code, ErrorCode::not_found);
  const Environment environment{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}};
  transport.script = {answer(403, given)};
  EXPECT_EQ(get(environment).error().code, ErrorCode::permission_denied);
  transport.script = {answer(200, R"({"SecretAccessKey":"s3cret"})")};
  EXPECT_THAT(get(environment).error().to_string(),
              AllOf(HasSubstr("AccessKeyId"), Not(HasSubstr("s3cret"))));
  Environment broken = environment;
  broken["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "a\r\nHost: evil";
  EXPECT_EQ(get(broken).error().code, ErrorCode::invalid_argument);
  broken["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/does/not/exist";
  EXPECT_THAT(get(broken).error().message, HasSubstr("/does/not/exist"));
}

// ----- Instances -----

class InstanceTest : public IdentityTest {
 protected:
  Result<CredentialSource::Fetched> get(Environment environment = {}) {
    return fetch(*make_instance_source(services, std::move(environment)));
  }
};

TEST_F(InstanceTest, VersionTwoIsSpoken) {
  transport.script = {answer(200, "session-t0ken"), answer(200, "my-role\nother"),
                      answer(200, given)};
  auto fetched = get();
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials, credentials);
  EXPECT_EQ(fetched->lifetime, std::chrono::hours(6));
  ASSERT_EQ(transport.asked.size(), 3u);
  EXPECT_EQ(transport.asked[0].request.method, "PUT");
  EXPECT_EQ(transport.asked[0].request.target, "/latest/api/token");
  EXPECT_EQ(transport.asked[0].header("x-aws-ec2-metadata-token-ttl-seconds"), "300");
  EXPECT_EQ(transport.asked[1].request.target, "/latest/meta-data/iam/security-credentials/");
  EXPECT_EQ(transport.asked[2].request.target,
            "/latest/meta-data/iam/security-credentials/my-role");
  for (int i = 1; i < 3; ++i)
    EXPECT_EQ(transport.asked[i].header("x-aws-ec2-metadata-token"), "session-t0ken");
  for (const auto& asked : transport.asked) {
    EXPECT_EQ(asked.origin.url(), "http://169.254.169.254:80");
    EXPECT_EQ(asked.patience, Patience::metadata);
  }
}

TEST_F(InstanceTest, TheEnvironmentDecidesWhetherAndWhere) {
  EXPECT_EQ(get({{"AWS_EC2_METADATA_DISABLED", "True"}}).error().code, ErrorCode::not_found);
  EXPECT_TRUE(transport.asked.empty());
  (void)get({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://metadata.example:8080/"}});
  EXPECT_EQ(transport.asked.back().origin.url(), "http://metadata.example:8080");
  (void)get({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}});
  EXPECT_EQ(transport.asked.back().origin.url(), "http://[fd00:ec2::254]:80");
  EXPECT_EQ(get({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "metadata"}}).error().code,
            ErrorCode::invalid_argument);
}

TEST_F(InstanceTest, NoInstanceIsFoundOutByTwoAttemptsAndNotByVersionOne) {
  for (int i = 0; i < 3; ++i)
    transport.script.push_back(Error{ErrorCode::timeout, "no answer", ""});
  EXPECT_EQ(get().error().code, ErrorCode::not_found);
  EXPECT_EQ(transport.asked.size(), 2u);
  transport.asked.clear();
  transport.script = {answer(404, "")};
  EXPECT_EQ(get().error().code, ErrorCode::not_found);
  EXPECT_EQ(transport.asked.size(), 1u);
}

TEST_F(InstanceTest, WhatGoesWrong) {
  transport.script = {answer(200, "t"), answer(404, "")};
  EXPECT_THAT(get().error().message, HasSubstr("no IAM role"));
  transport.script = {answer(200, "t"), answer(200, "../../user-data")};
  EXPECT_EQ(get().error().code, ErrorCode::unavailable);
  EXPECT_EQ(transport.asked.size(), 4u);
  transport.script = {answer(200, "t"), answer(200, "role"),
                      answer(200, R"({"Code":"Failed","AccessKeyId":"id"})")};
  EXPECT_EQ(get().error().code, ErrorCode::data_corrupted);
}

// ----- Their JSON -----

TEST(CredentialJsonTest, WhatAreNoCredentials) {
  const TimePoint now = *parse_time("2026-11-23T12:00:00Z");
  for (const char* text :
       {"", "s3cret", "[]", "{}", R"({"AccessKeyId":1,"SecretAccessKey":"s3cret"})",
        R"({"AccessKeyId":"id","SecretAccessKey":"s3cret","Expiration":"tomorrow"})",
        R"({"Code":"Failure","AccessKeyId":"id","SecretAccessKey":"s3cret"})"}) {
    auto parsed = parse_credential_json(text, CredentialDialect::metadata, now, "it");
    EXPECT_EQ(parsed.error().code, ErrorCode::data_corrupted) << text;
    EXPECT_THAT(parsed.error().to_string(), Not(HasSubstr("s3cret")));
  }
  const char* versionless = R"({"AccessKeyId":"id","SecretAccessKey":"s"})";
  EXPECT_FALSE(parse_credential_json(versionless, CredentialDialect::process, now, "it"));
  EXPECT_FALSE(
      parse_credential_json(versionless, CredentialDialect::metadata, now, "it")->lifetime);
}

TEST(CredentialJsonTest, Expirations) {
  const auto noon = parse_time("2026-11-23T12:00:00Z");
  for (const char* text :
       {"2026-11-23T12:00:00Z", "2026-11-23T12:00:00.000Z", "2026-11-23T12:00:00+00:00",
        "2026-11-23T14:30:00+02:30", "2026-11-23T11:00:00-01:00"}) {
    EXPECT_EQ(parse_zoned_time(text), noon) << text;
  }
  for (const char* text : {"", "noon", "2026-11-23T12:00:00+0a:00", "2026-11-23T12:00:00+00:0"}) {
    EXPECT_FALSE(parse_zoned_time(text)) << text;
  }
}

}  // namespace
}  // namespace dth::aws
