#include "client/contexts.h"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/ids.h"

namespace dth::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ContextsTest : public ::testing::Test {
 protected:
  ContextsTest()
      : directory_(std::filesystem::temp_directory_path() / ("dth-contexts." + random_name())) {}
  ~ContextsTest() override { std::filesystem::remove_all(directory_); }

  static ::mode_t mode_of(const std::string& path) {
    struct ::stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 0777;
  }
  static void write(const std::string& path, const std::string& text, ::mode_t mode = 0600) {
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
  }

  const std::filesystem::path directory_;
  ContextStore store_{directory_ / "dth"};
  const Context prod_{"https://hub.example.org", ""};
};

TEST_F(ContextsTest, NothingIsThereAtFirst) {
  EXPECT_TRUE(store_.read()->by_name.empty());
  EXPECT_FALSE(store_.token("prod", prod_.url)->has_value());
  EXPECT_FALSE(std::filesystem::exists(directory_)) << "reading makes nothing";
}

TEST_F(ContextsTest, TheFirstOneIsTheCurrentOne) {
  ASSERT_TRUE(store_.add("prod", prod_).has_value());
  ASSERT_TRUE(store_.add("test", {"https://test.example.org", "/ca: \"x\".pem"}).has_value());
  auto contexts = store_.read();
  EXPECT_EQ(contexts->current, "prod");
  EXPECT_EQ(contexts->by_name.at("test").ca_bundle, "/ca: \"x\".pem");
  EXPECT_EQ(store_.add("prod", prod_).error().code, ErrorCode::already_exists);
  ASSERT_TRUE(store_.use("test").has_value());
  EXPECT_EQ(store_.read()->current, "test");
  ASSERT_TRUE(store_.remove("test").has_value());
  EXPECT_EQ(store_.read()->current, "");
  EXPECT_EQ(store_.use("test").error().code, ErrorCode::not_found);
}

TEST_F(ContextsTest, FilesAreOfTheirOwnerOnly) {
  ASSERT_TRUE(store_.add("prod", prod_).has_value());
  ASSERT_TRUE(store_.keep_token("prod", {"dth_token_x", "token_1", prod_.url}).has_value());
  EXPECT_EQ(mode_of(store_.file()), 0600u);
  EXPECT_EQ(mode_of(store_.token_file()), 0600u);
  EXPECT_EQ(mode_of((directory_ / "dth").string()), 0700u);
}

TEST_F(ContextsTest, ATokenIsForTheAddressThatGaveIt) {
  ASSERT_TRUE(store_.keep_token("prod", {"dth_token_x", "token_1", prod_.url}).has_value());
  EXPECT_EQ((*store_.token("prod", prod_.url))->secret, "dth_token_x");
  EXPECT_EQ((*store_.token("prod", prod_.url))->id, "token_1");
  EXPECT_FALSE(store_.token("prod", "https://other.example.org")->has_value());
  ASSERT_TRUE(store_.forget_token("prod").has_value());
  EXPECT_FALSE(store_.token("prod", prod_.url)->has_value());
}

TEST_F(ContextsTest, TokensThatOthersReadAreNotUsed) {
  ASSERT_TRUE(store_.keep_token("prod", {"dth_token_x", "", prod_.url}).has_value());
  ::chmod(store_.token_file().c_str(), 0640);
  auto token = store_.token("prod", prod_.url);
  ASSERT_TRUE(token.has_error());
  EXPECT_THAT(token.error().message, HasSubstr("chmod 600"));
}

TEST_F(ContextsTest, DamagedFilesAreNamedAndShowNoToken) {
  std::filesystem::create_directories(directory_ / "dth");
  write(store_.token_file(), "prod: {token: [dth_token_secret");
  auto token = store_.token("prod", prod_.url);
  ASSERT_TRUE(token.has_error());
  EXPECT_THAT(token.error().to_string(), HasSubstr("tokens.yaml:1"));
  EXPECT_THAT(token.error().to_string(), Not(HasSubstr("secret")));
  for (const char* text : {"[]", "word", "a: b: c"}) {
    write(store_.file(), text);
    EXPECT_EQ(store_.read().error().code, ErrorCode::data_corrupted) << text;
  }
  // Values of other types than expected are as good as missing.
  write(store_.file(), "current: [x]\ncontexts: {a: 1, b: {url: [x]}, [c]: {}}\n");
  EXPECT_EQ(store_.read()->by_name.at("b").url, "");
}

TEST_F(ContextsTest, NamesThatLookLikeSomethingElseAreRefused) {
  for (const char* name : {"", "a b", "https://x", "-x", "a/b", "ü"})
    EXPECT_EQ(store_.add(name, prod_).error().code, ErrorCode::invalid_argument) << name;
}

TEST_F(ContextsTest, SeveralProcessesLoseNothingOfEachOther) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      const KeptToken token{"secret" + std::to_string(i), "", prod_.url};
      EXPECT_TRUE(store_.keep_token("c" + std::to_string(i), token).has_value());
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 8; ++i)
    EXPECT_TRUE(store_.token("c" + std::to_string(i), prod_.url)->has_value()) << i;
}

}  // namespace
}  // namespace dth::client
