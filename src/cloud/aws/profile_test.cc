// Files as AWS's tools read them, and what is taken from them beyond credentials.
#include "cloud/aws/profile.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cloud/aws/configuration.h"

namespace dth::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

ProfileFileContent config(std::string_view text) {
  auto content = parse_profiles(text, ProfileFile::config);
  EXPECT_TRUE(content) << content.error().to_string();
  return content.has_value() ? std::move(*content) : ProfileFileContent{};
}

// Each is one profile "p" with a region and a key id.
TEST(ProfileForms, EveryFormOfOneProfile) {
  for (const std::string_view text : {
           "[profile p]\nregion = r\naws_access_key_id = id\n",
           "[profile p]\n  region = r\n  aws_access_key_id = id\n",
           "\t[profile p]\n\tregion = r\n\taws_access_key_id = id",
           "    [profile p]\nregion = r\naws_access_key_id = id",
           "[profile p]\r\nregion=r\r\naws_access_key_id=id\r\n",
           "[profile p]\rregion=r\raws_access_key_id=id\r",
           "\xef\xbb\xbf[profile p]\nregion=r\naws_access_key_id=id\n",
           "[profile p]\nregion: r\naws_access_key_id : id\n",
           "[profile p] # mine\n# region = x\n  ; region = y\nregion = r\naws_access_key_id = id\n",
           "[profile p]\nregion\t=\tr\nAWS_ACCESS_KEY_ID = id\n",
           "[profile \"p\"]\nregion = r\naws_access_key_id = id\n",
           "[profile 'p']\nregion = r\naws_access_key_id = id\n",
           "[profile\tp]\nregion = r\n\n\naws_access_key_id = id\n",
           "[ profile  p ]\nregion = r\naws_access_key_id = id\n",
           "[profile p]\nregion = r\n[profile p]\naws_access_key_id = id\n",
           "[profile p]\nregion = x\nregion = r\naws_access_key_id = id\n",
           "[DEFAULT]\nregion = r\naws_access_key_id = x\n[profile p]\naws_access_key_id = id\n",
           "[profile p]\nregion = r # near\naws_access_key_id = id ; mine\n",
       }) {
    const ProfileFileContent content = config(text);
    ASSERT_EQ(content.profiles.size(), 1u) << text;
    ASSERT_TRUE(content.profiles.contains("p")) << text;
    const Profile profile{"p", content.profiles.at("p"), {}, ""};
    EXPECT_EQ(profile.get("region"), "r") << text;
    EXPECT_EQ(profile.get("aws_access_key_id"), "id") << text;
    EXPECT_EQ(profile.settings.size(), 2u) << text;
  }
}

TEST(ProfileForms, ValuesKeepWhatBelongsToThem) {
  const ProfileFileContent content = config(
      "[profile p]\naws_secret_access_key = a/b+c#d;e=f:g\ncredential_process = sh -c \"a ; b # "
      "c\"\nsso_start_url = https://x/#/y\nempty =\n"
      "more = one\n  two\n\n  three\n");
  const Profile profile{"p", content.profiles.at("p"), {}, ""};
  EXPECT_EQ(profile.get("aws_secret_access_key"), "a/b+c#d;e=f:g");
  EXPECT_EQ(profile.get("credential_process"), "sh -c \"a ; b # c\"");
  EXPECT_EQ(profile.get("sso_start_url"), "https://x/#/y");
  EXPECT_EQ(profile.get("empty"), "");
  EXPECT_EQ(profile.get("more"), "one\ntwo\nthree");
}

TEST(ProfileForms, NestedBlocks) {
  for (const std::string_view text : {
           "[profile p]\ns3 =\n  endpoint_url = http://a:1\n  max_concurrent_requests = 20\nregion "
           "= r\n",
           "[profile p]\n  s3 =\n      endpoint_url = http://a:1\n\n      # not this\n      "
           "max_concurrent_requests=20\n  region = r\n",
           "[profile "
           "p]\r\ns3=\r\n\tendpoint_url=http://a:1\r\n\tmax_concurrent_requests=20\r\nregion=r\r\n",
           "[profile p]\ns3 = # a private one\n  endpoint_url = http://a:1 # here\n  "
           "max_concurrent_requests = 20\nregion = r",
       }) {
    EXPECT_THAT(config(text).profiles.at("p"),
                UnorderedElementsAre(Pair("s3", ""), Pair("s3.endpoint_url", "http://a:1"),
                                     Pair("s3.max_concurrent_requests", "20"), Pair("region", "r")))
        << text;
  }
}

TEST(ProfileForms, OnlyProfilesAndServicesAreTaken) {
  const ProfileFileContent content = config(
      "[default]\nregion = d\n[sso-session x]\nwhatever\n[services mine]\ns3 =\n  endpoint_url = "
      "http://a:1\n[plugins]\n  a = b\n[profile two words]\n");
  EXPECT_THAT(content.profiles,
              UnorderedElementsAre(Pair("default", UnorderedElementsAre(Pair("region", "d"))),
                                   Pair("two words", ProfileSettings{})));
  EXPECT_EQ(content.services.at("mine").at("s3.endpoint_url"), "http://a:1");
}

TEST(ProfileForms, MalformedLinesAreRefusedByTheirNumber) {
  for (const auto& [text, line] : {std::pair{"[default\n", "line 1"},
                                   {"\nkey = s3cret\n", "line 2"},
                                   {"[default]\ns3cret\n", "line 2"},
                                   {"[default]\n= s3cret\n", "line 2"},
                                   {"[default]\ns3 =\n  s3cret\n", "line 2"}}) {
    const auto error = parse_profiles(text, ProfileFile::credentials).error();
    EXPECT_EQ(error.code, ErrorCode::invalid_argument) << text;
    EXPECT_THAT(error.message, AllOf(HasSubstr(line), Not(HasSubstr("s3cret")))) << text;
  }
}

// Files in a directory of their own.
class AwsConfiguration : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "dth-configuration-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    std::filesystem::create_directory(directory_ / ".aws");
    environment_["HOME"] = directory_.string();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(const std::string& text, const std::string& file = ".aws/config") {
    std::ofstream(directory_ / file) << text;
  }
  std::string endpoint(const std::string& profile = "", std::string_view service = "s3") {
    auto found = configured_endpoint_url(environment_, profile, service);
    return found.has_value() ? found->value : found.error().to_string();
  }

  std::filesystem::path directory_;
  Environment environment_;
};

TEST_F(AwsConfiguration, EndpointsInTheOrderOfAwssDocuments) {
  EXPECT_EQ(endpoint(), "");
  write(
      "[default]\nendpoint_url = http://profile\nservices = mine\n[services mine]\nsts =\n  "
      "endpoint_url = http://sts-section\ns3 =\n"
      "  endpoint_url = http://section\n");
  EXPECT_EQ(endpoint(), "http://section");
  EXPECT_EQ(endpoint("", "sts"), "http://sts-section");
  environment_["AWS_ENDPOINT_URL"] = "http://all";
  EXPECT_EQ(endpoint(), "http://all");
  environment_["AWS_ENDPOINT_URL_S3"] = "http://s3";
  EXPECT_EQ(endpoint(), "http://s3");
  EXPECT_EQ(endpoint("", "sts"), "http://all");
  EXPECT_EQ(configured_endpoint_url(environment_, "", "s3")->from, "AWS_ENDPOINT_URL_S3");
  EXPECT_EQ(endpoint("default"), "http://section")
      << "a profile that was named by hand goes before the environment";
}

TEST_F(AwsConfiguration, EndpointsOfAProfile) {
  write(
      "[default]\n[profile plain]\nendpoint_url = http://plain\n[profile nested]\ns3 =\n  "
      "endpoint_url = http://nested\n"
      "[profile dangling]\nservices = nowhere\n[profile none]\nregion = r\n");
  EXPECT_EQ(endpoint(), "");
  EXPECT_EQ(endpoint("plain"), "http://plain");
  EXPECT_EQ(endpoint("nested"), "http://nested");
  EXPECT_THAT(endpoint("dangling"), HasSubstr("'nowhere', which is not there"));
  EXPECT_THAT(endpoint("missing"), HasSubstr("there is no profile 'missing'"));
  environment_["AWS_ENDPOINT_URL"] = "http://all";
  EXPECT_EQ(endpoint("none"), "http://all");
  environment_.erase("AWS_ENDPOINT_URL");
  environment_["AWS_DEFAULT_PROFILE"] = "nested";
  EXPECT_EQ(endpoint(), "http://nested");
  environment_["AWS_PROFILE"] = "plain";
  EXPECT_EQ(endpoint(), "http://plain");
  environment_["AWS_PROFILE"] = "missing";
  EXPECT_EQ(endpoint(), "") << "nobody named it for this program";
}

TEST_F(AwsConfiguration, ConfiguredEndpointsMayBeIgnored) {
  write("[default]\nendpoint_url = http://profile\nignore_configured_endpoint_urls = True\n");
  environment_["AWS_ENDPOINT_URL_S3"] = "http://s3";
  EXPECT_EQ(endpoint(), "");
  environment_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false";
  EXPECT_EQ(endpoint(), "http://s3");
  environment_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
  EXPECT_EQ(endpoint("default"), "");
}

TEST_F(AwsConfiguration, AuthoritiesAndRegions) {
  EXPECT_EQ(configured_ca_bundle(environment_, "")->value, "");
  write("[default]\nca_bundle = /of/profile\nregion = of-profile\n");
  EXPECT_EQ(configured_ca_bundle(environment_, "")->value, "/of/profile");
  EXPECT_EQ(configured_region(environment_, "")->value, "of-profile");
  environment_["AWS_CA_BUNDLE"] = "/of/environment";
  environment_["AWS_DEFAULT_REGION"] = "default";
  EXPECT_EQ(configured_ca_bundle(environment_, "")->from, "AWS_CA_BUNDLE");
  EXPECT_EQ(configured_region(environment_, "")->value, "default");
  environment_["AWS_REGION"] = "first";
  EXPECT_EQ(configured_region(environment_, "")->value, "first");
  EXPECT_EQ(configured_region(environment_, "default")->value, "of-profile");
  EXPECT_EQ(configured_ca_bundle(environment_, "default")->value, "/of/profile");
}

// A directory is not readable by anybody, root or not.
TEST_F(AwsConfiguration, FilesThatCannotBeReadAreCalledSo) {
  std::filesystem::create_directory(directory_ / ".aws/config");
  for (const std::string& told :
       {endpoint(), configured_region(environment_, "").error().to_string(),
        load_profile(environment_, "").error().to_string()}) {
    EXPECT_THAT(told, AllOf(HasSubstr("cannot read " + directory_.string() + "/.aws/config"),
                            Not(HasSubstr("there is no"))))
        << told;
  }
  environment_["AWS_REGION"] = "known";
  EXPECT_EQ(configured_region(environment_, "")->value, "known") << "which asks for no file";
}

TEST_F(AwsConfiguration, FilesWithoutPermissionAreCalledUnreadable) {
  write("[default]\n");
  for (const auto& folder : {directory_, directory_ / ".aws"}) ::chmod(folder.c_str(), 0755);
  ::chmod((directory_ / ".aws/config").c_str(), 0);
  constexpr uid_t nobody = 65534;
  const uid_t us = ::geteuid();  // root reads everything
  if (us == 0) {
    ASSERT_EQ(::seteuid(nobody), 0);
  }
  const std::string told = endpoint();
  ASSERT_EQ(::seteuid(us), 0);
  EXPECT_THAT(told, HasSubstr("Permission denied"));
}

TEST_F(AwsConfiguration, PlacesOfFiles) {
  write("[default]\nendpoint_url = http://elsewhere\n", "mine");
  for (const std::string& place : {std::string("~/mine"), std::string("$HOME/mine"),
                                   std::string("${HOME}/mine"), directory_.string() + "/mine"}) {
    environment_["AWS_CONFIG_FILE"] = place;
    EXPECT_EQ(endpoint(), "http://elsewhere") << place;
  }
  environment_["AWS_CONFIG_FILE"] = directory_.string() + "/not-there";
  EXPECT_EQ(endpoint(), "");
  environment_["AWS_CONFIG_FILE"] = "/dev/null";
  EXPECT_EQ(endpoint(), "");
}

}  // namespace
}  // namespace dth::aws
