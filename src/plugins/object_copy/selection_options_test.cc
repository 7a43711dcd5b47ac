#include "plugins/object_copy/selection_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/object_copy/task.h"
#include "plugins/object_copy/testing/scripted_kinds.h"

namespace dth::object_copy {
namespace {

using options::make_list;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const TimePoint begun_at = *parse_time("2026-03-08T12:00:00Z");

options::Values with(options::Values more, const std::string& source = "s3://from/data/") {
  more["source"] = source;
  more["destination"] = "s3://into/";
  return more;
}

Result<CopyOptions> parsed(options::Values values) {
  static const auto kinds = testing::scripted_kinds();
  static const OptionTable table(kinds);
  auto task = parse_task({options::Action::copy, std::move(values)}, begun_at, table);
  if (task.has_error()) return task.error();
  return (*task)->options();
}

std::string refusal(options::Values more, const std::string& source = "s3://from/data/") {
  auto options = parsed(with(std::move(more), source));
  if (options.has_value()) return "accepted";
  EXPECT_EQ(options.error().code, ErrorCode::invalid_argument);
  return options.error().message;
}

TEST(SelectionOptions, RulesArrive) {
  auto options = parsed(with({{"include", make_list({"*.jpg"})},
                              {"exclude-regex", make_list({"^tmp/"})},
                              {"size-max", "1KiB"},
                              {"modified-after", "2026-01-01"},
                              {"archived", "skip"},
                              {"compare", "etag"},
                              {"newer-only", "true"}}));
  ASSERT_TRUE(options.has_value()) << options.error().message;
  objects::ObjectInfo info;
  info.size = 1'024;
  info.last_modified = *parse_time("2026-01-01T00:00:00Z");
  EXPECT_TRUE(options->selection.takes(options->relative_key("data/a.jpg"), info));
  EXPECT_FALSE(options->selection.takes(options->relative_key("data/a.png"), info));
  EXPECT_FALSE(options->selection.takes(options->relative_key("data/tmp/a.jpg"), info));
  info.size = 1'025;
  EXPECT_FALSE(options->selection.takes_properties(info));
  info.size = 1;
  info.last_modified = *parse_time("2025-12-31T23:59:59.999999Z");
  EXPECT_FALSE(options->selection.takes_properties(info));
  EXPECT_EQ(options->archived, ArchivedRule::skip);
  EXPECT_EQ(options->comparison.mode, CompareMode::etag);
  EXPECT_TRUE(options->comparison.newer_only);
}

TEST(SelectionOptions, HowArchivedObjectsAreRestored) {
  const RestoreRules usual = parsed(with({{"archived", "restore"}})).value().restore;
  EXPECT_EQ(usual.days, 7u);
  EXPECT_EQ(usual.wait, std::chrono::hours(48));
  EXPECT_EQ(usual.poll, std::chrono::minutes(10));
  EXPECT_EQ(usual.tier, objects::RestoreTier::standard);
  const RestoreRules given = parsed(with({{"archived", "restore"},
                                          {"restore-days", "3"},
                                          {"restore-wait", "5h"},
                                          {"restore-poll", "30s"},
                                          {"restore-tier", "bulk"}}))
                                 .value()
                                 .restore;
  EXPECT_EQ(given.days, 3u);
  EXPECT_EQ(given.wait, std::chrono::hours(5));
  EXPECT_EQ(given.poll, std::chrono::seconds(30));
  EXPECT_EQ(given.tier, objects::RestoreTier::bulk);
  EXPECT_THAT(refusal({{"restore-days", "3"}}), HasSubstr("--archived restore"));
  EXPECT_THAT(refusal({{"archived", "restore"}, {"restore-days", "0"}}),
              HasSubstr("--restore-days"));
  EXPECT_THAT(refusal({{"archived", "restore"}, {"restore-days", "12345678901234567890"}}),
              HasSubstr("--restore-days"));
  EXPECT_THAT(refusal({{"archived", "restore"}, {"restore-poll", "0s"}}),
              HasSubstr("--restore-poll"));
}

TEST(SelectionOptions, PatternsAreOfWhatFollowsTheLastSlashOfTheSource) {
  auto relative = [](const std::string& source, options::Values more, std::string_view key) {
    return std::string(parsed(with(std::move(more), source)).value().relative_key(key));
  };
  EXPECT_EQ(relative("s3://from", {}, "a/b"), "a/b");
  EXPECT_EQ(relative("s3://from/a/", {}, "a/b/c"), "b/c");
  EXPECT_EQ(relative("s3://from/a/b", {}, "a/b"), "b");
  options::Values spec = with({{"prefix-match", "true"}}, "s3://from/a/b");
  spec["destination"] = "s3://into/x";
  EXPECT_EQ(parsed(spec).value().relative_key("a/bcd"), "bcd");
}

TEST(SelectionOptions, PrefixesAreSortedAndDoNotOverlap) {
  auto options =
      parsed(with({{"source-prefix", make_list({"data/b", "data/a/", "data/a/x", "data/b"})}}))
          .value();
  EXPECT_EQ(options.list, SourceList::prefixes);
  EXPECT_THAT(options.prefixes, ElementsAre("data/a/", "data/b"));
}

TEST(SelectionOptions, RelativeTimesCountBackFromTheBeginOfTheRun) {
  const CopyOptions options = parsed(with({{"modified-before", "7d"}})).value();
  objects::ObjectInfo info;
  info.last_modified = *parse_time("2026-03-01T11:59:59Z");
  EXPECT_TRUE(options.selection.takes_properties(info));
  info.last_modified = *parse_time("2026-03-01T12:00:00Z");
  EXPECT_FALSE(options.selection.takes_properties(info));
}

TEST(SelectionOptions, AlwaysIsAWayToCompare) {
  EXPECT_EQ(parsed(with({{"always", "true"}})).value().comparison.mode, CompareMode::always);
  EXPECT_EQ(parsed(with({{"always", "true"}, {"compare", "always"}})).value().comparison.mode,
            CompareMode::always);
  EXPECT_THAT(refusal({{"always", "true"}, {"compare", "size"}}), HasSubstr("--compare size"));
}

TEST(SelectionOptions, WhatContradictsItselfIsRefused) {
  EXPECT_THAT(refusal({{"include", make_list({"["})}}), HasSubstr("--include"));
  EXPECT_THAT(refusal({{"include-regex", make_list({"a{2,1}"})}}), HasSubstr("--include-regex"));
  EXPECT_THAT(refusal({{"size-min", "2"}, {"size-max", "1"}}), HasSubstr("--size-min"));
  EXPECT_THAT(refusal({{"compare", "guess"}}), HasSubstr("--compare"));
  EXPECT_THAT(refusal({{"source-prefix", make_list({"other/"})}}), HasSubstr("\"other/\""));
  EXPECT_THAT(refusal({{"source-prefix", make_list({""})}}), HasSubstr("everything"));
  EXPECT_THAT(refusal({{"source-prefix", make_list({"data/a"})}, {"object-list", "keys"}}),
              HasSubstr("only one of"));
  EXPECT_THAT(refusal({{"object-list", "keys"}}, "s3://from/one"), HasSubstr("one object"));
  EXPECT_THAT(refusal({{"object-list", "s3://from"}}), HasSubstr("names no object"));
  EXPECT_THAT(refusal({{"source-prefix-file", "s3://x/y"}}), HasSubstr("--source-prefix-file"));
}

}  // namespace
}  // namespace dth::object_copy
