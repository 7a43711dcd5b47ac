// Credentials that come to their end, requests that somebody else pays for, and none at all.
#include <gmock/gmock.h>

#include "cloud/aws/renewing.h"
#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Gives the keys "id-1", "id-2", ... as long as there are any.
class SessionSource final : public aws::CredentialSource {
 public:
  explicit SessionSource(int* given) : given_(given) {}
  Async<Result<Fetched>> fetch() override {
    if (last > 0 && *given_ >= last)
      co_return Error{ErrorCode::permission_denied, "no more sessions", ""};
    co_return Fetched{{"id-" + std::to_string(++*given_), "s3cr3t", "t0ken"},
                      std::chrono::hours(1)};
  }
  int last = 0;

 private:
  int* given_;
};

class CredentialsTest : public S3StoreTest {
 protected:
  CredentialsTest() {
    auto source = std::make_shared<SessionSource>(&sessions_);
    source_ = source.get();
    credentials_ = aws::make_renewing_provider(source, context_.get_executor(), clock_);
  }
  std::string signed_by(std::size_t request) {
    return seen_.at(request).header("Authorization").substr(28, 4);
  }

  int sessions_ = 0;
  SessionSource* source_;
};

TEST_F(CredentialsTest, ASessionThatEndedIsReplacedAndTheRequestSentAgain) {
  for (const char* code : {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
                           "InvalidToken", "InvalidAccessKeyId"}) {
    seen_.clear();
    script_.push_back({.status = 400, .body = error_document(code)});
    script_.push_back({.body = empty_listing});
    script_.push_back({.body = empty_listing});
    ASSERT_TRUE(run(store().list({}))) << code;
    ASSERT_TRUE(run(store().list({})));
    ASSERT_EQ(seen_.size(), 3u);
    EXPECT_NE(signed_by(0), signed_by(1));
    EXPECT_EQ(signed_by(1), signed_by(2));
  }
  EXPECT_EQ(sessions_, 6);
}

TEST_F(CredentialsTest, ANewSessionThatIsRefusedTooIsTheEnd) {
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  EXPECT_EQ(run(store().list({})).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(seen_.size(), 2u);
  EXPECT_EQ(sessions_, 2);
}

TEST_F(CredentialsTest, WhereNoNewSessionIsToBeHadThatIsSaid) {
  source_->last = 1;
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  const Error error = run(store().list({})).error();
  EXPECT_EQ(error.code, ErrorCode::unauthenticated);
  EXPECT_THAT(error.message, AllOf(HasSubstr("s3://bucket"), HasSubstr("no more sessions")));
}

TEST_F(CredentialsTest, ASmallPartIsSentAgainWithTheNewSession) {
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  script_.push_back({.headers = {{"ETag", "\"e\""}}});
  TextBody body("part", 1 << 20, false);
  UploadPartRequest request;
  request.key = "k";
  request.upload_id = "u";
  request.part_number = 1;
  ASSERT_TRUE(run(store().upload_part(request, body)));
  EXPECT_EQ(seen_[1].body, "part");
  EXPECT_EQ(signed_by(1), "id-2");
}

TEST_F(CredentialsTest, ALargePartThatIsSpentIsLeftToTheNextAttempt) {
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  TextBody body(std::string(2'000'000, 'x'), 1 << 20, false);
  UploadPartRequest request;
  request.key = "k";
  request.upload_id = "u";
  request.part_number = 1;
  EXPECT_EQ(run(store().upload_part(request, body)).error().code, ErrorCode::unavailable);
  script_.push_back({.body = empty_listing});
  ASSERT_TRUE(run(store().list({})));
  EXPECT_EQ(signed_by(1), "id-2");
}

TEST_F(CredentialsTest, AHeadThatIsRefusedWithoutAWordIsAskedAbout) {
  script_.push_back({.status = 400});
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  script_.push_back({.body = empty_listing});
  script_.push_back({.headers = {{"content-length", "0"}}});
  ASSERT_TRUE(run(store().head("k", "")));
  ASSERT_EQ(seen_.size(), 4u);
  EXPECT_EQ(seen_[3].request.method, "HEAD");
  EXPECT_EQ(signed_by(3), "id-2");
}

TEST_F(CredentialsTest, AHeadThatIsRefusedForAnotherReasonCostsOneQuestion) {
  script_.push_back({.status = 400});
  script_.push_back({.body = empty_listing});
  script_.push_back({.status = 400});  // nor is it x-amz-checksum-mode
  EXPECT_EQ(run(store().head("k", "")).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(seen_.size(), 3u);
  EXPECT_EQ(sessions_, 1);
}

TEST_F(S3StoreTest, ASessionThatNobodyRenewsEndsInClearWords) {
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  const Error listing = run(store().list({})).error();
  EXPECT_EQ(listing.code, ErrorCode::unauthenticated);
  EXPECT_THAT(listing.message, HasSubstr("the session has expired; get new credentials"));
  script_.push_back({.status = 400});
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  EXPECT_EQ(run(store().head("k", "")).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(seen_.size(), 3u);
}

// A question that was not answered is asked again: a bad moment says nothing of credentials.
TEST_F(S3StoreTest, OnlyAnAnswerIsKeptOfWhatWasAskedAboutARefusalWithoutWords) {
  script_.push_back({.status = 400});
  script_.push_back({.status = 503, .body = error_document("SlowDown")});
  script_.push_back({.status = 400});  // nor is it x-amz-checksum-mode
  EXPECT_EQ(run(store().head("k", "")).error().code, ErrorCode::invalid_argument);
  ASSERT_EQ(seen_.size(), 3u);
  script_.push_back({.status = 400});
  script_.push_back({.status = 400, .body = error_document("ExpiredToken")});
  EXPECT_EQ(run(store().head("k", "")).error().code, ErrorCode::unauthenticated);
  ASSERT_EQ(seen_.size(), 5u) << "it is asked again";
  script_.push_back({.status = 400});
  EXPECT_EQ(run(store().head("k", "")).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(seen_.size(), 6u) << "that answer holds for a moment";
}

// ----- Requester pays, anonymous -----

class EveryOperation : public S3StoreTest {
 protected:
  // Sends one request of each kind that there is; what is answered does not matter.
  void send_all() {
    options_.vendor = "aws";  // which has all of them
    TextBody body("x");
    for (int i = 0; i < 20; ++i) script_.push_back({.status = 404});
    (void)run(store().check());
    (void)run(store().list({}));
    (void)run(store().head("k", ""));
    (void)run(store().get({.key = "k"}));
    (void)run(store().put({.key = "k"}, body));
    (void)run(store().remove({.key = "k"}));
    const CopySource source{.bucket = "other", .key = "s", .if_match = "e"};
    (void)run(store().copy({.source = source, .key = "k"}));
    (void)run(store().copy_part({.source = source, .key = "k", .upload_id = "u", .range = {0, 1}}));
    (void)run(store().get_tags("k", ""));
    (void)run(store().create_bucket({}));
    (void)run(store().create_upload({.key = "k"}));
    UploadPartRequest part;
    part.key = "k";
    part.upload_id = "u";
    part.part_number = 1;
    body.rewind();
    (void)run(store().upload_part(part, body));
    CompleteUploadRequest complete;
    complete.key = "k";
    complete.upload_id = "u";
    complete.parts.push_back({1, "e"});
    (void)run(store().complete_upload(complete));
    (void)run(store().abort_upload("k", "u"));
    (void)run(store().list_uploads("k"));
    (void)run(store().list_parts("k", "u"));
    ASSERT_GE(seen_.size(), 16u);
  }
};

TEST_F(EveryOperation, AgreesToPayWhereItWasToldTo) {
  options_.requester_pays = true;
  send_all();
  for (const Seen& seen : seen_) {
    EXPECT_EQ(seen.header("x-amz-request-payer"), "requester")
        << seen.request.method << " " << seen.request.target;
    EXPECT_THAT(seen.header("Authorization"), HasSubstr("x-amz-request-payer"))
        << "not signed: " << seen.request.target;
  }
}

TEST_F(EveryOperation, PaysForNobodyByItself) {
  send_all();
  for (const Seen& seen : seen_) EXPECT_EQ(seen.header("x-amz-request-payer"), "(none)");
}

TEST_F(EveryOperation, IsUnsignedForTheAnonymous) {
  options_.anonymous = true;
  send_all();
  for (const Seen& seen : seen_) {
    for (const char* name :
         {"Authorization", "x-amz-security-token", "x-amz-date", "x-amz-content-sha256"}) {
      EXPECT_EQ(seen.header(name), "(none)") << seen.request.method << " " << seen.request.target;
    }
  }
}

TEST_F(S3StoreTest, ARefusalWithoutWordsIsAskedAboutOnceASecond) {
  for (int i = 0; i < 2; ++i) script_.push_back({.status = 403});
  script_.insert(script_.begin() + 1, {.body = empty_listing});
  EXPECT_EQ(run(store().head("a", "")).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(run(store().head("b", "")).error().code, ErrorCode::permission_denied);
  ASSERT_EQ(seen_.size(), 3u);
  clock_.advance(std::chrono::seconds(2));
  script_.push_back({.status = 403});
  script_.push_back({.status = 403, .body = error_document("InvalidAccessKeyId")});
  const Error error = run(store().head("c", "")).error();
  EXPECT_EQ(error.code, ErrorCode::unauthenticated);
  EXPECT_THAT(error.detail, HasSubstr("InvalidAccessKeyId"));
}

}  // namespace
}  // namespace dth::objects::s3
