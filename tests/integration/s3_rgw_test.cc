// The S3 store against a real server: what scripts cannot show. Ceph RGW is what it is run on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "objects/testing/awkward_keys.h"
#include "s3_place.h"

namespace dth::objects {
namespace {

using testing::HasSubstr;

// A body that comes in pieces and cannot be read twice.
class PiecesBody final : public Body {
 public:
  PiecesBody(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  std::uint64_t size() const override { return text_.size(); }
  Async<Result<Bytes>> next() override {
    const Bytes piece = as_bytes(text_).subspan(at_, std::min(piece_, text_.size() - at_));
    at_ += piece.size();
    co_return piece;
  }

 private:
  std::string text_;
  std::size_t at_ = 0, piece_;
};

class S3Rgw : public testing::Test {
 protected:
  void SetUp() override {
    auto server = configured_s3_server();
    ASSERT_TRUE(server) << server.error().message;
    place_ = std::make_unique<S3Place>(*server, S3Options{.bucket = ""});
  }

  template <class T>
  T run(Async<T> work) {
    return run_for_test(place_->context(), std::move(work));
  }

  Result<PutResult> put(ObjectStore& store, const std::string& key, const std::string& text,
                        std::size_t piece = 1 << 20) {
    PiecesBody body(text, piece);
    return run(store.put({.key = key}, body));
  }

  std::string get(const std::string& key) {
    auto result = run(place_->store().get({.key = key}));
    if (!result) return "error: " + result.error().to_string();
    auto text = run(read_all(*result->body, 64 << 20));
    return text ? *text : "error: " + text.error().to_string();
  }

  std::unique_ptr<S3Place> place_;
};

TEST_F(S3Rgw, TheVendorIsRecognised) {
  auto identity = run(place_->store().check());
  ASSERT_TRUE(identity) << identity.error().to_string();
  EXPECT_EQ(identity->vendor, "ceph");
}

TEST_F(S3Rgw, EveryAwkwardKeyCanBeWrittenListedReadAndRemoved) {
  std::vector<std::string> written;
  for (const AwkwardKey& awkward : awkward_keys()) {
    if (!awkward.is_valid_utf8) continue;
    auto result = put(place_->store(), awkward.key, awkward.name);
    EXPECT_TRUE(result) << awkward.name << ": " << result.error().to_string();
    if (result) written.push_back(awkward.key);
    EXPECT_EQ(get(awkward.key), awkward.name);
  }
  std::sort(written.begin(), written.end());
  std::vector<std::string> listed;
  ListRequest request;
  request.page_size = 7;
  for (int pages = 0; pages < 100; ++pages) {
    auto page = run(place_->store().list(request));
    ASSERT_TRUE(page) << page.error().to_string();
    for (const ObjectInfo& object : page->objects) listed.push_back(object.key);
    if (!page->truncated) break;
    request.continuation_token = page->next_token;
  }
  EXPECT_EQ(listed, written);
  for (const std::string& key : written) EXPECT_TRUE(run(place_->store().remove({key})));
  auto rest = run(place_->store().list({}));
  ASSERT_TRUE(rest);
  EXPECT_TRUE(rest->objects.empty());
}

TEST_F(S3Rgw, PayloadsSignedAndUnsignedInAllSizes) {
  for (const PayloadSigning signing :
       {PayloadSigning::automatic, PayloadSigning::always, PayloadSigning::never}) {
    auto store = place_->another({.bucket = "", .payload_signing = signing, .vendor = "ceph"});
    for (const std::size_t size :
         {0u, 1u, 65'536u, 1'048'575u, 1'048'576u, 1'048'577u, 2'097'152u, 5'000'000u}) {
      for (const std::size_t piece : {1'048'576u, 300'000u}) {
        const std::string text(size, static_cast<char>('a' + size % 26));
        auto result = put(*store, "k", text, piece);
        ASSERT_TRUE(result) << size << ": " << result.error().to_string();
        EXPECT_EQ(result->etag, hash(HashAlgorithm::md5, as_bytes(text)).hex()) << size;
        EXPECT_TRUE(get("k") == text) << size;
      }
    }
  }
}

TEST_F(S3Rgw, MetadataComesBackAlsoFromAChunkSignedPut) {
  auto store =
      place_->another({.bucket = "", .payload_signing = PayloadSigning::always, .vendor = "ceph"});
  PutRequest request{.key = "k"};
  request.metadata.content_type = "text/x-odd";
  request.metadata.content_encoding = "gzip";
  request.metadata.content_language = "de";
  request.metadata.content_disposition = "attachment; filename=\"a  b\"";
  request.metadata.cache_control = "max-age=3";
  request.metadata.user = {{"a", "two  spaces, and a comma"}, {"gruen", "gr\xC3\xBCn"}};
  PiecesBody body(std::string(2'500'000, 'x'), 1 << 20);
  auto result = run(store->put(request, body));
  ASSERT_TRUE(result) << result.error().to_string();
  auto head = run(store->head("k", ""));
  ASSERT_TRUE(head) << head.error().to_string();
  EXPECT_EQ(head->metadata, request.metadata);
  EXPECT_EQ(head->info.size, 2'500'000u);
  EXPECT_GT(head->info.last_modified, TimePoint(std::chrono::hours(24 * 365 * 50)));
}

TEST_F(S3Rgw, AWrongMd5IsRefusedAndStoresNothing) {
  PutRequest request{.key = "k"};
  request.content_md5 = hash(HashAlgorithm::md5, as_bytes("other"));
  PiecesBody body("text", 10);
  EXPECT_EQ(run(place_->store().put(request, body)).error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(run(place_->store().head("k", "")).error().code, ErrorCode::not_found);
}

TEST_F(S3Rgw, ConditionalWrites) {
  ASSERT_TRUE(put(place_->store(), "k", "1"));
  PiecesBody second("2", 10), third("3", 10), fourth("4", 10);
  EXPECT_EQ(run(place_->store().put({.key = "k", .precondition = {.if_absent = true}}, second))
                .error()
                .code,
            ErrorCode::precondition_failed);
  EXPECT_EQ(run(place_->store().put({.key = "k", .precondition = {.if_match = "0123"}}, third))
                .error()
                .code,
            ErrorCode::precondition_failed);
  EXPECT_EQ(get("k"), "1");
  const std::string etag = hash(HashAlgorithm::md5, as_bytes("1")).hex();
  auto replaced =
      run(place_->store().put({.key = "k", .precondition = {.if_match = etag}}, fourth));
  ASSERT_TRUE(replaced) << replaced.error().to_string();
  EXPECT_EQ(get("k"), "4");
}

TEST_F(S3Rgw, RefusalsAreToldApart) {
  auto missing = run(place_->store().get({.key = "nothing"}));
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_THAT(missing.error().message, HasSubstr("no such object"));
  EXPECT_THAT(missing.error().detail, HasSubstr("request id tx"));
  auto server = *configured_s3_server();
  server.secret_key = "not-the-secret";
  try {
    S3Place wrong(server, S3Options{.bucket = ""});
    FAIL() << "a wrong secret was accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(),
                testing::AnyOf(HasSubstr("SignatureDoesNotMatch"), HasSubstr("AccessDenied")));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("not-the-secret")));
  }
  auto upload = run(place_->store().list_parts("k", "no-such-upload"));
  EXPECT_EQ(upload.error().code, ErrorCode::not_found);
}

TEST_F(S3Rgw, AMultipartUploadFromItsStartToItsEnd) {
  ObjectStore& store = place_->store();
  CreateUploadRequest create{.key = "big+one"};
  create.metadata.content_type = "a/b";
  auto id = run(store.create_upload(create));
  ASSERT_TRUE(id) << id.error().to_string();
  const std::string first(5 << 20, 'a'), second(1'234'567, 'b');
  std::vector<CompletedPart> parts;
  for (const std::string* text : {&first, &second}) {
    PiecesBody body(*text, 1 << 20);
    const std::uint32_t number = static_cast<std::uint32_t>(parts.size() + 1);
    auto part =
        run(store.upload_part({.key = "big+one", .upload_id = *id, .part_number = number}, body));
    ASSERT_TRUE(part) << part.error().to_string();
    EXPECT_EQ(part->etag, hash(HashAlgorithm::md5, as_bytes(*text)).hex());
    parts.push_back({number, part->etag});
  }
  auto uploads = run(store.list_uploads("big+one"));
  ASSERT_TRUE(uploads) << uploads.error().to_string();
  ASSERT_EQ(uploads->size(), 1u);
  EXPECT_EQ(uploads->front().upload_id, *id);
  auto listed = run(store.list_parts("big+one", *id));
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ(listed->back().size, second.size());
  EXPECT_EQ(listed->back().etag, parts.back().etag);
  auto done = run(store.complete_upload({.key = "big+one", .upload_id = *id, .parts = parts}));
  ASSERT_TRUE(done) << done.error().to_string();
  EXPECT_TRUE(get("big+one") == first + second);
  auto range = run(store.get({.key = "big+one", .range = ByteRange{(5 << 20) - 2, 4}}));
  ASSERT_TRUE(range) << range.error().to_string();
  EXPECT_EQ(*run(read_all(*range->body, 100)), "aabb");
  EXPECT_EQ(range->head.info.size, first.size() + second.size());
  EXPECT_EQ(range->head.metadata.content_type, "a/b");
  EXPECT_TRUE(run(store.abort_upload("big+one", *id)));
}

TEST_F(S3Rgw, ListingsInTheElderProtocol) {
  for (const char* key : {"a", "b", "c", "d/e"}) ASSERT_TRUE(put(place_->store(), key, "x"));
  auto store = place_->another({.bucket = "", .vendor = "baidu"});  // a profile without version 2
  std::vector<std::string> keys;
  ListRequest request;
  request.start_after = "a";
  request.page_size = 2;
  for (int pages = 0; pages < 10; ++pages) {
    auto page = run(store->list(request));
    ASSERT_TRUE(page) << page.error().to_string();
    for (const ObjectInfo& object : page->objects) keys.push_back(object.key);
    if (!page->truncated) break;
    request.continuation_token = page->next_token;
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"b", "c", "d/e"}));
}

}  // namespace
}  // namespace dth::objects
