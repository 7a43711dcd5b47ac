#include "objects/file/tree.h"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "objects/file/testing/directory_under_test.h"

namespace dth::objects::file {
namespace {

namespace fs = std::filesystem;

class TreeTest : public testing::Test {
 protected:
  TreeTest() {
    fs::create_directories(root_ / "a" / "b");
    fs::create_directory(outside_);
    std::ofstream(root_ / "file") << "x";
    fs::create_directory_symlink(outside_, root_ / "link");
    EXPECT_TRUE(tree_.open().has_value());
  }

  ErrorCode open_error(std::string_view path) {
    auto opened = tree_.open_directory(path);
    return opened.has_error() ? opened.error().code : ErrorCode::internal;
  }

  const TestDirectory directory_;
  const fs::path root_ = directory_.path() / "root", outside_ = directory_.path() / "outside";
  Tree tree_{root_.string(), false};
};

TEST_F(TreeTest, DirectoriesAreFound) {
  for (std::string_view path : {"", "a", "a/", "a/b", "a/b/"})
    EXPECT_TRUE(tree_.open_directory(path).has_value()) << path;
  for (std::string_view path : {"b", "a/c", "file", "file/x", "a/b/c/d"})
    EXPECT_EQ(open_error(path), ErrorCode::not_found) << path;
}

TEST_F(TreeTest, NothingLeavesTheRoot) {
  for (std::string_view path : {"..", "../outside", "a/../..", "/", "/etc", ".", "a//b", "a/./b",
                                "link", "link/", "link/.."}) {
    EXPECT_EQ(open_error(path), ErrorCode::not_found) << path;
    EXPECT_TRUE(tree_.make_directory(path).has_error()) << path;
  }
  EXPECT_TRUE(tree_.make_directory("link/new").has_error());
  EXPECT_TRUE(tree_.make_directory("../outside/new").has_error());
  EXPECT_TRUE(fs::is_empty(outside_));
}

TEST_F(TreeTest, WhatStandsInTheWayIsNamed) {
  auto made = tree_.make_directory("file/x");
  ASSERT_TRUE(made.has_error());
  EXPECT_EQ(made.error().code, ErrorCode::already_exists);
  EXPECT_NE(made.error().message.find("is a file"), std::string::npos) << made.error().message;
  made = tree_.make_directory("link/x");
  ASSERT_TRUE(made.has_error());
  EXPECT_NE(made.error().message.find("symbolic link"), std::string::npos) << made.error().message;
}

TEST_F(TreeTest, EmptyDirectoriesArePruned) {
  ASSERT_TRUE(tree_.make_directory("a/b/c/d").has_value());
  std::ofstream(root_ / "a" / "kept") << "x";
  tree_.prune("a/b/c/d/");
  EXPECT_FALSE(fs::exists(root_ / "a" / "b"));
  EXPECT_TRUE(fs::exists(root_ / "a" / "kept"));
  tree_.prune("");
  tree_.prune("../outside");
  EXPECT_TRUE(fs::exists(root_));
  EXPECT_TRUE(fs::exists(outside_));
}

TEST_F(TreeTest, ARootThatIsAnotherOneNowIsNoticed) {
  EXPECT_TRUE(tree_.check_still_there().has_value());
  fs::rename(root_, directory_.path() / "moved");
  auto there = tree_.check_still_there();
  ASSERT_TRUE(there.has_error());
  EXPECT_EQ(there.error().code, ErrorCode::unavailable);
  fs::create_directory(root_);  // as an unmounted file system leaves an empty directory behind
  EXPECT_TRUE(tree_.check_still_there().has_error());
}

TEST_F(TreeTest, ARootThatMayBeMissingIsMadeWhenItIsNeeded) {
  const fs::path path = directory_.path() / "new";
  Tree tree(path.string(), true);
  ASSERT_TRUE(tree.open().has_value());
  EXPECT_TRUE(tree.is_missing());
  EXPECT_EQ(tree.real_path().value(), path.string() + "/");
  EXPECT_FALSE(fs::exists(path));
  ASSERT_TRUE(tree.make_directory("x/y").has_value());
  EXPECT_TRUE(fs::is_directory(path / "x" / "y"));
  EXPECT_FALSE(tree.is_missing());
}

TEST_F(TreeTest, ARootThatAnotherTreeMadeIsThere) {
  const std::string path = (directory_.path() / "made-meanwhile").string();
  Tree first(path, true), second(path, true);
  ASSERT_TRUE(first.open().has_value());
  ASSERT_TRUE(second.open().has_value());
  EXPECT_TRUE(second.is_missing());
  ASSERT_TRUE(first.make_directory("a/b").has_value());
  EXPECT_TRUE(second.open_directory("a/b").has_value());
  EXPECT_FALSE(second.is_missing());
}

TEST_F(TreeTest, ARootWithoutAParentIsAnError) {
  Tree without_parent((directory_.path() / "none" / "new").string(), true);
  auto opened = without_parent.open();
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
  Tree must_be((directory_.path() / "new").string(), false);
  EXPECT_EQ(must_be.open().error().code, ErrorCode::not_found);
  Tree a_file((root_ / "file").string(), true);
  EXPECT_EQ(a_file.open().error().code, ErrorCode::not_found);
}

TEST_F(TreeTest, TheRootsOwnPathMayLeadThroughLinks) {
  const fs::path link = directory_.path() / "link-to-root";
  fs::create_directory_symlink(root_, link);
  Tree tree(link.string(), false);
  ASSERT_TRUE(tree.open().has_value());
  EXPECT_EQ(tree.real_path().value(), fs::canonical(root_).string() + "/");
  EXPECT_TRUE(tree.open_directory("a/b").has_value());
}

// A hard link makes a name look as it does where case is ignored: another one leads to the same
// file.
TEST_F(TreeTest, NamesThatAreTakenForOneAreToldApart) {
  auto directory = tree_.open_directory("");
  ASSERT_TRUE(directory.has_value());
  const int fd = directory->get();
  EXPECT_FALSE(ignores_case(fd, "file"));
  struct stat file {};
  ASSERT_EQ(::fstatat(fd, "file", &file, 0), 0);
  EXPECT_EQ(find_twin(fd, "FILE", file.st_ino).value(), "file");
  EXPECT_EQ(find_twin(fd, "file", file.st_ino).value(), "");
  fs::copy_file(root_ / "file", root_ / "FILE");
  EXPECT_FALSE(ignores_case(fd, "file")) << "two files";
  fs::remove(root_ / "FILE");
  fs::create_hard_link(root_ / "file", root_ / "FILE");
  EXPECT_TRUE(ignores_case(fd, "file"));
  EXPECT_EQ(find_twin(fd, "FILE", file.st_ino).value(), "");
  EXPECT_FALSE(ignores_case(fd, "123"));
}

}  // namespace
}  // namespace dth::objects::file
