#include "objects/file/walk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "objects/file/testing/directory_under_test.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

namespace fs = std::filesystem;
using Keys = std::vector<std::string>;

// Root may read everything: for as long as this lives, it is somebody else.
class WithoutRootsRights {
 public:
  WithoutRootsRights() { EXPECT_EQ(::getuid() == 0 ? ::seteuid(65'534) : 0, 0); }
  ~WithoutRootsRights() { EXPECT_EQ(::getuid() == 0 ? ::seteuid(0) : 0, 0); }
};

class WalkTest : public testing::Test {
 protected:
  WalkTest() { EXPECT_TRUE(tree_.open().has_value()); }

  void make(const std::string& key) {
    fs::create_directories((root_ / key).parent_path());
    std::ofstream(root_ / key) << key;
  }

  Result<Keys> try_walk(std::string prefix, std::string after, WalkOptions options,
                        std::size_t count = 1'000) {
    Walk walk(tree_, std::move(prefix), std::move(after), options);
    std::vector<ObjectInfo> objects;
    for (int turn = 0; turn < 10'000; ++turn) {
      const std::size_t before = objects.size();
      auto walked = walk.next(count, &objects);
      if (walked.has_error()) return walked.error();
      if (walk.ended()) break;
      EXPECT_EQ(objects.size(), before + count);
    }
    Keys keys;
    for (const ObjectInfo& object : objects) keys.push_back(object.key);
    return keys;
  }
  Keys walk(std::string prefix = "", std::string after = "", std::size_t names_max = 1'000,
            std::size_t count = 1'000) {
    return try_walk(std::move(prefix), std::move(after), {names_max, false}, count).value();
  }

  const TestDirectory directory_;
  const fs::path root_ = directory_.path();
  Tree tree_{root_.string(), false};
};

TEST_F(WalkTest, OrderIsThatOfWholePathsByBytes) {
  const Keys keys = {"A", "a!", "a-b", "a/b", "a/c/d", "a/c0", "a/c\xC3\xA9", "a0", "ab/c", "b"};
  for (const std::string& key : keys) make(key);
  make("a.b");
  EXPECT_EQ(walk(), (Keys{"A", "a!", "a-b", "a.b", "a/b", "a/c/d", "a/c0", "a/c\xC3\xA9", "a0",
                          "ab/c", "b"}));
}

TEST_F(WalkTest, AnyTreeFromAnywhereInAnyPieces) {
  std::mt19937 random(7);
  Keys keys;
  const auto name = [&random] {
    constexpr std::string_view letters = "a-!.0\xFF";
    std::string letters_taken(1, letters[random() % 3]);
    if (random() % 2) letters_taken += letters[random() % letters.size()];
    return letters_taken;
  };
  for (int i = 0; i < 60; ++i) {
    std::string key;
    for (unsigned depth = random() % 4; depth > 0; --depth)
      key += name() + "d/";  // no file's name ends in d: none is a folder too
    key += name();
    if (random() % 2)
      key +=
          std::string("d") + "-.0"[random() % 3];  // beside a directory whose name is its beginning
    keys.push_back(key);
    make(key);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  ASSERT_GT(keys.size(), 30u);
  Keys points = keys;
  for (const std::string& key : keys) {
    points.push_back(key + "/");
    points.push_back(key.substr(0, key.size() / 2));
    points.push_back(key + "\x01");
  }
  for (std::size_t names_max : {1u, 3u, 1'000u}) {
    EXPECT_EQ(walk("", "", names_max, 3), keys) << names_max;
    for (const std::string& point : points) {
      Keys after, below;
      std::copy_if(keys.begin(), keys.end(), std::back_inserter(after),
                   [&](const std::string& key) { return key > point; });
      std::copy_if(keys.begin(), keys.end(), std::back_inserter(below),
                   [&](const std::string& key) { return key.starts_with(point); });
      ASSERT_EQ(walk("", point, names_max), after) << point;
      ASSERT_EQ(walk(point, "", names_max), below) << point;
    }
  }
}

TEST_F(WalkTest, PrefixesThatAreNoPathsFindNothing) {
  make("a");
  for (std::string_view prefix : {"/", "../", "./", "a/", "b//", "a//", "..", "\n/"})
    EXPECT_EQ(walk(std::string(prefix)), Keys()) << prefix;
}

TEST_F(WalkTest, LinksPipesAndSocketsAreListedWithWhatStandsInTheWay) {
  make("file");
  make("folder/file");
  fs::create_symlink("file", root_ / "link");
  fs::create_directory_symlink("folder", root_ / "link-to-folder");
  fs::create_symlink("nowhere", root_ / "link-to-nothing");
  fs::create_symlink(".", root_ / "loop");
  ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
  Walk all(tree_, "", "", {});
  std::vector<ObjectInfo> objects;
  ASSERT_TRUE(all.next(100, &objects).has_value());
  std::map<std::string, std::string> obstacles;
  for (const ObjectInfo& object : objects) obstacles[object.key] = object.obstacle;
  ASSERT_EQ(obstacles.size(), 7u);
  EXPECT_EQ(obstacles["file"], "");
  EXPECT_EQ(obstacles["folder/file"], "");
  for (const char* link : {"link", "link-to-folder", "link-to-nothing", "loop"}) {
    EXPECT_NE(obstacles[link].find("symbolic link"), std::string::npos) << link;
  }
  EXPECT_NE(obstacles["pipe"].find("pipe"), std::string::npos);
}

TEST_F(WalkTest, EmptyDirectoriesAreNothing) {
  fs::create_directories(root_ / "empty" / "too");
  EXPECT_EQ(walk(), Keys());
}

// What a directory hides that cannot be read, and that everything else is listed.
class HiddenTest : public WalkTest {
 protected:
  HiddenTest() {
    for (const char* key : {"a", "b/1", "b/2", "b/sub/3", "c"}) make(key);
    EXPECT_EQ(::chmod(root_.c_str(), 0755), 0);
  }
  ~HiddenTest() override { ::chmod((root_ / "b").c_str(), 0755); }

  std::vector<ObjectInfo> list(Walk* walk, std::size_t count = 100) {
    const WithoutRootsRights nobody;
    std::vector<ObjectInfo> objects;
    auto walked = walk->next(count, &objects);
    EXPECT_TRUE(walked.has_value()) << walked.error().to_string();
    return objects;
  }
  std::vector<ObjectInfo> list(std::string prefix = "", std::string after = "") {
    Walk all(tree_, std::move(prefix), std::move(after), {});
    return list(&all);
  }
  static Keys hidden_of(const std::vector<ObjectInfo>& objects) {
    Keys hidden;
    for (const ObjectInfo& object : objects) {
      if (object.hidden_size > 0) hidden.emplace_back(object.hidden());
    }
    return hidden;
  }
};

TEST_F(HiddenTest, ADirectoryThatCannotBeReadHidesWhatLiesInItAndNothingElse) {
  ASSERT_EQ(::chmod((root_ / "b").c_str(), 0), 0);
  const auto objects = list();
  ASSERT_EQ(objects.size(), 3u);
  EXPECT_EQ(objects[0].key, "a");
  EXPECT_EQ(objects[2].key, "c");
  EXPECT_EQ(objects[1].hidden(), "b/");
  EXPECT_EQ(objects[1].obstacle, "cannot be read: Permission denied");
  EXPECT_TRUE(objects[1].hides("b/1"));
  EXPECT_TRUE(objects[1].hides("b/sub/3"));
  EXPECT_FALSE(objects[1].hides("b0"));
  EXPECT_FALSE(objects[0].hides("a"));
}

TEST_F(HiddenTest, IsSaidOnceInAListingAndAgainByOneThatGoesOnInIt) {
  ASSERT_EQ(::chmod((root_ / "b").c_str(), 0), 0);
  const std::string key = list()[1].key;
  EXPECT_EQ(hidden_of(list("", key)), Keys());  // the next page
  EXPECT_EQ(hidden_of(list("", "b/")), Keys{"b/"});
  const auto within = list("", "b/1");
  EXPECT_EQ(hidden_of(within), Keys{"b/"});
  EXPECT_GT(within[0].key, "b/1");
  EXPECT_LT(within[0].key, "b/10");
  const auto beneath = list("b/su");
  EXPECT_EQ(hidden_of(beneath), Keys{"b/"});
  EXPECT_TRUE(beneath[0].key.starts_with("b/su"));
}

TEST_F(HiddenTest, ADirectoryThatBecomesUnreadableHidesTheRestOfIt) {
  Walk walk(tree_, "", "", {.names_max = 1});
  ASSERT_EQ(list(&walk, 2).back().key, "b/1");
  fs::rename(root_ / "b", root_ / "bb");  // so that it has to be opened again
  fs::create_directory(root_ / "b");
  ASSERT_EQ(::chmod((root_ / "b").c_str(), 0), 0);
  ASSERT_EQ(::chmod((root_ / "bb").c_str(), 0), 0);
  const auto rest = list(&walk);
  for (const ObjectInfo& object : rest) EXPECT_GT(object.key, "b/1");
  EXPECT_EQ(rest.back().key, "c");
  ::chmod((root_ / "bb").c_str(), 0755);
}

TEST_F(HiddenTest, ADirectoryOfWhichOnlyNamesCanBeReadHidesThem) {
  ASSERT_EQ(::chmod((root_ / "b").c_str(), 0744), 0);
  const auto objects = list();
  EXPECT_EQ(hidden_of(objects), Keys{"b/"});
  EXPECT_EQ(objects.back().key, "c");
}

TEST_F(HiddenTest, WhatIsLeftOutIsNotOpened) {
  ASSERT_EQ(::chmod((root_ / "b").c_str(), 0), 0);
  const Walk::LeavesOut leaves_out = [](std::string_view folder) { return folder == "b/"; };
  Walk walk(tree_, "", "", {});
  const WithoutRootsRights nobody;
  std::vector<ObjectInfo> objects;
  ASSERT_TRUE(walk.next(100, &objects, &leaves_out).has_value());
  EXPECT_EQ(objects.size(), 2u);
  EXPECT_EQ(hidden_of(objects), Keys());
}

TEST_F(HiddenTest, ARootThatCannotBeReadIsAnError) {
  Walk walk(tree_, "", "", {});
  ASSERT_EQ(::chmod(root_.c_str(), 0), 0);
  std::vector<ObjectInfo> objects;
  const auto walked = [&] {
    const WithoutRootsRights nobody;
    return walk.next(100, &objects);
  }();
  ::chmod(root_.c_str(), 0755);
  ASSERT_TRUE(walked.has_error());
  EXPECT_EQ(walked.error().code, ErrorCode::permission_denied) << walked.error().to_string();
}

TEST_F(WalkTest, ADirectoryThatLiesTooDeepHidesWhatLiesInIt) {
  make("a");
  make("z");
  const std::string name(250, 'd');
  int at = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY);
  for (int depth = 0; depth < 20; ++depth) {
    ASSERT_EQ(::mkdirat(at, name.c_str(), 0700), 0);
    const int next = ::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY);
    ::close(at);
    at = next;
  }
  ::close(at);
  Walk walk(tree_, "", "", {});
  std::vector<ObjectInfo> objects;
  ASSERT_TRUE(walk.next(100, &objects).has_value());
  ASSERT_EQ(objects.size(), 3u);
  EXPECT_GT(objects[1].hidden_size, path_size_max);
  EXPECT_NE(objects[1].obstacle.find("too deep"), std::string_view::npos);
  EXPECT_EQ(objects[2].key, "z");
}

TEST_F(WalkTest, WhatVanishesIsPassedOver) {
  for (const char* key : {"a", "b", "c/1", "c/2", "d/1", "e"}) make(key);
  Walk all(tree_, "", "", {});
  std::vector<ObjectInfo> objects;
  ASSERT_TRUE(all.next(1, &objects).has_value());
  fs::remove(root_ / "e");
  fs::remove_all(root_ / "c");
  ASSERT_TRUE(all.next(100, &objects).has_value());
  EXPECT_TRUE(all.ended());
  Keys keys;
  for (const ObjectInfo& object : objects) keys.push_back(object.key);
  EXPECT_EQ(keys, (Keys{"a", "b", "d/1"}));
}

TEST_F(WalkTest, ARootThatIsGoneIsNotAnEmptyOne) {
  make("a/b");
  Walk all(tree_, "", "", {});
  fs::rename(root_, directory_.path().string() + ".moved");
  fs::create_directory(root_);
  std::vector<ObjectInfo> objects;
  auto walked = all.next(100, &objects);
  fs::remove_all(directory_.path().string() + ".moved");
  ASSERT_TRUE(walked.has_error());
  EXPECT_EQ(walked.error().code, ErrorCode::unavailable) << walked.error().to_string();
}

}  // namespace
}  // namespace dth::objects::file
