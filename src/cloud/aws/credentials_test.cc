#include "cloud/aws/credentials.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cloud/aws/profile.h"

namespace dth::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

Async<void> get_into(CredentialProvider* provider, std::optional<Result<std::shared_ptr<const Credentials>>>* out) {
  out->emplace(co_await provider->get());
}

Result<std::shared_ptr<const Credentials>> get(CredentialProvider& provider) {
  boost::asio::io_context context;
  std::optional<Result<std::shared_ptr<const Credentials>>> result;
  boost::asio::co_spawn(context, get_into(&provider, &result), [](std::exception_ptr) {});
  context.run();
  return std::move(*result);
}

class ProfileFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "dth-profile-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    std::filesystem::create_directory(directory_ / ".aws");
    environment_["HOME"] = directory_.string();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(const std::string& file, const std::string& text) { std::ofstream(directory_ / file) << text; }

  std::filesystem::path directory_;
  Environment environment_;
};

TEST(credentials, of_the_environment) {
  auto provider = make_environment_provider(
      {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "s3cret"}, {"AWS_SESSION_TOKEN", "token"}});
  auto credentials = get(*provider);
  ASSERT_TRUE(credentials);
  EXPECT_EQ((*credentials)->access_key_id, "id");
  EXPECT_EQ((*credentials)->secret_access_key, "s3cret");
  EXPECT_EQ((*credentials)->session_token, "token");
  EXPECT_EQ(get(*provider)->get(), credentials->get());
}

TEST(credentials, half_an_environment_is_an_error_without_the_secret) {
  auto provider = make_environment_provider({{"AWS_SECRET_ACCESS_KEY", "s3cret"}});
  const auto error = get(*provider).error();
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_THAT(error.to_string(), HasSubstr("AWS_ACCESS_KEY_ID"));
  EXPECT_THAT(error.to_string(), Not(HasSubstr("s3cret")));
}

TEST(credentials, anonymous_has_no_key) { EXPECT_TRUE((*get(*make_anonymous_provider()))->anonymous()); }

TEST_F(ProfileFiles, both_files_are_merged_and_keys_win_from_credentials) {
  write(".aws/config",
        "[default]\nregion=eu-west-1\n[profile work]\nregion = ap-south-1 # near\naws_access_key_id=old\n");
  write(".aws/credentials", "# mine\n[work]\naws_access_key_id = new\naws_secret_access_key = a/b+c#d\n");
  environment_["AWS_PROFILE"] = "work";
  auto credentials = get(*make_profile_provider(environment_, ""));
  ASSERT_TRUE(credentials) << credentials.error().to_string();
  EXPECT_EQ((*credentials)->access_key_id, "new");
  EXPECT_EQ((*credentials)->secret_access_key, "a/b+c#d");
  EXPECT_EQ(default_region(environment_, ""), "ap-south-1");
  EXPECT_EQ(default_region(environment_, "default"), "eu-west-1");
  environment_["AWS_REGION"] = "us-west-2";
  EXPECT_EQ(default_region(environment_, ""), "us-west-2");
}

TEST_F(ProfileFiles, files_elsewhere) {
  write("keys", "[default]\r\nAWS_ACCESS_KEY_ID=id\r\naws_secret_access_key=s\r\n");
  environment_["AWS_SHARED_CREDENTIALS_FILE"] = "~/keys";
  auto credentials = get(*make_profile_provider(environment_, ""));
  ASSERT_TRUE(credentials) << credentials.error().to_string();
  EXPECT_EQ((*credentials)->access_key_id, "id");
}

TEST_F(ProfileFiles, an_unsupported_source_is_named) {
  write(".aws/config", "[profile role]\nrole_arn = arn:aws:iam::1:role/x\n");
  EXPECT_THAT(get(*make_profile_provider(environment_, "role")).error().message, HasSubstr("role_arn"));
}

TEST_F(ProfileFiles, a_broken_file_stops_the_chain_and_names_the_line) {
  write(".aws/credentials", "[default]\naws_secret_access_key s3cret\n");
  const auto error = get(*make_default_provider(environment_, "")).error();
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_THAT(error.message, HasSubstr("line 2"));
  EXPECT_THAT(error.message, Not(HasSubstr("s3cret")));
}

TEST_F(ProfileFiles, where_nothing_is_found_every_place_is_named) {
  const auto error = get(*make_default_provider(environment_, "")).error();
  EXPECT_EQ(error.code, ErrorCode::unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("AWS_ACCESS_KEY_ID is not set"));
  EXPECT_THAT(error.message, HasSubstr(directory_.string() + "/.aws/credentials"));
  EXPECT_THAT(error.message, HasSubstr("profile 'default'"));
}

TEST_F(ProfileFiles, a_named_profile_goes_before_the_environment) {
  write(".aws/credentials", "[p]\naws_access_key_id=from-profile\naws_secret_access_key=s\n");
  environment_["AWS_ACCESS_KEY_ID"] = "from-environment";
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ((*get(*make_default_provider(environment_, "p")))->access_key_id, "from-profile");
  EXPECT_EQ((*get(*make_default_provider(environment_, "")))->access_key_id, "from-environment");
}

TEST(profiles, comments_nesting_and_quoted_names) {
  auto sections = parse_profiles(
      "; a comment\n\n[profile \"two words\"]\ns3 =\n  max_concurrent_requests = 20\nregion = r ; why not\n"
      "[sso-session x]\nwhatever\n",
      ProfileFile::config);
  ASSERT_TRUE(sections) << sections.error().to_string();
  ASSERT_EQ(sections->size(), 1u);
  const auto& settings = sections->at("two words");
  EXPECT_EQ(settings.at("region"), "r");
  EXPECT_FALSE(settings.contains("max_concurrent_requests"));
}

TEST(profiles, malformed_lines_are_refused) {
  for (const char* text : {"[default\n", "key = value\n", "[default]\nkey\n", "[default]\n= value\n"}) {
    EXPECT_EQ(parse_profiles(text, ProfileFile::credentials).error().code, ErrorCode::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace dth::aws
