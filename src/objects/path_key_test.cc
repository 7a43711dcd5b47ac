#include "objects/path_key.h"

#include <gtest/gtest.h>

namespace dth::objects {
namespace {

TEST(PathKey, WhatIsAPathHasNoProblem) {
  for (std::string_view key : {"a", "a/b", "folder/", "...", "..a", "a..", ".hidden", "a b", "\xFF", "two\nlines", "~", ".dth", "a\\b", "-"}) {
    EXPECT_EQ(path_problem(key), std::nullopt) << key;
  }
  EXPECT_EQ(path_problem(std::string(255, 'n')), std::nullopt);
}

TEST(PathKey, WhatWouldBeAnotherPathIsRefused) {
  using namespace std::string_view_literals;
  for (std::string_view key : {""sv, "/"sv, "//"sv, "/a"sv, "a//b"sv, "a//"sv, "."sv, ".."sv, "./a"sv, "../a"sv, "a/."sv, "a/.."sv, "a/./b"sv,
                               "a/../b"sv, "../../etc/passwd"sv, "a\0b"sv, "./"sv, "a/../"sv}) {
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

TEST(PathKey, NamesOfTemporaryFilesAreReserved) {
  EXPECT_NE(path_problem(".dth~x"), std::nullopt);
  EXPECT_NE(path_problem("a/.dth~x/b"), std::nullopt);
  EXPECT_EQ(path_problem("a/x.dth~"), std::nullopt);
}

}  // namespace
}  // namespace dth::objects
