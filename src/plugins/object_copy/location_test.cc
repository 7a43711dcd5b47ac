#include "plugins/object_copy/location.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

CopyOptions planned(std::string_view source, std::string_view destination,
                    bool prefix_match = false) {
  return plan_locations(parse_location(source).value(), parse_location(destination).value(),
                        prefix_match)
      .value();
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
  for (std::string_view text : {"", "bucket/key", "./relative", "~/x", "file://host/x", "file://",
                                "S3://bucket", "s3:/bucket", "s3://", "s3:///key", "s3://ab",
                                "s3://a..b", "s3://bu cket", "s3://bück", "http://host/bucket"}) {
    auto location = parse_location(text);
    ASSERT_TRUE(location.has_error()) << text;
    EXPECT_EQ(location.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(location.error().message.find("s3://bucket/prefix/"), std::string::npos)
        << location.error().message;
  }
}

TEST(Location, APathWithASlashAtItsEndIsADirectory) {
  for (std::string_view text : {"/data/in/", "/data/in//", "file:///data/in/"}) {
    const Location location = parse_location(text).value();
    EXPECT_EQ(location.scheme, "file") << text;
    EXPECT_EQ(location.bucket, "/data/in") << text;
    EXPECT_EQ(location.key, "") << text;
  }
  EXPECT_EQ(parse_location("/data/..").value().bucket, "/data/..");
  EXPECT_EQ(parse_location("/data/..").value().key, "");
  EXPECT_EQ(parse_location("/").value().bucket, "/");
  EXPECT_EQ(parse_location("/").value().to_string(), "/");
}

TEST(Location, APathWithoutASlashIsAFile) {
  const Location location = parse_location("/data/100%25 ?x").value();
  EXPECT_EQ(location.bucket, "/data");
  EXPECT_EQ(location.key, "100%25 ?x");
  EXPECT_EQ(location.to_string(), "/data/100%25 ?x");
  EXPECT_EQ(parse_location("/name").value().bucket, "/");
  EXPECT_EQ(planned("/data/name", "s3://tob/other/").destination_key_of("name"), "other/name");
  EXPECT_EQ(planned("s3://from/dir/", "/data/").destination_key_of("dir/a"), "a");
}

TEST(Location, RelativePathsAreMadeAbsolute) {
  EXPECT_EQ(absolute_location("./x/", "/here"), "/here/x/");
  EXPECT_EQ(absolute_location("././x", "/here"), "/here/x");
  EXPECT_EQ(absolute_location("../x", "/here"), "/here/../x");
  EXPECT_EQ(absolute_location(".", "/here"), "/here/");
  EXPECT_EQ(absolute_location("./", "/"), "/");
  EXPECT_EQ(absolute_location("..", "/here"), "/here/..");
  EXPECT_EQ(absolute_location("s3://bucket/./x", "/here"), "s3://bucket/./x");
  EXPECT_EQ(absolute_location("/x", "/here"), "/x");
  EXPECT_EQ(absolute_location("x", "/here"), "x");  // might be a bucket that lacks its s3://
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
  auto options = plan_locations(parse_location("s3://from/dir/").value(),
                                parse_location("s3://tob/name").value(), false);
  ASSERT_TRUE(options.has_error());
  EXPECT_NE(options.error().message.find("slash"), std::string::npos);
}

TEST(Location, PrefixMatchTakesAPlainString) {
  const CopyOptions options = planned("s3://from/foo", "s3://tob/bar", true);
  EXPECT_EQ(options.scope, SourceScope::prefix);
  EXPECT_EQ(options.destination_key_of("foobar/x"), "barbar/x");
}

TEST(Location, OverlapOfDirectoriesIsRefused) {
  const auto overlap = [](std::string_view source, std::string_view destination, const char* from,
                          const char* to) {
    return check_directory_overlap(from, to, planned(source, destination)).has_error();
  };
  EXPECT_TRUE(overlap("/a/", "/link-to-a/", "/a/", "/a/"));
  EXPECT_TRUE(overlap("/a/", "/a/b/", "/a/", "/a/b/"));
  EXPECT_TRUE(overlap("/a/b/", "/a/", "/a/b/", "/a/"));
  EXPECT_TRUE(overlap("/", "/a/", "/", "/a/"));
  EXPECT_TRUE(overlap("/a/x", "/link-to-a/x", "/a/", "/a/"));
  EXPECT_FALSE(overlap("/a/x", "/a/y", "/a/", "/a/"));
  EXPECT_FALSE(overlap("/a/", "/ab/", "/a/", "/ab/"));
  EXPECT_FALSE(overlap("/a/x", "/a/b/", "/a/", "/a/b/"));
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
