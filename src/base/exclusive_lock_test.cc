#include "base/exclusive_lock.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/ids.h"

namespace dth {
namespace {

class ExclusiveLockTest : public testing::Test {
 protected:
  ExclusiveLockTest() { std::filesystem::create_directory(directory_); }
  ~ExclusiveLockTest() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) { return (directory_ / name).string(); }
  std::string text_of(const std::string& name) {
    std::ifstream file(path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / new_id("locktest");
  const LockedThing thing_{.name = "the thing", .advice = "wait for it"};
};

TEST_F(ExclusiveLockTest, OneAtATime) {
  auto first = ExclusiveLock::take(path("lock"), thing_);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(ExclusiveLock::take(path("lock"), thing_).error().code, ErrorCode::already_exists);
  EXPECT_TRUE(ExclusiveLock::is_held(path("lock"), thing_).value());
  first->reset();
  EXPECT_TRUE(ExclusiveLock::take(path("lock"), thing_).has_value());
}

TEST_F(ExclusiveLockTest, LinksAndOtherFilesAreLeftAlone) {
  const std::string kept = "what somebody keeps here is longer than a process id";
  std::ofstream(path("victim")) << kept;
  std::filesystem::create_symlink(path("victim"), path("link"));
  std::filesystem::create_symlink(path("nothing"), path("dangling"));
  std::filesystem::create_hard_link(path("victim"), path("name"));
  std::ofstream(path("other")) << kept;
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  for (const char* name : {"link", "dangling", "name", "other", "pipe"}) {
    EXPECT_EQ(ExclusiveLock::take(path(name), thing_).error().code, ErrorCode::permission_denied)
        << name;
  }
  EXPECT_EQ(text_of("victim"), kept);
  EXPECT_EQ(text_of("other"), kept);
  EXPECT_FALSE(std::filesystem::exists(path("nothing")));
}

}  // namespace
}  // namespace dth
