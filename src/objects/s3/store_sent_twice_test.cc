// Requests that the HTTP client sent a second time.
#include <gmock/gmock.h>

#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

// The client sent it again because a pooled connection had closed: the first one may have been
// done.
TEST_F(S3StoreTest, APreconditionThatFailsForARequestSentTwiceSaysNothing) {
  script_.push_back(
      {.status = 412, .body = error_document("PreconditionFailed"), .sent_twice = true});
  script_.push_back({.status = 412, .body = error_document("PreconditionFailed")});
  EXPECT_EQ(put("data", {.key = "k", .precondition = {.if_absent = true}}).error().code,
            ErrorCode::unavailable);
  EXPECT_EQ(put("data", {.key = "k", .precondition = {.if_absent = true}}).error().code,
            ErrorCode::precondition_failed);
}

TEST_F(S3StoreTest, ARemovalThatWasSentTwiceAndFindsNothingSaysNothing) {
  options_.vendor = "aws";
  const RemoveRequest request{.key = "k", .if_match = "e"};
  for (const auto& [status, code] :
       {std::pair{404, "NoSuchKey"}, std::pair{412, "PreconditionFailed"}}) {
    script_.push_back({.status = status, .body = error_document(code), .sent_twice = true});
    EXPECT_EQ(run(store().remove(request)).error().code, ErrorCode::unavailable) << code;
  }
  script_.push_back({.status = 404, .body = error_document("NoSuchKey")});
  EXPECT_EQ(run(store().remove(request)).error().code, ErrorCode::not_found);
  script_.push_back({.status = 404, .body = error_document("NoSuchKey"), .sent_twice = true});
  EXPECT_TRUE(run(store().remove({.key = "k"}))) << "nothing was asked for but that it be gone";
}

}  // namespace
}  // namespace dth::objects::s3
