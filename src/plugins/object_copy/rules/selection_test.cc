#include "plugins/object_copy/rules/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

using ::testing::HasSubstr;

TimePoint at(int seconds) { return TimePoint(std::chrono::seconds(seconds)); }

objects::ObjectInfo object(std::uint64_t size, int modified_s, std::string storage_class = "") {
  objects::ObjectInfo info;
  info.key = "k";
  info.size = size;
  info.last_modified = at(modified_s);
  info.storage_class = std::move(storage_class);
  return info;
}

TEST(Selection, TakesEverythingByDefault) {
  const Selection none, empty = Selection::make({}).value();
  for (const Selection* selection : {&none, &empty}) {
    EXPECT_TRUE(selection->takes("", object(0, 0)));
    EXPECT_TRUE(selection->takes("any/\xff", object(UINT64_MAX, 1'000'000'000, "GLACIER")));
  }
}

TEST(Selection, ExcludedWinsOverIncluded) {
  SelectionRules rules;
  rules.include_globs = {"*.jpg", "docs/**"};
  rules.include_expressions = {"^keep"};
  rules.exclude_globs = {"*.tmp"};
  rules.exclude_expressions = {"secret"};
  const Selection selection = Selection::make(rules).value();
  EXPECT_TRUE(selection.takes_key("a/b.jpg"));
  EXPECT_TRUE(selection.takes_key("docs/x"));
  EXPECT_TRUE(selection.takes_key("keep/x"));
  EXPECT_FALSE(selection.takes_key("a/b.png"));
  EXPECT_FALSE(selection.takes_key("docs/x.tmp"));
  EXPECT_FALSE(selection.takes_key("docs/secret/x"));
}

TEST(Selection, ExcludesAloneTakeTheRest) {
  SelectionRules rules;
  rules.exclude_globs = {"*.tmp"};
  const Selection selection = Selection::make(rules).value();
  EXPECT_TRUE(selection.takes_key("a"));
  EXPECT_FALSE(selection.takes_key("d/a.tmp"));
}

TEST(Selection, SizesIncludeTheirBounds) {
  SelectionRules rules;
  rules.size_min = 10;
  rules.size_max = 20;
  const Selection selection = Selection::make(rules).value();
  for (std::uint64_t size : {10u, 15u, 20u})
    EXPECT_TRUE(selection.takes("k", object(size, 0))) << size;
  for (std::uint64_t size : {0u, 9u, 21u})
    EXPECT_FALSE(selection.takes("k", object(size, 0))) << size;
}

// So that two runs, one up to and one from a point of time, take each object once.
TEST(Selection, AfterIncludesItsTimeAndBeforeDoesNot) {
  SelectionRules rules;
  rules.modified_after = at(10);
  rules.modified_before = at(20);
  const Selection selection = Selection::make(rules).value();
  for (int time : {10, 19}) EXPECT_TRUE(selection.takes("k", object(1, time))) << time;
  for (int time : {9, 20, 30}) EXPECT_FALSE(selection.takes("k", object(1, time))) << time;
}

TEST(Selection, AnUnnamedStorageClassIsStandard) {
  SelectionRules rules;
  rules.storage_classes = {"STANDARD", "GLACIER"};
  const Selection selection = Selection::make(rules).value();
  EXPECT_TRUE(selection.takes("k", object(1, 1)));
  EXPECT_TRUE(selection.takes("k", object(1, 1, "GLACIER")));
  EXPECT_FALSE(selection.takes("k", object(1, 1, "STANDARD_IA")));
}

TEST(Selection, WhatCouldSelectNothingIsRefused) {
  SelectionRules sizes, times, classes;
  sizes.size_min = 2;
  sizes.size_max = 1;
  EXPECT_THAT(Selection::make(sizes).error().message, HasSubstr("--size-min"));
  times.modified_after = times.modified_before = at(5);
  EXPECT_THAT(Selection::make(times).error().message, HasSubstr("--modified-after"));
  classes.storage_classes = {"two words"};
  EXPECT_THAT(Selection::make(classes).error().message, HasSubstr("two words"));
}

}  // namespace
}  // namespace dth::object_copy
