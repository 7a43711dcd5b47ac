#include "objects/file/file_client.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "objects/file/testing/directory_under_test.h"

namespace dth::objects::file {
namespace {

namespace fs = std::filesystem;

class FileClientTest : public ::testing::Test {
 protected:
  FileClientTest() {
    std::string pattern = (fs::temp_directory_path() / "dth-file-client-XXXXXX").string();
    top_ = ::mkdtemp(pattern.data());
    fs::create_directories(top_ / "root/a/deep");
    fs::create_directories(top_ / "other");
    std::ofstream(top_ / "root/a/one") << "1";
    std::ofstream(top_ / "root/a/two") << "22";
    fs::create_directory_symlink(top_ / "other", top_ / "root/link");
  }
  ~FileClientTest() override { fs::remove_all(top_); }

  Result<LevelPage> level(LevelRequest request) {
    auto client = make_file_client((top_ / "root").string(), true,
                                   {context_.get_executor(), blocking_, clock_, counters_}, {});
    return run_for_test(context_, client->list_level(std::move(request)));
  }
  static std::string names(const Result<LevelPage>& page) {
    std::string names;
    for (const LevelEntry& entry : page->entries) names += entry.object.key + " ";
    return names;
  }

  fs::path top_;
  boost::asio::io_context context_{1};
  InlineExecutor blocking_;
  SystemClock clock_;
  RequestCounters counters_;
};

TEST_F(FileClientTest, LevelsAreListedByPagesAndLinksAreNotFollowed) {
  EXPECT_EQ(names(level({.bucket = ""})), "a/ ");
  const auto first = level({.bucket = "", .prefix = "a/", .page_size = 2});
  ASSERT_TRUE(first.has_value()) << first.error().to_string();
  EXPECT_EQ(names(first), "a/deep/ a/one ");
  EXPECT_TRUE(first->entries[0].is_prefix);
  EXPECT_EQ(first->entries[1].object.size.value(), 1u);
  const auto second =
      level({.bucket = "", .prefix = "a/", .token = first->next_token, .page_size = 2});
  EXPECT_EQ(names(second), "a/two ");
  EXPECT_EQ(second->next_token, "");
  EXPECT_EQ(names(level({.bucket = "", .prefix = "a/t"})), "a/two ");
}

TEST_F(FileClientTest, StoreOfADirectoryIsOpenedOnce) {
  auto client =
      make_file_client("", true, {context_.get_executor(), blocking_, clock_, counters_}, {});
  ObjectStore* const store = client->open_bucket((top_ / "root").string()).value();
  EXPECT_EQ(client->open_bucket((top_ / "root").string()).value(), store);
}

TEST_F(FileClientTest, NothingOutsideOfTheRootIsReached) {
  for (const char* prefix : {"../", "a/../../other/", "link/", "/etc/", "nowhere/"})
    EXPECT_TRUE(level({.bucket = "", .prefix = prefix}).has_error()) << prefix;
  const std::string root = (top_ / "root").string();
  EXPECT_TRUE(check_within(root, root).has_value());
  EXPECT_TRUE(check_within(root + "/a/new", root + "/").has_value());
  EXPECT_TRUE(check_within("/anywhere", "").has_value());
  for (const std::string& outside :
       {root + "/../other", root + "-2", root + "/link", top_.string()})
    EXPECT_TRUE(check_within(outside, root).has_error()) << outside;
}

}  // namespace
}  // namespace dth::objects::file
