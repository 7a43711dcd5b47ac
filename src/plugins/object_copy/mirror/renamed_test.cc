#include "plugins/object_copy/mirror/renamed.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

const TimePoint began = parse_time("2026-05-05T05:05:05Z").value();

objects::ObjectInfo object(const std::string& key, TimePoint modified) {
  objects::ObjectInfo info;
  info.key = key;
  info.size = 0;
  info.last_modified = modified;
  return info;
}

TEST(RenameWatch, TimesCountWhereTheyTellOfTheWriting) {
  Suspects suspects;
  const auto old = object("old", began - std::chrono::hours(1));
  RenameWatch(began, true).see_extra(old, &suspects);
  EXPECT_TRUE(suspects.extra.empty());
  RenameWatch(began, false).see_extra(old, &suspects);
  EXPECT_EQ(suspects.extra.size(), 1u) << "a copy in a directory has the time of its source";
}

TEST(RenameWatch, ADirectoryNeedNotKeepMarkers) {
  Suspects suspects;
  const auto marker = object("folder/", began - std::chrono::hours(1));
  RenameWatch(began, false).see_missing("folder/", marker, Seen::no, &suspects);
  EXPECT_TRUE(suspects.missing.empty());
  RenameWatch(began, true).see_missing("folder/", marker, Seen::no, &suspects);
  EXPECT_EQ(suspects.missing.size(), 1u);
}

TEST(RenameWatch, WhatCameSinceTheRunBeganIsNotMissing) {
  Suspects suspects;
  RenameWatch(began, true).see_missing("new", object("new", began), Seen::no, &suspects);
  EXPECT_TRUE(suspects.missing.empty());
}

}  // namespace
}  // namespace dth::object_copy
