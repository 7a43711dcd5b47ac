#include "cloud/aws/chain.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "cloud/aws/configuration.h"
#include "cloud/aws/profile.h"
#include "cloud/aws/testing/scripted_identity.h"

namespace dth::aws {
namespace {

using ::testing::AllOf;
using testing::answer;
using ::testing::HasSubstr;
using testing::IdentityTest;
using ::testing::Not;
using testing::sts_answer;

class ProfileFiles : public IdentityTest {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "dth-profile-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    std::filesystem::create_directory(directory_ / ".aws");
    environment_["HOME"] = directory_.string();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(const std::string& file, const std::string& text) {
    std::ofstream(directory_ / file) << text;
  }

  Result<CredentialSource::Fetched> profile(const std::string& name) {
    return fetch(*make_profile_source(services, {.environment = environment_, .profile = name}));
  }
  Result<CredentialSource::Fetched> anything(const std::string& name = "") {
    return fetch(*make_default_source(services, {.environment = environment_, .profile = name}));
  }

  std::filesystem::path directory_;
  // No instance metadata is looked for where a test is not about it.
  Environment environment_{{"AWS_EC2_METADATA_DISABLED", "true"}};
};

using credentials = IdentityTest;

TEST_F(credentials, OfTheEnvironment) {
  auto fetched = fetch(*make_environment_source({{"AWS_ACCESS_KEY_ID", "id"},
                                                 {"AWS_SECRET_ACCESS_KEY", "s3cret"},
                                                 {"AWS_SESSION_TOKEN", "token"}}));
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->credentials, (Credentials{"id", "s3cret", "token"}));
  EXPECT_FALSE(fetched->lifetime);
}

TEST_F(credentials, HalfAnEnvironmentIsAnErrorWithoutTheSecret) {
  const auto error = fetch(*make_environment_source({{"AWS_SECRET_ACCESS_KEY", "s3cret"}})).error();
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_THAT(error.to_string(), HasSubstr("AWS_ACCESS_KEY_ID"));
  EXPECT_THAT(error.to_string(), Not(HasSubstr("s3cret")));
}

TEST_F(credentials, AnonymousHasNoKey) {
  auto got = run_for_test(context, make_anonymous_provider()->get());
  EXPECT_TRUE((*got)->anonymous());
}

TEST_F(credentials, SecretsAreTakenOutWhereverTheyAre) {
  std::string text = "aXXbXX";
  redact("XX", &text);
  redact("", &text);
  EXPECT_EQ(text, "a***b***");
  redact("*", &text);  // a mask that holds the secret is no endless loop
}

TEST_F(ProfileFiles, BothFilesAreMergedAndKeysWinFromCredentials) {
  write(".aws/config",
        "[default]\nregion=eu-west-1\n[profile work]\nregion = ap-south-1 # "
        "near\naws_access_key_id=old\n");
  write(".aws/credentials",
        "# mine\n[work]\naws_access_key_id = new\naws_secret_access_key = a/b+c#d\n");
  environment_["AWS_PROFILE"] = "work";
  auto fetched = profile("");
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials.access_key_id, "new");
  EXPECT_EQ(fetched->credentials.secret_access_key, "a/b+c#d");
  EXPECT_EQ(configured_region(environment_, "")->value, "ap-south-1");
  EXPECT_EQ(configured_region(environment_, "default")->value, "eu-west-1");
}

TEST_F(ProfileFiles, FilesElsewhere) {
  write("keys", "[default]\r\nAWS_ACCESS_KEY_ID=id\r\naws_secret_access_key=s\r\n");
  environment_["AWS_SHARED_CREDENTIALS_FILE"] = "~/keys";
  auto fetched = profile("");
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials.access_key_id, "id");
}

TEST_F(ProfileFiles, KeysThatWereReplacedInTheFileAreFound) {
  write(".aws/credentials", "[default]\naws_access_key_id=old\naws_secret_access_key=s\n");
  auto source = make_profile_source(services, {.environment = environment_});
  EXPECT_EQ(fetch(*source)->credentials.access_key_id, "old");
  write(".aws/credentials", "[default]\naws_access_key_id=new\naws_secret_access_key=s\n");
  EXPECT_EQ(fetch(*source)->credentials.access_key_id, "new");
}

TEST_F(ProfileFiles, ABrokenFileStopsTheChainAndNamesTheLine) {
  write(".aws/credentials", "[default]\naws_secret_access_key s3cret\n");
  const auto error = anything().error();
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_THAT(error.message, HasSubstr("line 2"));
  EXPECT_THAT(error.message, Not(HasSubstr("s3cret")));
}

TEST_F(ProfileFiles, KeysThatGoOnInTheNextLineAreRefused) {
  write(".aws/credentials",
        "[default]\naws_access_key_id = id\n  aws_secret_access_key = s3cret\n");
  const auto error = anything().error();
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_THAT(error.message, HasSubstr("take their indentation off"));
  EXPECT_THAT(error.message, Not(HasSubstr("s3cret")));
}

TEST_F(ProfileFiles, WhereNothingIsFoundEveryPlaceIsNamed) {
  const auto error = anything().error();
  EXPECT_EQ(error.code, ErrorCode::unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("AWS_ACCESS_KEY_ID is not set"));
  EXPECT_THAT(error.message, HasSubstr(directory_.string() + "/.aws/credentials"));
  EXPECT_THAT(error.message, HasSubstr("profile 'default'"));
}

TEST_F(ProfileFiles, ANamedProfileGoesBeforeTheEnvironment) {
  write(".aws/credentials", "[p]\naws_access_key_id=from-profile\naws_secret_access_key=s\n");
  environment_["AWS_ACCESS_KEY_ID"] = "from-environment";
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(anything("p")->credentials.access_key_id, "from-profile");
  EXPECT_EQ(anything()->credentials.access_key_id, "from-environment");
}

// ----- Roles of profiles -----

constexpr const char* roles = R"([profile keys]
aws_access_key_id = base-id
aws_secret_access_key = base-s3cret
[profile first]
role_arn = arn:aws:iam::1:role/first
source_profile = keys
[profile second]
role_arn = arn:aws:iam::2:role/second
source_profile = first
external_id = of+customer
role_session_name = me@work
duration_seconds = 3600
region = eu-west-1
)";

TEST_F(ProfileFiles, ARoleIsAssumedWithTheKeysOfAnotherProfile) {
  write(".aws/config", roles);
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T13:00:00Z")));
  auto fetched = profile("first");
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials, (Credentials{"role-id", "role-s3cret", "role-t0ken"}));
  EXPECT_EQ(fetched->lifetime, std::chrono::hours(1));
  ASSERT_EQ(transport.asked.size(), 1u);
  EXPECT_EQ(transport.asked[0].origin.url(), "https://sts.us-east-1.amazonaws.com:443");
  EXPECT_EQ(transport.asked[0].request.method, "POST");
  EXPECT_THAT(transport.asked[0].header("Authorization"),
              HasSubstr("Credential=base-id/20261123/us-east-1/sts/aws4_request"));
  EXPECT_EQ(transport.asked[0].body,
            "Version=2011-06-15&Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Ffirst"
            "&RoleSessionName=dth-1795435200");
}

TEST_F(ProfileFiles, ARoleMayBeAssumedWithARole) {
  write(".aws/config", roles);
  transport.script.push_back(answer(200, sts_answer("first-id", "2026-11-23T13:00:00Z")));
  transport.script.push_back(answer(200, sts_answer("second-id", "2026-11-23T13:00:00Z")));
  auto fetched = profile("second");
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials.access_key_id, "second-id");
  ASSERT_EQ(transport.asked.size(), 2u);
  EXPECT_THAT(transport.asked[0].header("Authorization"), HasSubstr("Credential=base-id/"));
  EXPECT_THAT(transport.asked[1].header("Authorization"),
              HasSubstr("Credential=first-id/20261123/eu-west-1/sts/"));
  EXPECT_EQ(transport.asked[1].header("X-Amz-Security-Token"), "role-t0ken");
  EXPECT_EQ(transport.asked[1].origin.host, "sts.eu-west-1.amazonaws.com");
  EXPECT_THAT(transport.asked[1].body,
              AllOf(HasSubstr("&RoleSessionName=me%40work"), HasSubstr("&DurationSeconds=3600"),
                    HasSubstr("&ExternalId=of%2Bcustomer")));
}

TEST_F(ProfileFiles, AProfileMayAssumeItsRoleWithItsOwnKeys) {
  write(".aws/credentials",
        "[p]\nrole_arn = arn:aws-cn:iam::1:role/r\nsource_profile = p\naws_access_key_id = "
        "own\naws_secret_access_key = s\n");
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T13:00:00Z")));
  ASSERT_TRUE(profile("p"));
  EXPECT_THAT(transport.asked[0].header("Authorization"),
              HasSubstr("Credential=own/20261123/cn-north-1/sts/"));
  EXPECT_EQ(transport.asked[0].origin.host, "sts.cn-north-1.amazonaws.com.cn");
}

TEST_F(ProfileFiles, TheEnvironmentMayAssumeARoleAndIsNoSubstituteForIt) {
  write(".aws/config",
        "[profile p]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Environment\n");
  EXPECT_EQ(profile("p").error().code, ErrorCode::invalid_argument);
  environment_["AWS_ACCESS_KEY_ID"] = "environment-id";
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T13:00:00Z")));
  EXPECT_EQ(profile("p")->credentials.access_key_id, "role-id");
  EXPECT_THAT(transport.asked[0].header("Authorization"), HasSubstr("Credential=environment-id/"));
}

TEST_F(ProfileFiles, AWebIdentityOfAProfile) {
  write("token", "eyJhbGciOiJub25lIn0.e30.the-web-t0ken\n");
  write(".aws/config", "[default]\nrole_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = " +
                           (directory_ / "token").string() + "\n");
  transport.script.push_back(answer(200, sts_answer("role-id", "2026-11-23T13:00:00Z")));
  EXPECT_EQ(anything()->credentials.access_key_id, "role-id");
  EXPECT_EQ(transport.asked[0].header("Authorization"), "(none)");
  EXPECT_THAT(transport.asked[0].body, AllOf(HasSubstr("&Action=AssumeRoleWithWebIdentity"),
                                             HasSubstr("=eyJhbGciOiJub25lIn0.e30.the-web-t0ken")));
}

TEST_F(ProfileFiles, AFileThatHoldsNoTokenIsNotSent) {
  write(".aws/config", "[default]\nrole_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = " +
                           (directory_ / "token").string() + "\n");
  for (const char* text :
       {"", "root:x:0:0", "c2VjcmV0", "eyJ.a", "eyJ..b", "eyJ.a.b\nmore", "eyJ.a.b c"}) {
    write("token", text);
    const auto refused = anything();
    ASSERT_TRUE(refused.has_error()) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument) << text;
    EXPECT_THAT(refused.error().to_string(), ::testing::Not(HasSubstr("c2VjcmV0")));
  }
  EXPECT_TRUE(transport.asked.empty());
}

TEST_F(ProfileFiles, APipeIsNotWaitedFor) {
  const std::string pipe = (directory_ / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  write(".aws/config",
        "[default]\nrole_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = " + pipe + "\n");
  EXPECT_THAT(anything().error().message, HasSubstr("not a regular file"));
}

TEST_F(ProfileFiles, WhatCannotWorkSaysWhy) {
  const std::pair<const char*, const char*> cases[] = {
      {"role_arn = arn:aws:iam::1:role/r\n", "neither source_profile nor credential_source"},
      {"role_arn = arn:aws:iam::1:role/r\nsource_profile = b\ncredential_source = Environment\n",
       "has both"},
      {"role_arn = arn:aws:iam::1:role/r\ncredential_source = Elsewhere\n",
       "credential_source that is not"},
      {"role_arn = arn:aws:iam::1:role/r\nsource_profile = missing\n", "'missing'"},
      {"role_arn = arn:aws:iam::1:role/r\nsource_profile = b\n", "leads to itself"},
      {"role_arn = arn:aws:iam::1:role/r\nsource_profile = b\nmfa_serial = arn\n",
       "get-session-token"},
      {"role_arn = arn:aws:iam::1:role/r\nsource_profile = b\nduration_seconds = 60\n",
       "900 to 43200"},
      {"role_arn = arn:other:iam::1:role/r\nsource_profile = b\n", "of no AWS partition"},
      {"sso_session = company\n", "aws configure export-credentials --profile a"},
      {"aws_access_key_id = id\n", "only one of"},
  };
  for (const auto& [settings, words] : cases) {
    write(".aws/config", std::string("[profile a]\n") + settings +
                             "[profile b]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = a\n");
    const Error error = profile("a").error();
    EXPECT_EQ(error.code, ErrorCode::invalid_argument) << error.to_string();
    EXPECT_THAT(error.message, AllOf(HasSubstr(words), HasSubstr("profile '")));
  }
  EXPECT_TRUE(transport.asked.empty());
}

// ----- Order -----

TEST_F(ProfileFiles, PlacesAreAskedInTheirOrder) {
  write("token", "eyJhbGciOiJub25lIn0.e30.web");
  write(".aws/credentials", "[default]\naws_access_key_id=of-profile\naws_secret_access_key=s\n");
  environment_ = {{"HOME", directory_.string()},
                  {"AWS_ACCESS_KEY_ID", "of-environment"},
                  {"AWS_SECRET_ACCESS_KEY", "s"},
                  {"AWS_WEB_IDENTITY_TOKEN_FILE", (directory_ / "token").string()},
                  {"AWS_ROLE_ARN", "arn:aws:iam::1:role/web"},
                  {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/container"}};
  EXPECT_EQ(anything()->credentials.access_key_id, "of-environment");
  environment_.erase("AWS_ACCESS_KEY_ID");
  environment_.erase("AWS_SECRET_ACCESS_KEY");
  transport.script.push_back(answer(200, sts_answer("of-web-identity", "2026-11-23T13:00:00Z")));
  EXPECT_EQ(anything()->credentials.access_key_id, "of-web-identity");
  environment_.erase("AWS_WEB_IDENTITY_TOKEN_FILE");
  EXPECT_EQ(anything()->credentials.access_key_id, "of-profile");
  std::filesystem::remove(directory_ / ".aws/credentials");
  transport.script.push_back(
      answer(200, R"({"AccessKeyId":"of-container","SecretAccessKey":"s","Token":"t"})"));
  EXPECT_EQ(anything()->credentials.access_key_id, "of-container");
  environment_.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  transport.asked.clear();
  transport.script = {
      answer(200, "session"), answer(200, "a-role"),
      answer(
          200,
          R"({"Code":"Success","AccessKeyId":"of-instance","SecretAccessKey":"s","Token":"t"})")};
  EXPECT_EQ(anything()->credentials.access_key_id, "of-instance");
  EXPECT_EQ(transport.asked.size(), 3u);
}

TEST_F(ProfileFiles, HalfAWebIdentityIsAnError) {
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
  EXPECT_THAT(anything().error().message, HasSubstr("AWS_ROLE_ARN is not"));
}

}  // namespace
}  // namespace dth::aws
