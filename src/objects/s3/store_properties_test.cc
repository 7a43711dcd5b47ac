// What a write asks for besides bytes and metadata, copies within the store, tags, buckets,
// customers' keys.
#include <gmock/gmock.h>

#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* customer_key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
constexpr const char* customer_key_header = "x-amz-server-side-encryption-customer-key";

ObjectProperties everything() {
  ObjectProperties properties;
  properties.storage_class = "STANDARD_IA";
  properties.canned_acl = "bucket-owner-full-control";
  properties.encryption = Encryption::sse_kms;
  properties.kms_key_id = "key-1";
  properties.bucket_key = true;
  properties.tags = {{"a", ""}, {"colour & shape", "r\xC3\xB6t+1"}};
  properties.lock = {LockMode::compliance, *parse_time("2027-01-01T00:00:00.5Z"), true};
  return properties;
}

void expect_everything(const Seen& seen) {
  EXPECT_EQ(seen.header("x-amz-storage-class"), "STANDARD_IA");
  EXPECT_EQ(seen.header("x-amz-acl"), "bucket-owner-full-control");
  EXPECT_EQ(seen.header("x-amz-server-side-encryption"), "aws:kms");
  EXPECT_EQ(seen.header("x-amz-server-side-encryption-aws-kms-key-id"), "key-1");
  EXPECT_EQ(seen.header("x-amz-server-side-encryption-bucket-key-enabled"), "true");
  EXPECT_EQ(seen.header("x-amz-tagging"), "a=&colour%20%26%20shape=r%C3%B6t%2B1");
  EXPECT_EQ(seen.header("x-amz-object-lock-mode"), "COMPLIANCE");
  EXPECT_EQ(seen.header("x-amz-object-lock-retain-until-date"), "2027-01-01T00:00:00.000000Z");
  EXPECT_EQ(seen.header("x-amz-object-lock-legal-hold"), "ON");
}

CopyRequest copy_request() {
  CopyRequest request;
  request.source = {"other-bucket", "a/../b c+\xC3\xBC", "", "e1"};
  request.key = "k";
  return request;
}

constexpr const char* copied =
    " \n<?xml "
    "version=\"1.0\"?><CopyObjectResult><ETag>&quot;e2&quot;</"
    "ETag><ChecksumCRC64NVME>AAECAwQFBgc=</ChecksumCRC64NVME>"
    "</CopyObjectResult>";

TEST_F(S3StoreTest, PutsAndUploadsAskForTheSameProperties) {
  script_.push_back({.headers = {{"x-amz-server-side-encryption", "aws:kms"}}});
  auto stored = put("hello", {.key = "k", .properties = everything()});
  ASSERT_TRUE(stored) << stored.error().to_string();
  EXPECT_EQ(stored->encryption, Encryption::sse_kms);
  script_.push_back({.body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></"
                             "InitiateMultipartUploadResult>"});
  ASSERT_TRUE(run(store().create_upload({.key = "k", .properties = everything()})));
  for (const Seen& seen : seen_) expect_everything(seen);
}

TEST_F(S3StoreTest, NothingIsAskedForUnlessItIsWanted) {
  script_.push_back({});
  ASSERT_TRUE(put("hello"));
  for (const net::HttpHeader& header : seen_[0].request.headers) {
    EXPECT_THAT(header.name, testing::AnyOf("x-amz-content-sha256", "x-amz-date",
                                            "x-amz-security-token", "Authorization"));
  }
}

TEST_F(S3StoreTest, AHeadTellsTagsLocksAndKeys) {
  script_.push_back(
      {.headers = {{"content-length", "1"},
                   {"x-amz-tagging-count", "3"},
                   {"x-amz-server-side-encryption", "aws:kms"},
                   {"x-amz-server-side-encryption-aws-kms-key-id", "key-1"},
                   {"x-amz-object-lock-mode", "GOVERNANCE"},
                   {"x-amz-object-lock-retain-until-date", "2027-01-01T00:00:00.000000000Z"},
                   {"x-amz-object-lock-legal-hold", "ON"}}});
  auto head = run(store().head("k", ""));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->tag_count, 3u);
  EXPECT_EQ(head->kms_key_id, "key-1");
  EXPECT_EQ(head->lock,
            (ObjectLock{LockMode::governance, *parse_time("2027-01-01T00:00:00Z"), true}));
}

TEST_F(S3StoreTest, TagsAreReadAndSorted) {
  script_.push_back({.body = "<Tagging><TagSet><Tag><Key>z</Key><Value> </Value></Tag>"
                             "<Tag><Key>a&amp;b</Key><Value>v</Value></Tag></TagSet></Tagging>"});
  script_.push_back({.body = "<Tagging><TagSet/></Tagging>"});
  script_.push_back({.body = "<Tagging><TagSet><Tag><Key>z</Key>"});
  auto tags = run(store().get_tags("k", "v 1"));
  ASSERT_TRUE(tags);
  EXPECT_EQ(*tags, (Tags{{"a&b", "v"}, {"z", " "}}));
  EXPECT_EQ(seen_[0].request.target, "/bucket/k?tagging=&versionId=v%201");
  EXPECT_TRUE(run(store().get_tags("k", ""))->empty());
  EXPECT_EQ(run(store().get_tags("k", "")).error().code,
            ErrorCode::unavailable);  // cut off is not empty
}

// ----- Copies within the store -----

TEST_F(S3StoreTest, ACopyIsBoundToItsSourceAndSaysWhatIsReplaced) {
  options_.vendor = "aws";
  script_.push_back(
      {.headers = {{"x-amz-version-id", "v2"}, {"x-amz-server-side-encryption", "AES256"}},
       .body = copied});
  CopyRequest request = copy_request();
  request.metadata.emplace();
  request.metadata->content_type = "text/plain";
  request.metadata->user = {{"owner", "me"}};
  request.keep_tags = false;
  request.properties = everything();
  request.precondition = {.if_absent = false, .if_match = "old"};
  auto result = run(store().copy(request));
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->etag, "e2");
  EXPECT_EQ(result->version_id, "v2");
  EXPECT_EQ(result->checksums.crc64nvme, "AAECAwQFBgc=");
  EXPECT_EQ(result->encryption, Encryption::sse_s3);
  const Seen& seen = seen_[0];
  EXPECT_EQ(seen.request.method, "PUT");
  EXPECT_EQ(seen.header("x-amz-copy-source"), "/other-bucket/a/../b%20c%2B%C3%BC");
  EXPECT_EQ(seen.header("x-amz-copy-source-if-match"), "\"e1\"");
  EXPECT_EQ(seen.header("x-amz-metadata-directive"), "REPLACE");
  EXPECT_EQ(seen.header("Content-Type"), "text/plain");
  EXPECT_EQ(seen.header("x-amz-meta-owner"), "me");
  EXPECT_EQ(seen.header("x-amz-tagging-directive"), "REPLACE");
  EXPECT_EQ(seen.header("If-Match"), "\"old\"");
  expect_everything(seen);
}

TEST_F(S3StoreTest, ACopyThatChangesNothingSaysNothing) {
  options_.vendor = "aws";
  script_.push_back({.body = copied});
  ASSERT_TRUE(run(store().copy(copy_request())));
  for (const char* name :
       {"x-amz-metadata-directive", "x-amz-tagging-directive", "If-Match", "If-None-Match"}) {
    EXPECT_EQ(seen_[0].header(name), "(none)") << name;
  }
}

// Ceph knows the condition by another name and passes over S3's.
TEST_F(S3StoreTest, CephIsAskedForTheConditionInItsOwnWords) {
  script_.push_back({.body = copied});
  CopyRequest request = copy_request();
  request.precondition.if_absent = true;
  ASSERT_TRUE(run(store().copy(request)));
  EXPECT_EQ(seen_[0].header("x-amz-copy-if-match"), "\"e1\"");
  EXPECT_EQ(seen_[0].header("x-amz-copy-source-if-match"), "(none)");
  EXPECT_EQ(seen_[0].header("If-None-Match"), "(none)");
  CopyPartRequest part{.source = copy_request().source,
                       .key = "k",
                       .upload_id = "u",
                       .part_number = 1,
                       .range = {0, 5}};
  EXPECT_EQ(run(store().copy_part(part)).error().code,
            ErrorCode::unsupported);  // it has no condition there
}

TEST_F(S3StoreTest, ACopyWithoutAVersionToBeBoundToIsNotSent) {
  options_.vendor = "aws";
  CopyRequest request = copy_request();
  request.source.if_match.clear();
  EXPECT_EQ(run(store().copy(request)).error().code, ErrorCode::invalid_argument);
  options_.vendor = "generic";
  store_.reset();
  EXPECT_EQ(run(store().copy(copy_request())).error().code, ErrorCode::unsupported);
  EXPECT_TRUE(seen_.empty());
}

TEST_F(S3StoreTest, ACopyMayFailWithin200) {
  options_.vendor = "aws";
  script_.push_back({.body = "\n\n" + error_document("SlowDown")});
  script_.push_back({.body = " \n<CopyObjectResult><ETag>"});
  script_.push_back({.body = error_document("InternalError")});
  EXPECT_EQ(run(store().copy(copy_request())).error().code, ErrorCode::throttled);
  EXPECT_EQ(run(store().copy(copy_request())).error().code, ErrorCode::unavailable);
  CopyPartRequest part{.source = copy_request().source,
                       .key = "k",
                       .upload_id = "u",
                       .part_number = 1,
                       .range = {0, 5}};
  EXPECT_EQ(run(store().copy_part(part)).error().code, ErrorCode::unavailable);
}

TEST_F(S3StoreTest, APartIsCopiedByItsRange) {
  options_.vendor = "aws";
  script_.push_back({.body = "<CopyPartResult><ETag>\"p1\"</ETag></CopyPartResult>"});
  CopyPartRequest request{.source = copy_request().source,
                          .key = "k",
                          .upload_id = "u",
                          .part_number = 7,
                          .range = {100, 50}};
  auto part = run(store().copy_part(request));
  ASSERT_TRUE(part) << part.error().to_string();
  EXPECT_EQ(part->etag, "p1");
  EXPECT_EQ(seen_[0].request.target, "/k?partNumber=7&uploadId=u");
  EXPECT_EQ(seen_[0].header("x-amz-copy-source-range"), "bytes=100-149");
  EXPECT_EQ(seen_[0].header("x-amz-copy-source-if-match"), "\"e1\"");
}

// ----- Buckets -----

TEST_F(S3StoreTest, ABucketIsMadeInItsRegion) {
  options_.vendor = "aws";
  options_.region = "eu-west-1";
  script_.push_back({});
  ASSERT_TRUE(run(store().create_bucket({.object_lock = true})));
  EXPECT_EQ(seen_[0].request.method, "PUT");
  EXPECT_THAT(seen_[0].body, HasSubstr("<LocationConstraint>eu-west-1</LocationConstraint>"));
  EXPECT_EQ(seen_[0].header("x-amz-bucket-object-lock-enabled"), "true");
}

TEST_F(S3StoreTest, TheFirstRegionIsNotNamed) {
  options_.vendor = "aws";
  script_.push_back({.status = 409, .body = error_document("BucketAlreadyOwnedByYou")});
  script_.push_back({.status = 409, .body = error_document("BucketAlreadyExists")});
  EXPECT_TRUE(run(store().create_bucket({})));
  EXPECT_EQ(seen_[0].body, "");
  EXPECT_EQ(run(store().create_bucket({})).error().code, ErrorCode::already_exists);
}

// ----- Customers' keys -----

class CustomerKeyTest : public S3StoreTest {
 protected:
  CustomerKeyTest() { options_.customer_key = CustomerKey::parse(customer_key).value(); }
};

TEST_F(CustomerKeyTest, ItGoesWithWhatNeedsIt) {
  script_.push_back({.headers = {{"x-amz-server-side-encryption-customer-algorithm", "AES256"}}});
  auto stored = put("hello");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->encryption, Encryption::sse_c);
  script_.push_back({.headers = {{"content-length", "1"}}});
  ASSERT_TRUE(run(store().head("k", "")));
  TextBody body("x");
  script_.push_back({});
  ASSERT_TRUE(run(store().upload_part({.key = "k", .upload_id = "u", .part_number = 1}, body)));
  for (const Seen& seen : seen_) {
    EXPECT_EQ(seen.header("x-amz-server-side-encryption-customer-algorithm"), "AES256");
    EXPECT_EQ(seen.header(customer_key_header), customer_key);
    EXPECT_EQ(seen.header("x-amz-server-side-encryption-customer-key-MD5"),
              "hRasmdxgYDKV3nvbahU1MA==");
  }
  script_.push_back({.body = empty_listing});
  ASSERT_TRUE(run(store().list({})));
  EXPECT_EQ(seen_.back().header(customer_key_header), "(none)");
}

TEST_F(CustomerKeyTest, ObjectsWithoutItAreReadWithoutIt) {
  script_.push_back({.status = 400, .body = error_document("InvalidRequest")});
  script_.push_back({.headers = {{"content-length", "1"}}, .body = "x"});
  script_.push_back({.headers = {{"content-length", "1"}}, .body = "x"});
  script_.push_back({.status = 400});  // of a HEAD: no words
  script_.push_back({.headers = {{"content-length", "1"}}});
  ASSERT_TRUE(run(store().get({.key = "plain"})));
  ASSERT_TRUE(run(store().get({.key = "plain too"})));
  ASSERT_TRUE(run(store().head("encrypted", "")));
  std::vector<bool> with_key;
  for (const Seen& seen : seen_) with_key.push_back(seen.header(customer_key_header) != "(none)");
  EXPECT_EQ(with_key, (std::vector<bool>{true, false, false, false, true}));
}

TEST_F(CustomerKeyTest, ARefusalThatIsNoneOfItsBusinessIsToldAfterOneMoreTry) {
  script_.push_back({.status = 400, .body = error_document("InvalidRequest")});
  script_.push_back({.status = 400, .body = error_document("InvalidRequest")});
  EXPECT_FALSE(run(store().get({.key = "k"})));
  EXPECT_EQ(seen_.size(), 2u);
}

TEST_F(CustomerKeyTest, ItNeverGoesOverANetworkInPlain) {
  options_.endpoint = net::HttpOrigin{.host = "store.example.com", .port = 80, .tls = false};
  auto refused = put("hello");
  EXPECT_THAT(refused.error().message, HasSubstr("TLS only"));
  EXPECT_TRUE(seen_.empty());
  store_.reset();
  options_.endpoint = net::HttpOrigin{.host = "127.0.0.1", .port = 9000, .tls = false};
  script_.push_back({});
  EXPECT_TRUE(put("hello"));
}

TEST_F(CustomerKeyTest, ItIsTakenOutOfWhatAServerSays) {
  script_.push_back({.status = 400,
                     .body = error_document("InvalidArgument", std::string("<Message>with ") +
                                                                   customer_key + "</Message>")});
  auto refused = put("hello");
  EXPECT_THAT(refused.error().to_string(), Not(HasSubstr(customer_key)));
  EXPECT_THAT(refused.error().to_string(), HasSubstr("***"));
}

TEST(CustomerKey, Is32BytesInBase64AndNeverRepeated) {
  for (const char* text : {"", "c2hvcnQ=", "not base64 at all, but long enough to be one",
                           "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}) {
    auto key = CustomerKey::parse(text);
    ASSERT_TRUE(key.has_error()) << text;
    if (*text == '\0') continue;
    EXPECT_THAT(key.error().to_string(), Not(HasSubstr(text)));
  }
}

// ----- Lessons -----

TEST_F(S3StoreTest, ABucketThatDemandsDigestsIsRemembered) {
  script_.push_back(
      {.status = 400,
       .body = error_document("InvalidRequest",
                              "<Message>Content-MD5 OR x-amz-checksum- HTTP header is required "
                              "for Put Object requests with Object Lock parameters</Message>")});
  EXPECT_FALSE(store().limits().writes_need_digest);
  EXPECT_EQ(put("hello").error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(store().limits().writes_need_digest);
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(S3StoreTest, ChecksumsThatAreRefusedAreNotSentAgain) {
  options_.vendor = "minio";
  script_.push_back({.status = 501, .body = error_document("NotImplemented")});
  PutRequest request{.key = "k"};
  request.checksums.crc64nvme = "AAECAwQFBgc=";
  AidTrial trial;
  request.trial = &trial;
  const Error error = put("hello", request).error();  // to be sent with another proof
  EXPECT_EQ(error.code, ErrorCode::unavailable);
  EXPECT_EQ(error.reason, ErrorReason::aid_refused);
  EXPECT_TRUE(trial.without.has(TransferAid::checksums));
  EXPECT_TRUE(store().limits().enforces_checksums) << "a refusal alone teaches nothing";
  script_.push_back({});
  request.checksums = {};
  ASSERT_TRUE(put("hello", request));
  EXPECT_FALSE(store().limits().enforces_checksums);
  EXPECT_EQ(seen_.size(), 2u);
}

TEST_F(S3StoreTest, ABadDigestTeachesNothingAboutChecksums) {
  options_.vendor = "minio";
  script_.push_back(
      {.status = 400,
       .body = error_document("XAmzContentChecksumMismatch", "<Message>checksum</Message>")});
  PutRequest request{.key = "k"};
  request.checksums.crc64nvme = "AAECAwQFBgc=";
  EXPECT_EQ(put("hello", request).error().code, ErrorCode::data_corrupted);
  EXPECT_TRUE(store().limits().enforces_checksums);
}

}  // namespace
}  // namespace dth::objects::s3
