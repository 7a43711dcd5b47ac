// What a store learns of its endpoint, and how it bears what goes wrong.
#include <gmock/gmock.h>

#include "cloud/aws/chain.h"
#include "cloud/aws/renewing.h"
#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(S3StoreTest, CheckLearnsTheVendor) {
  options_.vendor.clear();
  script_.push_back({.headers = {{"x-amz-request-id", "tx00000abc"}}, .body = empty_listing});
  EXPECT_FALSE(store().limits().conditional_put);
  auto identity = run(store().check());
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->vendor, "ceph");
  EXPECT_TRUE(store().limits().conditional_put);
}

TEST_F(S3StoreTest, AVendorThatWasGivenIsKept) {
  options_.vendor = "generic";
  script_.push_back({.headers = {{"x-amz-request-id", "tx00000abc"}}, .body = empty_listing});
  auto identity = run(store().check());
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->vendor, "generic");
  EXPECT_FALSE(store().limits().conditional_put);
}

// ----- Lessons -----

TEST_F(S3StoreTest, TheRegionIsLearntAndTheRequestSignedAgain) {
  options_.endpoint.reset();
  options_.vendor.clear();
  script_.push_back({.status = 301, .headers = {{"x-amz-bucket-region", "eu-west-1"}}});
  script_.push_back({.headers = {{"content-length", "0"}}});
  script_.push_back({.headers = {{"content-length", "0"}}});
  ASSERT_TRUE(run(store().head("k", "")));
  ASSERT_TRUE(run(store().head("k", "")));
  ASSERT_EQ(seen_.size(), 3u);
  EXPECT_EQ(seen_[1].origin.host, "bucket.s3.eu-west-1.amazonaws.com");
  EXPECT_THAT(seen_[1].header("Authorization"), HasSubstr("/eu-west-1/s3/"));
  EXPECT_EQ(seen_[2].origin.host, "bucket.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(counters_.head, 3u);
}

TEST_F(S3StoreTest, TheRegionOfAPrivateEndpointChangesOnlyTheSignature) {
  script_.push_back(
      {.status = 400,
       .body = error_document("AuthorizationHeaderMalformed", "<Region>garage</Region>")});
  script_.push_back({.body = empty_listing});
  ASSERT_TRUE(run(store().list({})));
  EXPECT_EQ(seen_[1].origin, seen_[0].origin);
  EXPECT_THAT(seen_[1].header("Authorization"), HasSubstr("/garage/s3/"));
}

TEST_F(S3StoreTest, ARegionThatDoesNotHelpIsTriedOnce) {
  script_.push_back(
      {.status = 400,
       .body = error_document("AuthorizationHeaderMalformed", "<Region>one</Region>")});
  script_.push_back(
      {.status = 400,
       .body = error_document("AuthorizationHeaderMalformed", "<Region>two</Region>")});
  EXPECT_EQ(run(store().list({})).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(seen_.size(), 2u);
}

TEST_F(S3StoreTest, CredentialsFollowNoRedirectToAnotherOwnerOrToPlainHttp) {
  for (const char* location :
       {"https://evil.example.com/bucket/k", "http://store.example.com/bucket/k",
        "https://store.example.com.evil.example/", "https://user@evil/", "//evil/", "?"}) {
    script_.push_back({.status = 307, .headers = {{"Location", location}}});
    EXPECT_FALSE(run(store().get({.key = "k"}))) << location;
  }
  EXPECT_EQ(seen_.size(), 6u);
  for (const Seen& seen : seen_) EXPECT_EQ(seen.origin.host, "store.example.com");
}

TEST_F(S3StoreTest, AmazonRedirectsWithinItsOwnNames) {
  options_.endpoint = net::HttpOrigin{.host = "s3.amazonaws.com", .port = 443, .tls = true};
  options_.vendor.clear();
  script_.push_back(
      {.status = 307, .headers = {{"Location", "https://bucket.s3.us-west-2.amazonaws.com/k"}}});
  script_.push_back({.headers = {{"content-length", "0"}}});
  ASSERT_TRUE(run(store().head("k", "")));
  EXPECT_EQ(seen_[1].origin.host, "bucket.s3.us-west-2.amazonaws.com");
  EXPECT_THAT(seen_[1].header("Authorization"), HasSubstr("/us-west-2/s3/"));
}

TEST_F(S3StoreTest, APartitionIsNeverLeft) {
  options_.endpoint.reset();
  options_.vendor.clear();
  script_.push_back({.status = 301, .headers = {{"x-amz-bucket-region", "cn-north-1"}}});
  EXPECT_FALSE(run(store().head("k", "")));
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(S3StoreTest, TheServersClockIsLearnt) {
  script_.push_back({.status = 403,
                     .headers = {{"Date", "Mon, 23 Nov 2026 13:30:00 GMT"}},
                     .body = error_document("RequestTimeTooSkewed")});
  script_.push_back({.body = empty_listing});
  script_.push_back({.status = 403, .headers = {{"Date", "Mon, 23 Nov 2026 13:30:00 GMT"}}});
  script_.push_back({.body = empty_listing});
  ASSERT_TRUE(run(store().list({})));
  EXPECT_EQ(seen_[1].header("x-amz-date"), "20261123T133000Z");
  EXPECT_EQ(run(store().head("k", "")).error().code,
            ErrorCode::permission_denied);  // not the clock any more
  ASSERT_EQ(seen_.size(), 4u);
  EXPECT_THAT(seen_[3].request.target, HasSubstr("max-keys=1"))
      << "whether nobody is let in any more";
}

TEST_F(S3StoreTest, ABucketThatDemandsSignedPayloadsIsObeyedFromThenOn) {
  script_.push_back({.status = 403, .body = error_document("AccessDenied")});
  script_.push_back({});
  script_.push_back({});
  ASSERT_TRUE(put("hello"));
  EXPECT_EQ(seen_[1].body, "hello");
  EXPECT_THAT(seen_[1].header("x-amz-content-sha256"), HasSubstr("2cf24dba"));
  EXPECT_TRUE(store().limits().payload_always_signed);
  ASSERT_TRUE(put("hello"));
  EXPECT_EQ(seen_.size(), 3u);
}

TEST_F(S3StoreTest, ADenialForAnotherReasonIsTriedSignedOnceAndNeverAgain) {
  for (int i = 0; i < 3; ++i)
    script_.push_back({.status = 403, .body = error_document("AccessDenied")});
  EXPECT_EQ(put("hello").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(seen_.size(), 2u);
  EXPECT_EQ(put("hello").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(seen_.size(), 3u);
  EXPECT_EQ(seen_[2].header("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
  EXPECT_FALSE(store().limits().payload_always_signed);
}

TEST_F(S3StoreTest, AStoreWithoutConditionalWritesIsLearnt) {
  script_.push_back({.status = 501, .body = error_document("NotImplemented")});
  script_.push_back({});
  ASSERT_TRUE(put("x", {.key = "k", .precondition = {.if_absent = true}}));
  EXPECT_EQ(seen_[0].header("If-None-Match"), "*");
  EXPECT_EQ(seen_[1].header("If-None-Match"), "(none)");
  EXPECT_FALSE(store().limits().conditional_put);
}

TEST_F(S3StoreTest, ALargeBodyThatWasNotTouchedIsSentAgain) {
  script_.push_back({.status = 400,
                     .body = error_document("AuthorizationHeaderMalformed", "<Region>r2</Region>"),
                     .reads_body = false});
  script_.push_back({});
  ASSERT_TRUE(put(std::string(2'000'000, 'y'), {.key = "k"}, 1 << 20, false));
  EXPECT_EQ(seen_[1].body.size(), 2'000'000u);
}

TEST_F(S3StoreTest, ALargeBodyThatIsSpentIsLeftToTheNextAttempt) {
  script_.push_back(
      {.status = 400,
       .body = error_document("AuthorizationHeaderMalformed", "<Region>r2</Region>")});
  const auto result = put(std::string(2'000'000, 'y'), {.key = "k"}, 1 << 20, false);
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
  script_.push_back({});
  ASSERT_TRUE(put("z"));
  EXPECT_THAT(seen_[1].header("Authorization"), HasSubstr("/r2/s3/"));
}

TEST_F(S3StoreTest, AConflictWithAnotherWriteIsAFailedPrecondition) {
  script_.push_back({.status = 409, .body = error_document("ConditionalRequestConflict")});
  script_.push_back({.status = 412, .body = error_document("PreconditionFailed")});
  const PutRequest request{.key = "k", .precondition = {.if_absent = true}};
  EXPECT_EQ(put("x", request).error().code, ErrorCode::precondition_failed);
  EXPECT_EQ(put("x", request).error().code, ErrorCode::precondition_failed);
}

TEST_F(S3StoreTest, SecretsThatAServerRepeatsAreTakenOut) {
  script_.push_back({.status = 403,
                     .body = error_document("AccessDenied",
                                            "<Message>s3cr3t-key and t0ken-of-session</Message>")});
  const Error error = run(store().list({})).error();
  EXPECT_THAT(error.to_string(),
              AllOf(Not(HasSubstr("s3cr3t-key")), Not(HasSubstr("t0ken")), HasSubstr("***")));
  EXPECT_THAT(error.message, HasSubstr("GET s3://bucket at https://store.example.com"));
}

TEST_F(S3StoreTest, ABodyThatFailsFailsThePutWithItsOwnError) {
  class FailingBody final : public Body {
   public:
    std::uint64_t size() const override { return 3'000'000; }
    Async<Result<Bytes>> next() override {
      co_return Error{ErrorCode::data_corrupted, "mine", "own"};
    }
  };
  script_.push_back({});
  FailingBody body;
  const Error error = run(store().put({.key = "k"}, body)).error();
  EXPECT_EQ(error.message, "mine");
  EXPECT_EQ(error.code, ErrorCode::data_corrupted);
}

TEST_F(S3StoreTest, MissingCredentialsNameThePlaces) {
  auto chain = aws::make_renewing_provider(
      aws::make_chain_source({aws::make_environment_source({})}), context_.get_executor(), clock_);
  S3Store bare(options_, std::make_unique<ScriptedTransport>(&script_, &seen_), clock_, chain,
               counters_);
  const Error error = run(bare.list({})).error();
  EXPECT_EQ(error.code, ErrorCode::unauthenticated);
  EXPECT_THAT(error.message, AllOf(HasSubstr("s3://bucket at"), HasSubstr("AWS_ACCESS_KEY_ID")));
}

}  // namespace
}  // namespace dth::objects::s3
