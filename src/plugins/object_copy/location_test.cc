#include "plugins/object_copy/location.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

CopyOptions planned(std::string_view source, std::string_view destination, bool prefix_match = false) {
  return plan_locations(parse_location(source).value(), parse_location(destination).value(), prefix_match).value();
}

TEST(Location, BucketAloneIsEverything) {
  const Location location = parse_location("s3://bucket").value();
  EXPECT_EQ(location.bucket, "bucket");
  EXPECT_EQ(location.key, "");
  EXPECT_EQ(parse_location("s3://bucket/").value().key, "");
}

TEST(Location, KeysAreTakenByteForByte) {
  EXPECT_EQ(parse_location("s3://bucket//a//b/../%2F+ ?x#y").value().key, "/a//b/../%2F+ ?x#y");
}

TEST(Location, WhatCannotBeOneIsRefusedWithAnExample) {
  for (std::string_view text : {"", "bucket/key", "S3://bucket", "s3:/bucket", "s3://", "s3:///key", "s3://ab", "s3://a..b",
                                "s3://bu cket", "s3://bück", "http://host/bucket"}) {
    auto location = parse_location(text);
    ASSERT_TRUE(location.has_error()) << text;
    EXPECT_EQ(location.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(location.error().message.find("s3://bucket/prefix/"), std::string::npos) << location.error().message;
  }
}

TEST(Location, OneObjectToASlashKeepsItsName) {
  const CopyOptions options = planned("s3://from/dir/name", "s3://tob/other/");
  EXPECT_EQ(options.scope, SourceScope::object);
  EXPECT_EQ(options.destination_key_of("dir/name"), "other/name");
  EXPECT_EQ(planned("s3://from/dir/name", "s3://tob").destination_key_of("dir/name"), "name");
}

TEST(Location, OneObjectToANameIsRenamed) {
  EXPECT_EQ(planned("s3://from/dir/name", "s3://tob/new").destination_key_of("dir/name"), "new");
}

TEST(Location, APrefixIsReplaced) {
  const CopyOptions options = planned("s3://from/dir/", "s3://tob/other/");
  EXPECT_EQ(options.scope, SourceScope::prefix);
  EXPECT_EQ(options.destination_key_of("dir/a/b"), "other/a/b");
}

TEST(Location, ManyObjectsDoNotGoToOneName) {
  auto options = plan_locations(parse_location("s3://from/dir/").value(), parse_location("s3://tob/name").value(), false);
  ASSERT_TRUE(options.has_error());
  EXPECT_NE(options.error().message.find("slash"), std::string::npos);
}

TEST(Location, PrefixMatchTakesAPlainString) {
  const CopyOptions options = planned("s3://from/foo", "s3://tob/bar", true);
  EXPECT_EQ(options.scope, SourceScope::prefix);
  EXPECT_EQ(options.destination_key_of("foobar/x"), "barbar/x");
}

TEST(Location, OverlapIsRefused) {
  EXPECT_TRUE(check_overlap(planned("s3://bucket", "s3://bucket")).has_error());
  EXPECT_TRUE(check_overlap(planned("s3://bucket/a/", "s3://bucket/a/")).has_error());
  EXPECT_TRUE(check_overlap(planned("s3://bucket/a/", "s3://bucket/a/b/")).has_error());
  EXPECT_TRUE(check_overlap(planned("s3://bucket/a/b/", "s3://bucket/a/")).has_error());
  EXPECT_TRUE(check_overlap(planned("s3://bucket/a", "s3://bucket/a")).has_error());
  EXPECT_TRUE(check_overlap(planned("s3://bucket/a/", "s3://bucket/b/")).has_value());
  CopyOptions rewrite = planned("s3://bucket/a/", "s3://bucket/a/");
  rewrite.in_place = true;
  EXPECT_TRUE(check_overlap(rewrite).has_value());
  EXPECT_TRUE(check_overlap(planned("s3://bucket/a", "s3://bucket/ab")).has_value());
}

}  // namespace
}  // namespace dth::object_copy
