#include "plugins/object_copy/rules/path_checks.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

std::vector<std::string> refused(std::vector<std::string> keys) {
  PathChecks checks;
  std::vector<std::string> found;
  for (const std::string& key : keys) {
    if (checks.see(key)) found.push_back(key);
  }
  return found;
}

using Keys = std::vector<std::string>;

TEST(PathChecks, AFileAndADirectoryOfOneNameAreSeen) {
  EXPECT_EQ(refused({"a", "a-b", "a.b", "a/b", "a/c/d", "a0"}), (Keys{"a/b", "a/c/d"}));
  EXPECT_EQ(refused({"a", "a!", "a!/x", "a/", "a/b"}), (Keys{"a!/x", "a/", "a/b"}));
  EXPECT_EQ(refused({"a", "ab", "ab/c", "abc", "b"}), (Keys{"ab/c"}));
  EXPECT_EQ(refused({"a/b", "a/b/c", "b/b"}), (Keys{"a/b/c"}));
}

TEST(PathChecks, WhatLiesSideBySideIsFine) {
  EXPECT_EQ(refused({"a/", "a/b", "a/c", "a0", "ab/c", "b"}), Keys());
  EXPECT_EQ(refused({"a-b", "a.b", "a/b"}), Keys());
}

TEST(PathChecks, KeysThatAreNoPathsAreRefusedAndForgotten) {
  EXPECT_EQ(refused({"../x", "/x", "a//b", "a/b"}), (Keys{"../x", "/x", "a//b"}));
  PathChecks checks;
  const auto problem = checks.see("..");
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dth::object_copy
