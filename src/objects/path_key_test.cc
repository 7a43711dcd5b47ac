#include "objects/path_key.h"

#include <gtest/gtest.h>

namespace dth::objects {
namespace {

TEST(PathKey, WhatIsAPathHasNoProblem) {
  for (std::string_view key : {"a", "a/b", "folder/", "...", "..a", "a..", ".hidden", "a b", "\xFF",
                               "two\nlines", "~", ".dth", "a\\b", "-"}) {
    EXPECT_EQ(path_problem(key), std::nullopt) << key;
  }
  EXPECT_EQ(path_problem(std::string(255, 'n')), std::nullopt);
}

TEST(PathKey, WhatWouldBeAnotherPathIsRefused) {
  using namespace std::string_view_literals;
  for (std::string_view key :
       {""sv, "/"sv, "//"sv, "/a"sv, "a//b"sv, "a//"sv, "."sv, ".."sv, "./a"sv, "../a"sv, "a/."sv,
        "a/.."sv, "a/./b"sv, "a/../b"sv, "../../etc/passwd"sv, "a\0b"sv, "./"sv, "a/../"sv}) {
    EXPECT_NE(path_problem(key), std::nullopt) << key;
  }
}

TEST(PathKey, LengthsAreBytes) {
  EXPECT_NE(path_problem(std::string(256, 'n')), std::nullopt);
  EXPECT_NE(path_problem("a/" + std::string(256, 'n') + "/b"), std::nullopt);
  std::string deep;
  while (deep.size() + 2 <= path_size_max) deep += "d/";
  EXPECT_EQ(path_problem(deep), std::nullopt);
  EXPECT_NE(path_problem(deep + "d/"), std::nullopt);
}

TEST(PathKey, OnlyNamesOfOurOwnTemporaryFilesAreReserved) {
  const std::string draft = draft_name("x", 7);
  EXPECT_TRUE(is_draft_name(draft)) << draft;
  EXPECT_NE(path_problem(draft), std::nullopt);
  EXPECT_NE(path_problem("a/" + draft + "/b"), std::nullopt);
  const std::string upload = "0123456789abcdef-01JD2A3B4C5D6E7F8G9H0J1K2M.data";
  EXPECT_NE(path_problem("a/.dth~uploads/" + upload), std::nullopt);
  EXPECT_EQ(path_problem("a/uploads/" + upload), std::nullopt);
}

TEST(PathKey, NamesThatOnlyLookLikeOursAreAnybodys) {
  std::string altered = draft_name("x", 7);
  altered.back() = altered.back() == '0' ? '1' : '0';
  for (const std::string& key :
       {std::string(".dth~x"), std::string(".dth~notes.txt"),
        std::string(".dth~0123456789abcdef.0"), altered, std::string(".dth~"),
        std::string(".dth~."), std::string("a/.dth~uploads/mine.data"),
        std::string(".dth~uploads/x/y"), std::string(".dth~uploads")}) {
    EXPECT_EQ(path_problem(key), std::nullopt) << key;
  }
}

}  // namespace
}  // namespace dth::objects
