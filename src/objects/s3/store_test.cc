#include <gmock/gmock.h>

#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// ----- Requests -----

TEST_F(S3StoreTest, APutOverTlsCarriesWhatItWasGiven) {
  script_.push_back(
      {.headers = {
           {"ETag", "\"e1\""}, {"x-amz-version-id", "v1"}, {"x-amz-checksum-crc32c", "q83vEg=="}}});
  PutRequest request{.key = "a/../b c"};
  request.metadata.content_type = "text/plain";
  request.metadata.content_encoding = "gzip,aws-chunked";
  request.metadata.cache_control = "no-store";
  request.metadata.expires = "never";
  request.metadata.user = {{"colour", "gr\xC3\xBCn"}, {"x", "=?UTF-8?B?eA==?="}};
  request.properties.storage_class = "STANDARD_IA";
  request.content_md5 = hash(HashAlgorithm::md5, as_bytes("hello"));
  request.checksums.crc64nvme = "abc=";
  request.precondition = {.if_absent = true, .if_match = "old"};
  auto result = put("hello", request);
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->etag, "e1");
  EXPECT_EQ(result->version_id, "v1");
  EXPECT_EQ(result->checksums.crc32c, "q83vEg==");
  ASSERT_EQ(seen_.size(), 1u);
  const Seen& seen = seen_[0];
  EXPECT_EQ(seen.request.method, "PUT");
  EXPECT_EQ(seen.request.target, "/bucket/a/../b%20c");
  EXPECT_EQ(seen.body, "hello");
  EXPECT_EQ(seen.header("Content-Type"), "text/plain");
  EXPECT_EQ(seen.header("Content-Encoding"), "gzip");
  EXPECT_EQ(seen.header("Cache-Control"), "no-store");
  EXPECT_EQ(seen.header("Expires"), "never");
  EXPECT_EQ(seen.header("x-amz-meta-colour"), "gr\xC3\xBCn");
  EXPECT_EQ(seen.header("x-amz-meta-x"), "=?UTF-8?B?eA==?=");
  EXPECT_EQ(seen.header("x-amz-storage-class"), "STANDARD_IA");
  EXPECT_EQ(seen.header("Content-MD5"), "XUFAKrxLKna5cZ2REBfFkg==");
  EXPECT_EQ(seen.header("x-amz-checksum-crc64nvme"), "abc=");
  EXPECT_EQ(seen.header("If-None-Match"), "*");
  EXPECT_EQ(seen.header("If-Match"), "old");  // as Ceph wants it
  EXPECT_EQ(seen.header("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
  EXPECT_EQ(seen.header("x-amz-date"), "20261123T120000Z");
  EXPECT_EQ(seen.header("x-amz-security-token"), "t0ken-of-session");
  EXPECT_THAT(seen.header("Authorization"),
              AllOf(HasSubstr("Credential=AKID/20261123/us-east-1/s3/"),
                    HasSubstr(";x-amz-meta-colour;"), HasSubstr("content-md5;")));
  EXPECT_FALSE(seen.request.expect_continue);
  EXPECT_FALSE(store().limits().payload_always_signed);
  EXPECT_EQ(counters_.put, 1u);
}

TEST_F(S3StoreTest, OverPlainHttpASmallPayloadIsHashed) {
  options_.endpoint = net::HttpOrigin{.host = "127.0.0.1", .port = 9000, .tls = false};
  script_.push_back({});
  ASSERT_TRUE(put("Welcome to Amazon S3."));
  EXPECT_EQ(seen_[0].header("x-amz-content-sha256"),
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  EXPECT_EQ(seen_[0].body, "Welcome to Amazon S3.");
  EXPECT_TRUE(store().limits().payload_always_signed);
}

TEST_F(S3StoreTest, ChunksAreNamedWhereTheServerTakesTheNameOff) {
  options_.endpoint = net::HttpOrigin{.host = "127.0.0.1", .port = 9000, .tls = false};
  options_.vendor = "minio";
  script_.push_back({});
  PutRequest request{.key = "k"};
  request.metadata.content_encoding = "gzip";
  ASSERT_TRUE(put(std::string(3'000'000, 'x'), request, 700'000));
  EXPECT_EQ(seen_[0].header("x-amz-content-sha256"), "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  EXPECT_EQ(seen_[0].header("Content-Encoding"), "aws-chunked,gzip");
}

TEST_F(S3StoreTest, OverPlainHttpABodyInPiecesIsSignedInChunks) {
  options_.endpoint = net::HttpOrigin{.host = "127.0.0.1", .port = 9000, .tls = false};
  script_.push_back({});
  const std::string text(3'000'000, 'x');
  PutRequest request{.key = "k"};
  request.metadata.content_encoding = "gzip";
  ASSERT_TRUE(put(text, request, 700'000));
  const Seen& seen = seen_[0];
  EXPECT_EQ(seen.header("x-amz-content-sha256"), "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  EXPECT_EQ(seen.header("x-amz-decoded-content-length"), "3000000");
  EXPECT_EQ(seen.header("Content-Encoding"), "gzip");  // Ceph would store "aws-chunked"
  EXPECT_TRUE(seen.request.expect_continue);
  // Take the frames apart again.
  std::string decoded;
  std::vector<std::size_t> sizes;
  std::string_view rest = seen.body;
  for (;;) {
    const std::size_t end = rest.find("\r\n");
    ASSERT_NE(end, rest.npos);
    ASSERT_EQ(rest.substr(0, end).find(";chunk-signature="), rest.find(';'));
    const std::size_t size = std::stoul(std::string(rest.substr(0, rest.find(';'))), nullptr, 16);
    rest.remove_prefix(end + 2);
    decoded += rest.substr(0, size);
    ASSERT_EQ(rest.substr(size, 2), "\r\n");
    rest.remove_prefix(size + 2);
    sizes.push_back(size);
    if (size == 0) break;
  }
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(decoded, text);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1 << 20, 1 << 20, 3'000'000 - (2 << 20), 0}));
}

TEST_F(S3StoreTest, AnonymousRequestsCarryNoSignature) {
  options_.anonymous = true;
  script_.push_back({.body = empty_listing});
  script_.push_back({});
  ASSERT_TRUE(run(store().list({})));
  ASSERT_TRUE(put("x"));
  for (const Seen& seen : seen_) {
    EXPECT_EQ(seen.header("Authorization"), "(none)");
    EXPECT_EQ(seen.header("x-amz-content-sha256"), "(none)");
  }
}

TEST_F(S3StoreTest, AmazonIsFoundByRegionAndBucket) {
  options_.endpoint.reset();
  options_.vendor.clear();
  options_.region = "cn-north-1";
  script_.push_back({.body = empty_listing});
  ASSERT_TRUE(run(store().list({})));
  EXPECT_EQ(seen_[0].origin.host, "bucket.s3.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(store().describe(), "s3://bucket at https://bucket.s3.cn-north-1.amazonaws.com.cn");
  EXPECT_TRUE(store().limits().enforces_checksums);
}

TEST_F(S3StoreTest, OptionsThatCannotWorkFailEveryCallAndSendNothing) {
  for (const auto& change : std::vector<std::function<void(S3Options&)>>{
           [](S3Options& o) { o.bucket = ""; }, [](S3Options& o) { o.bucket = "a/b"; },
           [](S3Options& o) { o.vendor = "nobody"; }, [](S3Options& o) { o.region = "A b"; },
           [](S3Options& o) { o.endpoint.reset(), o.region = "nowhere"; }}) {
    S3Options options = options_;
    change(options);
    S3Store broken(options, std::make_unique<ScriptedTransport>(&script_, &seen_), clock_, nullptr,
                   counters_);
    EXPECT_EQ(run(broken.check()).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(run(broken.head("k", "")).error().code, ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(seen_.empty());
}

TEST_F(S3StoreTest, AKeyOfMoreThan1024BytesIsRefusedBeforeItIsSent) {
  EXPECT_EQ(run(store().head(std::string(1025, 'k'), "")).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(run(store().head("", "")).error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(seen_.empty());
}

// ----- Answers -----

// A vendor that encodes: what is not ASCII is UTF-8 here, whatever it looks like on the wire.
TEST_F(S3StoreTest, UserMetadataThatIsNotAsciiTravelsAsTheVendorHasIt) {
  options_.vendor = "aws";
  PutRequest request{.key = "k"};
  request.metadata.user = {{"colour", "gr\xC3\xBCn"}, {"plain", "=?UTF-8?B?eA==?="}};
  script_.push_back({.headers = {{"ETag", "\"e\""}}});
  ASSERT_TRUE(put("hello", request));
  EXPECT_EQ(seen_[0].header("x-amz-meta-colour"), "=?UTF-8?B?Z3LDvG4=?=");
  EXPECT_EQ(seen_[0].header("x-amz-meta-plain"), "=?UTF-8?B?eA==?=");
  CreateUploadRequest create{.key = "k"};
  create.metadata = request.metadata;
  script_.push_back({.body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></"
                             "InitiateMultipartUploadResult>"});
  ASSERT_TRUE(run(store().create_upload(create)));
  EXPECT_EQ(seen_[1].header("x-amz-meta-colour"), "=?UTF-8?B?Z3LDvG4=?=");
  script_.push_back({.headers = {{"content-length", "5"},
                                 {"ETag", "\"e\""},
                                 {"x-amz-meta-colour", "=?UTF-8?Q?gr=C3=BCn?="}}});
  auto head = run(store().head("k", ""));
  ASSERT_TRUE(head);
  const std::vector<std::pair<std::string, std::string>> user{{"colour", "gr\xC3\xBCn"}};
  EXPECT_EQ(head->metadata.user, user);
}

TEST_F(S3StoreTest, UserMetadataIsLeftAsItIsWhereTheVendorEncodesNone) {
  options_.vendor = "ceph";
  PutRequest request{.key = "k"};
  request.metadata.user = {{"colour", "gr\xC3\xBCn"}};
  script_.push_back({.headers = {{"ETag", "\"e\""}}});
  ASSERT_TRUE(put("hello", request));
  EXPECT_EQ(seen_[0].header("x-amz-meta-colour"), "gr\xC3\xBCn");
  script_.push_back({.headers = {{"content-length", "5"},
                                 {"ETag", "\"e\""},
                                 {"x-amz-meta-colour", "=?UTF-8?Q?gr=C3=BCn?="}}});
  auto head = run(store().head("k", ""));
  ASSERT_TRUE(head);
  const std::vector<std::pair<std::string, std::string>> user{{"colour", "=?UTF-8?Q?gr=C3=BCn?="}};
  EXPECT_EQ(head->metadata.user, user);
}

TEST_F(S3StoreTest, AHeadTellsHowAnArchivedObjectStands) {
  const std::tuple<const char*, const char*, const char*, Archive> cases[] = {
      {"GLACIER", "", "", Archive::archived},
      {"DEEP_ARCHIVE", "", "", Archive::archived},
      {"GLACIER", "ongoing-request=\"true\"", "", Archive::restoring},
      {"GLACIER", "ongoing-request=\"false\", expiry-date=\"Fri, 21 Dec 2012 00:00:00 GMT\"", "",
       Archive::restored},
      {"GLACIER_IR", "", "", Archive::none},
      {"INTELLIGENT_TIERING", "", "DEEP_ARCHIVE_ACCESS", Archive::archived_tier},
      {"INTELLIGENT_TIERING", "ongoing-request=\"true\"", "ARCHIVE_ACCESS", Archive::restoring},
      {"INTELLIGENT_TIERING", "", "", Archive::none}};
  for (const auto& [storage_class, restore, status, expected] : cases) {
    script_.push_back(
        {.headers = {
             {"content-length", "1"}, {"ETag", "\"e\""}, {"x-amz-storage-class", storage_class}}});
    if (*restore) script_.back().headers.push_back({"x-amz-restore", restore});
    if (*status) script_.back().headers.push_back({"x-amz-archive-status", status});
    EXPECT_EQ(run(store().head("k", ""))->archive, expected) << storage_class << restore;
  }
}

TEST_F(S3StoreTest, ARestoreNamesDaysAndTierAndMayBeAskedForAgain) {
  script_.push_back({.status = 202});
  ASSERT_TRUE(run(
      store().restore({.key = "a b", .version_id = "v", .days = 3, .tier = RestoreTier::bulk})));
  EXPECT_EQ(seen_[0].request.method, "POST");
  EXPECT_EQ(seen_[0].request.target, "/bucket/a%20b?restore=&versionId=v");
  EXPECT_THAT(seen_[0].body, HasSubstr("<Days>3</Days><GlacierJobParameters><Tier>Bulk</Tier>"));
  script_.push_back(
      {.status = 409, .body = "<Error><Code>RestoreAlreadyInProgress</Code></Error>"});
  ASSERT_TRUE(run(store().restore({.key = "k", .days = 0})));
  EXPECT_EQ(seen_[1].body.find("Days"), std::string::npos) << seen_[1].body;
  script_.push_back(
      {.status = 503, .body = "<Error><Code>GlacierExpeditedRetrievalNotAvailable</Code></Error>"});
  EXPECT_EQ(run(store().restore({.key = "k"})).error().code, ErrorCode::unavailable);
  script_.push_back({.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"});
  EXPECT_EQ(run(store().restore({.key = "k"})).error().code, ErrorCode::permission_denied);
}

TEST_F(S3StoreTest, AHeadTellsAllMetadata) {
  script_.push_back({.headers = {{"content-length", "12"},
                                 {"ETag", "\"abc-2\""},
                                 {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                 {"Content-Type", "text/html"},
                                 {"Content-Encoding", "aws-chunked, gzip"},
                                 {"Content-Language", "de"},
                                 {"X-Amz-Meta-Zed", "1"},
                                 {"x-amz-meta-a", "=?UTF-8?Q?=C3=A9?="},
                                 {"x-amz-storage-class", "GLACIER"},
                                 {"x-amz-version-id", "v"},
                                 {"x-amz-checksum-sha256", "aaaa-3"},
                                 {"x-amz-server-side-encryption", "aws:kms:dsse"}}});
  auto head = run(store().head("k", "v"));
  ASSERT_TRUE(head);
  EXPECT_EQ(seen_[0].request.target, "/bucket/k?versionId=v");
  EXPECT_EQ(head->info.key, "k");
  EXPECT_EQ(head->info.size, 12u);
  EXPECT_EQ(head->info.etag, "abc-2");
  EXPECT_EQ(format_time(head->info.last_modified.value()), "1994-11-06T08:49:37.000000Z");
  EXPECT_EQ(head->info.storage_class, "GLACIER");
  EXPECT_EQ(head->metadata.content_encoding, "gzip");
  EXPECT_EQ(head->metadata.content_language, "de");
  const std::vector<std::pair<std::string, std::string>> user{{"a", "=?UTF-8?Q?=C3=A9?="},
                                                              {"zed", "1"}};
  EXPECT_EQ(head->metadata.user, user);
  EXPECT_TRUE(head->checksums.composite);
  EXPECT_EQ(head->encryption, Encryption::sse_kms);
  EXPECT_EQ(counters_.head, 1u);
}

TEST_F(S3StoreTest, AChecksumOfAnObjectInPartsIsOfTheWholeOnlyWhereThatIsSaid) {
  const auto composite = [this](net::HttpHeaders headers) {
    headers.push_back({"content-length", "12"});
    script_.push_back({.headers = std::move(headers)});
    auto head = run(store().head("k", ""));
    return head.has_value() && head->checksums.composite;
  };
  EXPECT_TRUE(composite({{"ETag", "\"abc-2\""}, {"x-amz-checksum-crc32c", "AAAAAA=="}}));
  EXPECT_FALSE(composite({{"ETag", "\"abc-2\""},
                          {"x-amz-checksum-crc32c", "AAAAAA=="},
                          {"x-amz-checksum-type", "FULL_OBJECT"}}));
  EXPECT_FALSE(composite({{"ETag", "\"abc-2\""}, {"x-amz-checksum-crc64nvme", "AAAAAAAAAAA="}}));
  EXPECT_FALSE(composite({{"ETag", "\"abc\""}, {"x-amz-checksum-crc32c", "AAAAAA=="}}));
}

TEST_F(S3StoreTest, ChecksumsThatAreNoDigestsArePassedOver) {
  const std::string crc32 = "q83vEg==", crc64 = "AAECAwQFBgc=",
                    sha256 = "LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=";
  script_.push_back({.headers = {{"content-length", "1"},
                                 {"x-amz-checksum-crc32", crc32},
                                 {"x-amz-checksum-crc32c", crc64},
                                 {"x-amz-checksum-crc64nvme", crc32}}});
  script_.push_back({.headers = {{"content-length", "1"},
                                 {"x-amz-checksum-crc32c", crc32},
                                 {"x-amz-checksum-crc64nvme", crc64},
                                 {"x-amz-checksum-sha256", sha256 + "-3"}}});
  script_.push_back({.headers = {{"content-length", "1"},
                                 {"x-amz-checksum-sha256", "?" + sha256},
                                 {"x-amz-checksum-sha1", sha256}}});
  script_.push_back({.body = "<CompleteMultipartUploadResult><ETag>x-1</ETag><ChecksumCRC64NVME>" +
                             crc32 + "</ChecksumCRC64NVME></CompleteMultipartUploadResult>"});
  const Checksums first = run(store().head("k", "")).value().checksums;
  EXPECT_EQ(first.crc32, crc32);
  EXPECT_EQ(first.crc32c + first.crc64nvme, "");
  const Checksums second = run(store().head("k", "")).value().checksums;
  EXPECT_EQ(second.crc32c, crc32);
  EXPECT_EQ(second.crc64nvme, crc64);
  EXPECT_EQ(second.sha256, sha256 + "-3");
  const Checksums third = run(store().head("k", "")).value().checksums;
  EXPECT_EQ(third.sha256 + third.sha1, "");
  const CompleteUploadRequest complete{.key = "k", .upload_id = "u", .parts = {{1, "e1"}}};
  EXPECT_EQ(run(store().complete_upload(complete)).value().checksums.crc64nvme, "");
}

TEST_F(S3StoreTest, ARangedGetIsHeldToWhatWasAsked) {
  const net::HttpHeaders good{
      {"Content-Range", "bytes 2-5/10"}, {"content-length", "4"}, {"ETag", "\"e\""}};
  script_.push_back({.status = 206, .headers = good, .body = "cdef"});
  script_.push_back({.status = 200,
                     .headers = {{"content-length", "10"}, {"ETag", "\"e\""}},
                     .body = "abcdefghij"});
  script_.push_back({.status = 206,
                     .headers = {{"Content-Range", "bytes 2-4/10"}, {"ETag", "\"e\""}},
                     .body = "cde"});
  script_.push_back({.status = 206,
                     .headers = {{"Content-Range", "bytes 2-5/10"}, {"ETag", "\"other\""}},
                     .body = "cdef"});
  const GetRequest request{.key = "k", .if_match = "e", .range = ByteRange{2, 4}};
  auto result = run(store().get(request));
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->head.info.size, 10u);
  EXPECT_EQ(*run(read_all(*result->body, 100)), "cdef");
  EXPECT_EQ(seen_[0].header("Range"), "bytes=2-5");
  EXPECT_EQ(seen_[0].header("If-Match"), "\"e\"");
  EXPECT_EQ(seen_[0].header("Accept-Encoding"), "identity");
  EXPECT_EQ(seen_[0].header("x-amz-checksum-mode"), "ENABLED");
  EXPECT_EQ(run(store().get(request)).error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(run(store().get(request)).error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(run(store().get(request)).error().code, ErrorCode::precondition_failed);
}

TEST_F(S3StoreTest, ABodyThatIsNotAsLongAsAnnouncedFails) {
  script_.push_back({.headers = {{"content-length", "5"}}, .body = "abc"});
  script_.push_back({.headers = {{"content-length", "2"}}, .body = "abc"});
  auto cut = run(store().get({.key = "k"}));
  ASSERT_TRUE(cut);
  EXPECT_EQ(run(read_all(*cut->body, 100)).error().code, ErrorCode::unavailable);
  auto more = run(store().get({.key = "k"}));
  ASSERT_TRUE(more);
  EXPECT_EQ(run(read_all(*more->body, 100)).error().code, ErrorCode::data_corrupted);
}

TEST_F(S3StoreTest, AnUploadIsCreatedOnceAndOnAConnectionOfItsOwn) {
  script_.push_back({.body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></"
                             "InitiateMultipartUploadResult>"});
  ASSERT_TRUE(run(store().create_upload({.key = "k"})));
  EXPECT_TRUE(seen_[0].request.fresh_connection);
}

TEST_F(S3StoreTest, CompleteMayFailWithin200) {
  const CompleteUploadRequest request{
      .key = "k", .upload_id = "u", .parts = {{1, "e1"}, {2, "e2"}}};
  script_.push_back(
      {.body = "  \n  <?xml "
               "version=\"1.0\"?><CompleteMultipartUploadResult><ETag>&quot;x-2&quot;</ETag>"
               "</CompleteMultipartUploadResult>"});
  script_.push_back({.body = "   " + error_document("InternalError")});
  script_.push_back({.body = "   "});
  script_.push_back({.body = "<CompleteMultipartUploadResult><ETag>x"});
  auto result = run(store().complete_upload(request));
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->etag, "x-2");
  EXPECT_EQ(seen_[0].request.target, "/bucket/k?uploadId=u");
  EXPECT_THAT(seen_[0].body,
              HasSubstr("<Part><PartNumber>2</PartNumber><ETag>&quot;e2&quot;</ETag></Part>"));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(run(store().complete_upload(request)).error().code, ErrorCode::unavailable);
  // As moto names it.
  script_.push_back({.body = "<CompleteMultipartUploadResponse><ETag>&quot;x-2&quot;</ETag></"
                             "CompleteMultipartUploadResponse>"});
  EXPECT_EQ(run(store().complete_upload(request)).value().etag, "x-2");
}

TEST_F(S3StoreTest, CompleteOfAnUploadThatIsGoneIsToldFromOneUnderWay) {
  const std::string locked = error_document(
      "InternalError", "<Message>This multipart completion is already in progress</Message>");
  const CompleteUploadRequest request{.key = "k", .upload_id = "u", .parts = {{1, "e1"}}};
  script_.push_back({.status = 500, .body = locked});
  script_.push_back({.status = 404, .body = error_document("NoSuchUpload")});
  EXPECT_EQ(run(store().complete_upload(request)).error().code, ErrorCode::not_found);
  EXPECT_THAT(seen_[1].request.target, HasSubstr("uploadId=u"));
  script_.push_back({.status = 500, .body = locked});
  script_.push_back(
      {.body = "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>"});
  EXPECT_EQ(run(store().complete_upload(request)).error().code, ErrorCode::unavailable);
}

TEST_F(S3StoreTest, ARangeThatRunsOverTheEndIsCutThere) {
  script_.push_back({.status = 206,
                     .headers = {{"Content-Range", "bytes 8-9/10"}, {"ETag", "\"e\""}},
                     .body = "ij"});
  auto result = run(store().get({.key = "k", .range = ByteRange{8, 100}}));
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(*run(read_all(*result->body, 100)), "ij");
}

TEST_F(S3StoreTest, UploadsOfExactlyOneKey) {
  script_.push_back({.body = "<ListMultipartUploadsResult><EncodingType>url</EncodingType>"
                             "<Upload><Key>a%2Bb</Key><UploadId>1</"
                             "UploadId><Initiated>2026-01-01T00:00:00Z</Initiated>"
                             "</Upload><Upload><Key>a%2Bbc</Key><UploadId>2</UploadId></Upload>"
                             "</ListMultipartUploadsResult>"});
  auto uploads = run(store().list_uploads("a+b"));
  ASSERT_TRUE(uploads);
  ASSERT_EQ(uploads->size(), 1u);
  EXPECT_EQ((*uploads)[0].upload_id, "1");
  EXPECT_EQ(format_time((*uploads)[0].initiated), "2026-01-01T00:00:00.000000Z");
}

TEST_F(S3StoreTest, UploadsWhoseKeysAreEncodedWithoutAWord) {
  const std::string body =
      "<ListMultipartUploadsResult><Upload><Key>a%2Bb</Key><UploadId>1</UploadId></Upload>"
      "</ListMultipartUploadsResult>";
  script_.push_back({.body = body});
  EXPECT_EQ(run(store().list_uploads("a+b"))->size(), 1u);
  options_.vendor = "minio";
  store_.reset();
  script_.push_back({.body = body});
  EXPECT_EQ(run(store().list_uploads("a+b"))->size(), 0u);
}

TEST_F(S3StoreTest, AllPagesOfUploadsAreRead) {
  const auto page = [](std::string_view id, std::string_view next) {
    return "<ListMultipartUploadsResult><IsTruncated>" +
           std::string(next.empty() ? "false" : "true") + "</IsTruncated><NextKeyMarker>" +
           std::string(next) + "</NextKeyMarker><NextUploadIdMarker>" + std::string(id) +
           "</NextUploadIdMarker><Upload><Key>k</Key><UploadId>" + std::string(id) +
           "</UploadId></Upload></ListMultipartUploadsResult>";
  };
  script_.push_back({.body = page("one", "k")});
  script_.push_back({.body = page("two", "k")});
  script_.push_back({.body = page("three", "longer key")});
  auto uploads = run(store().list_uploads("k"));
  ASSERT_TRUE(uploads);
  EXPECT_EQ(uploads->size(), 3u);
  EXPECT_THAT(seen_[1].request.target, HasSubstr("key-marker=k"));
  EXPECT_THAT(seen_[2].request.target, HasSubstr("upload-id-marker=two"));
  for (int i = 0; i < 2; ++i) script_.push_back({.body = page("same", "k")});
  EXPECT_EQ(run(store().list_uploads("k")).error().code, ErrorCode::data_corrupted);
}

TEST_F(S3StoreTest, AStoreThatDoesNotListUploadsSaysSoInOneOfManyWays) {
  script_.push_back({.body = empty_listing});
  script_.push_back({.status = 400, .body = error_document("InvalidArgument")});
  script_.push_back({.status = 404});
  script_.push_back({.status = 501, .body = error_document("NotImplemented")});
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(run(store().list_uploads("k")).error().code, ErrorCode::unsupported) << i;
  script_.push_back({.status = 404, .body = error_document("NoSuchBucket")});
  EXPECT_EQ(run(store().list_uploads("k")).error().code, ErrorCode::not_found);
}

TEST_F(S3StoreTest, PartsArePagedAndMustRise) {
  const auto parts = [](int from, int to, bool truncated) {
    std::string xml = "<ListPartsResult><IsTruncated>" + std::string(truncated ? "true" : "false") +
                      "</IsTruncated>";
    for (int i = from; i <= to; ++i) {
      xml += "<Part><PartNumber>" + std::to_string(i) +
             "</PartNumber><Size>5</Size><ETag>\"e\"</ETag></Part>";
    }
    return xml + "<NextPartNumberMarker>" + std::to_string(to) +
           "</NextPartNumberMarker></ListPartsResult>";
  };
  script_.push_back({.body = parts(1, 3, true)});
  script_.push_back({.body = parts(4, 5, false)});
  auto result = run(store().list_parts("k", "u"));
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->size(), 5u);
  EXPECT_THAT(seen_[1].request.target, HasSubstr("part-number-marker=3"));
  script_.push_back({.body = parts(1, 3, true)});
  script_.push_back({.body = parts(3, 5, true)});
  EXPECT_EQ(run(store().list_parts("k", "u")).error().code, ErrorCode::data_corrupted);
}

TEST_F(S3StoreTest, WhatIsGoneAlreadyIsRemoved) {
  script_.push_back({.status = 404, .body = error_document("NoSuchKey")});
  script_.push_back({.status = 404, .body = error_document("NoSuchBucket")});
  script_.push_back({.status = 404, .body = error_document("NoSuchUpload")});
  EXPECT_TRUE(run(store().remove({"k"})));
  EXPECT_EQ(run(store().remove({"k"})).error().code, ErrorCode::not_found);
  EXPECT_TRUE(run(store().abort_upload("k", "u")));
  EXPECT_EQ(counters_.remove, 2u);
}

TEST_F(S3StoreTest, AConditionalRemovalNamesTheEtagAndIsSentToNobodyWhoWouldPassOverIt) {
  options_.vendor = "aws";
  script_.push_back({.status = 204});
  script_.push_back({.status = 412, .body = error_document("PreconditionFailed")});
  script_.push_back({.status = 404, .body = error_document("NoSuchKey")});
  EXPECT_TRUE(run(store().remove({.key = "k", .if_match = "abc"})));
  EXPECT_EQ(seen_[0].header("If-Match"), "\"abc\"");
  EXPECT_EQ(run(store().remove({.key = "k", .if_match = "abc"})).error().code,
            ErrorCode::precondition_failed);
  EXPECT_EQ(run(store().remove({.key = "k", .if_match = "abc"})).error().code,
            ErrorCode::not_found);
  options_.vendor = "minio";
  store_.reset();
  seen_.clear();
  EXPECT_EQ(run(store().remove({.key = "k", .if_match = "abc"})).error().code,
            ErrorCode::unsupported);
  EXPECT_TRUE(seen_.empty());
}

}  // namespace
}  // namespace dth::objects::s3
