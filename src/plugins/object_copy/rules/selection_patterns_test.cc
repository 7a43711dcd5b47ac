#include "plugins/object_copy/rules/selection_patterns.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

using ::testing::HasSubstr;

bool matches(const std::string& glob, std::string_view key) {
  auto set = PatternSet::make("include", {glob}, {});
  EXPECT_TRUE(set.has_value()) << glob;
  return set.has_value() && set->matches(key);
}

struct Row {
  const char* glob;
  std::vector<std::string_view> yes, no;
};

TEST(Glob, Table) {
  const Row rows[] = {
      {"*.jpg", {"a.jpg", ".jpg", "deep/er/b.jpg"}, {"a.jpg/c", "a.jpgx", "a.JPG", "jpg"}},
      {"cat", {"cat", "a/cat", "/cat"}, {"cats", "cat/x", "acat"}},
      {"a/*.jpg", {"a/b.jpg", "a/.jpg"}, {"x/a/b.jpg", "a/b/c.jpg", "b.jpg"}},
      {"/*.jpg", {"a.jpg"}, {"x/a.jpg"}},
      {"//a", {"/a"}, {"a", "x//a"}},
      {"a/**", {"a/b", "a/b/c", "a/"}, {"a", "b/a/c"}},
      {"a/**/b", {"a/b", "a/x/b", "a/x/y/b", "a//b"}, {"ab", "a/xb", "a/b/c"}},
      {"**/b", {"b", "a/b", "a/c/b"}, {"ab", "a/bc"}},
      {"**", {"", "a", "a/b", "\n"}, {}},
      {"tmp**",
       {"tmp", "tmpx", "y/tmp", "y/tmpx"},
       {"y/tmp/x", "tmp/x", "atmp"}},  // the last component only
      {"a**b", {"ab", "axb", "x/axb"}, {"a/b", "x/a/b"}},
      {"/tmp**", {"tmp", "tmp/x"}, {"y/tmp"}},
      {"*", {"a", "a/b", ""}, {}},
      {"/*", {"a", ""}, {"a/b"}},
      {"logs/", {"logs/", "logs/a", "logs/a/b"}, {"logs", "x/logs/a"}},
      {"a?c",
       {"abc", "x/a.c",
        "a\xff"
        "c"},
       {"ac", "a/c", "abbc"}},
      {"[a-c]x", {"ax", "cx"}, {"dx", "-x", "x"}},
      {"[!a-c]x", {"dx", "\xffx"}, {"ax", "x"}},
      {"[^a]x", {"bx"}, {"ax"}},
      {"[]a]x", {"]x", "ax"}, {"x"}},
      {"[a-]x", {"-x", "ax"}, {"bx"}},
      {"[\\]]x", {"]x"}, {"\\x"}},
      {"y/[+-9]", {"y/+", "y/.", "y/0"}, {"y//", "y/:"}},
      {"z/[!a]", {"z/b"}, {"z//", "z/a"}},
      {"*.{jpg,png}", {"a.jpg", "d/a.png"}, {"a.gif", "a.jpg,png"}},
      {"{a,b/{c,d}}/e", {"a/e", "b/c/e", "b/d/e"}, {"b/e", "x/a/e"}},
      {"{,x}y", {"y", "xy"}, {"zy"}},
      {"a,b}", {"a,b}"}, {"a", "b"}},
      {"\\*\\{\\\\", {"*{\\"}, {"a{\\"}},
      {"a.b+c(d)|e^$", {"a.b+c(d)|e^$"}, {"aXb+c(d)|e^$", "e^$"}},
      {"\xc3\xa4*", {"\xc3\xa4rger"}, {"\xc3\xb6l"}},
      {"a*b*c*d", {"abcd", "axbxcxd"}, {"abdc", "a/bcd"}},
      {"new\nline", {"new\nline"}, {"newline"}},
  };
  for (const Row& row : rows) {
    for (std::string_view key : row.yes)
      EXPECT_TRUE(matches(row.glob, key)) << row.glob << " should match " << key;
    for (std::string_view key : row.no)
      EXPECT_FALSE(matches(row.glob, key)) << row.glob << " should not match " << key;
  }
}

TEST(Glob, WhatIsNoneIsRefusedWithItsPlace) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "empty"},
      {"a[bc", "at byte 2"},
      {"[", "not closed"},
      {"[z-a]", "backwards"},
      {"a/{b,c", "at byte 3"},
      {"a\\", "at byte 2"},
      {"[\xc3\xa4]", "ASCII"},
      {"[/]", "slash"},
      {"{{{{{{{{{{{{{{{{{a}}}}}}}}}}}}}}}}}", "deeply"},
  };
  for (const auto& [glob, words] : cases) {
    auto set = PatternSet::make("exclude", {glob}, {});
    ASSERT_TRUE(set.has_error()) << glob;
    EXPECT_EQ(set.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(set.error().message, HasSubstr("--exclude: "));
    EXPECT_THAT(set.error().message, HasSubstr(words));
  }
}

TEST(Patterns, ExpressionsAreFoundAnywhere) {
  auto set = PatternSet::make("include", {}, {"20[0-9]{2}/", "^top", "(?i)read.?me$"}).value();
  EXPECT_TRUE(set.matches("logs/2024/x"));
  EXPECT_TRUE(set.matches("topmost"));
  EXPECT_TRUE(set.matches("d/README"));
  EXPECT_TRUE(set.matches("read\nme"));
  EXPECT_FALSE(set.matches("not top"));
  EXPECT_FALSE(set.matches("README.md"));
}

TEST(Patterns, ExpressionsAreOfBytes) {
  auto set = PatternSet::make("include", {}, {"^a.c$"}).value();
  EXPECT_TRUE(
      set.matches("a\xff"
                  "c"));
  EXPECT_FALSE(
      set.matches("a\xc3\xa4"
                  "c"))
      << "two bytes";
}

TEST(Patterns, AnExpressionThatIsNoneIsRefusedWithItsReason) {
  auto set = PatternSet::make("exclude", {}, {"fine", "abc(d[e"});
  ASSERT_TRUE(set.has_error());
  EXPECT_THAT(set.error().message,
              HasSubstr("--exclude-regex: \"abc(d[e\" is no regular expression: missing ]"));
  EXPECT_THAT(set.error().message, HasSubstr("at byte 6"));
  // Two that are whole only together.
  EXPECT_TRUE(PatternSet::make("exclude", {}, {"a)", "(b"}).has_error());
  EXPECT_TRUE(PatternSet::make("exclude", {}, {"(a{1000}){1000}"}).has_error());
}

TEST(Patterns, TheirNumberAndLengthAreBounded) {
  EXPECT_TRUE(PatternSet::make("include", std::vector<std::string>(1'001, "a"), {}).has_error());
  EXPECT_TRUE(PatternSet::make("include", {std::string(4'097, 'a')}, {}).has_error());
  std::vector<std::string> many;
  for (int i = 0; i < 1'000; ++i) many.push_back("folder-" + std::to_string(i) + "/**/*.jpg");
  auto set = PatternSet::make("include", many, {});
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_TRUE(set->matches("folder-999/a/b/c.jpg"));
  EXPECT_FALSE(set->matches("folder-1000/a.jpg"));
}

TEST(Patterns, FoldersOfWhichEveryKeyMatches) {
  const auto all_in = [](const char* glob, const char* expression, std::string_view folder) {
    const std::vector<std::string> globs =
        glob ? std::vector<std::string>{glob} : std::vector<std::string>{};
    const std::vector<std::string> expressions =
        expression ? std::vector<std::string>{expression} : std::vector<std::string>{};
    return PatternSet::make("exclude", globs, expressions).value().matches_all_in(folder);
  };
  EXPECT_TRUE(all_in("a/", nullptr, "a/"));
  EXPECT_TRUE(all_in("a/", nullptr, "a/b/"));
  EXPECT_TRUE(all_in("a/**", nullptr, "a/"));
  EXPECT_TRUE(all_in("/a/**", nullptr, "a/b/"));
  EXPECT_TRUE(all_in("**/cache/", nullptr, "x/y/cache/"));
  EXPECT_TRUE(all_in(nullptr, "^a/", "a/b/"));
  EXPECT_TRUE(all_in(nullptr, "cache", "x/cache/"));
  // Of some keys only, or not known.
  EXPECT_FALSE(all_in("a/", nullptr, "b/"));
  EXPECT_FALSE(all_in("a/*", nullptr, "a/"));
  EXPECT_FALSE(all_in("*", nullptr, "a/"));
  EXPECT_FALSE(all_in("a/\\**", nullptr, "a/*/"));
  EXPECT_FALSE(all_in("a/**/x", nullptr, "a/"));
  EXPECT_FALSE(all_in(nullptr, "a/$", "a/"));
  EXPECT_FALSE(all_in(nullptr, "a/\\z", "a/"));
  EXPECT_FALSE(PatternSet().matches_all_in("a/"));
}

TEST(Patterns, FoldersOfWhichNoKeyMatches) {
  const auto none_in = [](const char* glob, std::string_view folder) {
    return PatternSet::make("include", {glob}, {}).value().matches_none_in(folder);
  };
  EXPECT_TRUE(none_in("a/**", "b/"));
  EXPECT_TRUE(none_in("a/b/c", "a/c/"));
  EXPECT_TRUE(none_in("/a*", "b/"));
  EXPECT_FALSE(none_in("a/**", "a/"));
  EXPECT_FALSE(none_in("a/b/c", "a/"));
  EXPECT_FALSE(none_in("*.txt", "b/"));
  EXPECT_FALSE(none_in("**/x", "b/"));
  EXPECT_FALSE(PatternSet::make("include", {}, {"^a/"}).value().matches_none_in("b/"));
}

TEST(Patterns, NoneMatchNothing) {
  EXPECT_TRUE(PatternSet::make("include", {}, {}).value().empty());
  EXPECT_FALSE(PatternSet().matches("a"));
}

// Patterns on which a matcher that tracks back needs ages: here they are as fast as others.
TEST(Patterns, CatastrophicOnesAreLinear) {
  auto set =
      PatternSet::make("include", {"*a*a*a*a*a*a*a*a*a*a*b"}, {"(x+x+)+y", "(a|aa)+$"}).value();
  const std::string key = std::string(500, 'a') + std::string(500, 'x') + "c";
  for (int i = 0; i < 1'000; ++i) ASSERT_FALSE(set.matches(key));
}

}  // namespace
}  // namespace dth::object_copy
