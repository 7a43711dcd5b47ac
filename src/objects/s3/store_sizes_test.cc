// Answers that do not report an object's size.
#include <gtest/gtest.h>

#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

TEST_F(S3StoreTest, ASizeThatHeadDoesNotReportIsAskedFor) {
  script_.push_back({.headers = {{"ETag", "\"e\""}}});
  script_.push_back(
      {.status = 206,
       .headers = {{"Content-Range", "bytes 0-0/10"}, {"content-length", "1"}, {"ETag", "\"e\""}},
       .body = "a"});
  auto head = run(store().head("k", ""));
  ASSERT_TRUE(head) << head.error().to_string();
  EXPECT_EQ(head->info.size, 10u);
  EXPECT_EQ(seen_[1].header("If-Match"), "\"e\"");
  EXPECT_EQ(seen_[1].header("Range"), "bytes=0-0");
  // An empty object has no byte to ask for.
  script_.push_back({.headers = {{"ETag", "\"e\""}}});
  script_.push_back(
      {.status = 416, .headers = {}, .body = "<Error><Code>InvalidRange</Code></Error>"});
  script_.push_back({.headers = {{"content-length", "0"}, {"ETag", "\"e\""}}});
  head = run(store().head("k", ""));
  ASSERT_TRUE(head) << head.error().to_string();
  EXPECT_EQ(head->info.size, 0u);
  // Nothing tells: not zero, but an error.
  script_.push_back({.headers = {{"ETag", "\"e\""}}});
  script_.push_back({.headers = {{"ETag", "\"e\""}}, .body = "x"});
  script_.push_back({.headers = {{"ETag", "\"e\""}}, .body = "x"});
  EXPECT_TRUE(run(store().head("k", "")).has_error());
}

TEST_F(S3StoreTest, ABodyWithoutALengthIsHeldToTheSizeExpected) {
  for (const auto& [body, expected, code] : {std::tuple{"abc", 3u, ErrorCode::internal},
                                             {"ab", 3u, ErrorCode::unavailable},
                                             {"abcd", 3u, ErrorCode::data_corrupted}}) {
    script_.push_back({.headers = {{"ETag", "\"e\""}}, .body = body});
    auto got = run(store().get({.key = "k", .size_expected = expected}));
    ASSERT_TRUE(got) << got.error().to_string();
    EXPECT_EQ(got->head.info.size, 3u);
    auto read = run(read_all(*got->body, 100));
    EXPECT_EQ(read.has_value(), code == ErrorCode::internal) << body;
    if (read.has_error()) {
      EXPECT_EQ(read.error().code, code) << body;
    }
  }
}

TEST_F(S3StoreTest, ARefusalToTellTheSizeIsNotAskedForAgain) {
  script_.push_back({.headers = {{"ETag", "\"e\""}}});
  script_.push_back(
      {.status = 403, .headers = {}, .body = "<Error><Code>AccessDenied</Code></Error>"});
  auto head = run(store().head("k", ""));
  ASSERT_TRUE(head.has_error());
  EXPECT_EQ(head.error().code, ErrorCode::permission_denied);
}

}  // namespace
}  // namespace dth::objects::s3
