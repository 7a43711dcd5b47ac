// Single objects: put, get, head, remove.
#include "objects/testing/conformance.h"

namespace dth::objects {

void link_conformance_of_objects() {}

namespace {

// Hands out `text` in pieces of `piece` bytes, and fails at `fail_at` bytes where that lies before
// the end.
class PiecewiseBody final : public Body {
 public:
  PiecewiseBody(std::string text, std::size_t piece, std::size_t fail_at = SIZE_MAX)
      : text_(std::move(text)), piece_(piece), fail_at_(fail_at) {}
  std::uint64_t size() const override { return text_.size(); }
  Async<Result<Bytes>> next() override {
    if (position_ >= fail_at_) co_return Error{ErrorCode::unavailable, "the source broke", "test"};
    const std::size_t length = std::min({piece_, text_.size() - position_, fail_at_ - position_});
    const Bytes bytes = as_bytes(text_).subspan(position_, length);
    position_ += length;
    co_return bytes;
  }
  bool rewind() override {
    position_ = 0;
    return true;
  }

 private:
  const std::string text_;
  const std::size_t piece_, fail_at_;
  std::size_t position_ = 0;
};

Async<void> put_and_get(ObjectStore* store, std::string key, std::string text, int* good) {
  BytesBody body(as_bytes(text));
  PutRequest put_request;
  put_request.key = key;
  auto put = co_await store->put(std::move(put_request), body);
  if (put.has_error()) co_return;
  GetRequest get_request;
  get_request.key = key;
  auto got = co_await store->get(std::move(get_request));
  if (got.has_error()) co_return;
  auto read = co_await read_all(*got->body, 1 << 20);
  if (read.has_value() && *read == text) ++*good;
}

Async<void> put_and_get_many(Executor executor, ObjectStore* store, int count, int* good) {
  AsyncScope scope(executor);
  for (int i = 0; i < count; ++i) {
    scope.spawn(put_and_get(store, "side by side/" + std::to_string(i),
                            sample_text(3'000, unsigned(i)), good));
  }
  co_await scope.join();
}

Async<int> put_and_get_side_by_side(ObjectStore* store, int count) {
  int good = 0;
  const Executor executor = co_await boost::asio::this_coro::executor;
  co_await put_and_get_many(executor, store, count, &good);
  co_return good;
}

TEST_P(ObjectStoreConformance, PutGetHead) {
  for (std::size_t size :
       {std::size_t(0), std::size_t(1), std::size_t(4096), std::size_t((1 << 20) + 1)}) {
    const std::string text = sample_text(size, 1);
    const PutResult put = put_text("object", text);
    auto got = get_text("object");
    ASSERT_TRUE(got.has_value()) << got.error().to_string();
    EXPECT_TRUE(*got == text) << "of " << size << " bytes";
    auto head = run(store().head("object", ""));
    ASSERT_TRUE(head.has_value()) << head.error().to_string();
    EXPECT_EQ(head->info.key, "object");
    EXPECT_EQ(head->info.size, size);
    EXPECT_EQ(head->info.etag, put.etag);
    EXPECT_GT(head->info.last_modified, TimePoint{});
    if (limits().etag_is_md5) {
      EXPECT_EQ(put.etag, hash(HashAlgorithm::md5, as_bytes(text)).hex());
    }
  }
}

TEST_P(ObjectStoreConformance, PutReplaces) {
  put_text("object", "before");
  put_text("object", "after, and longer");
  EXPECT_EQ(get_text("object").value(), "after, and longer");
  EXPECT_EQ(list_keys({}).size(), 1u);
}

TEST_P(ObjectStoreConformance, MissingIsNotFound) {
  EXPECT_EQ(head_error("missing"), ErrorCode::not_found);
  auto got = get_text("missing");
  ASSERT_TRUE(got.has_error());
  EXPECT_EQ(got.error().code, ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, RemoveIsIdempotent) {
  put_text("object", "x");
  for (int i = 0; i < 2; ++i) {
    auto removed = run(store().remove({"object"}));
    EXPECT_TRUE(removed.has_value()) << removed.error().to_string();
    EXPECT_EQ(head_error("object"), ErrorCode::not_found);
  }
}

TEST_P(ObjectStoreConformance, ConditionalRemove) {
  const PutResult put = put_text("object", "one");
  if (!limits().conditional_remove) {
    auto refused = run(store().remove({.key = "object", .if_match = put.etag}));
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported) << refused.error().to_string();
    EXPECT_EQ(get_text("object").value(), "one");
    return;
  }
  put_text("object", "two");
  auto changed = run(store().remove({.key = "object", .if_match = put.etag}));
  ASSERT_TRUE(changed.has_error());
  EXPECT_EQ(changed.error().code, ErrorCode::precondition_failed) << changed.error().to_string();
  EXPECT_EQ(get_text("object").value(), "two");
  const PutResult now = put_text("object", "three");
  auto removed = run(store().remove({.key = "object", .if_match = now.etag}));
  EXPECT_TRUE(removed.has_value()) << removed.error().to_string();
  EXPECT_EQ(head_error("object"), ErrorCode::not_found);
  auto gone = run(store().remove({.key = "object", .if_match = now.etag}));
  ASSERT_TRUE(gone.has_error());
  EXPECT_EQ(gone.error().code, ErrorCode::not_found) << gone.error().to_string();
}

TEST_P(ObjectStoreConformance, Ranges) {
  const std::string text = sample_text(10'000, 2);
  put_text("object", text);
  const ByteRange ranges[] = {{0, 1},     {0, 10'000},  {5'000, 1},
                              {9'999, 1}, {100, 4'096}, {9'000, 1'000}};
  for (const ByteRange& range : ranges) {
    GetRequest request{.key = "object"};
    request.range = range;
    auto got = get_text(request);
    ASSERT_TRUE(got.has_value()) << got.error().to_string();
    EXPECT_TRUE(*got == text.substr(range.offset, range.length))
        << range.offset << "+" << range.length;
    auto whole = run(store().get(request));
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->head.info.size, text.size());  // the object's size, not the range's
    EXPECT_EQ(whole->body->size(), range.length);
    auto drained = run(read_all(*whole->body, 1 << 20));
    EXPECT_TRUE(drained.has_value());
  }
  // A range that runs over the end is cut there; one that begins behind it is wrong.
  GetRequest over{.key = "object"};
  over.range = ByteRange{9'990, 100};
  EXPECT_TRUE(get_text(over).value() == text.substr(9'990));
  over.range = ByteRange{10'000, 1};
  auto beyond = get_text(over);
  ASSERT_TRUE(beyond.has_error());
  EXPECT_EQ(beyond.error().code, ErrorCode::invalid_argument) << beyond.error().to_string();
}

TEST_P(ObjectStoreConformance, EmptyObject) {
  const PutResult put = put_text("empty", "");
  EXPECT_EQ(get_text("empty").value(), "");
  auto got = run(store().get(GetRequest{.key = "empty"}));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->body->size(), 0u);
  auto drained = run(read_all(*got->body, 1));
  EXPECT_TRUE(drained.has_value());
  const auto all = list_all({});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].size, 0u);
  EXPECT_EQ(all[0].etag, put.etag);
}

TEST_P(ObjectStoreConformance, GetIfMatch) {
  const PutResult put = put_text("object", "one");
  GetRequest request{.key = "object", .if_match = put.etag};
  EXPECT_EQ(get_text(request).value(), "one");
  put_text("object", "two");
  auto changed = get_text(request);
  ASSERT_TRUE(changed.has_error());
  EXPECT_EQ(changed.error().code, ErrorCode::precondition_failed);
  request.range = ByteRange{0, 1};
  changed = get_text(request);
  ASSERT_TRUE(changed.has_error());
  EXPECT_EQ(changed.error().code, ErrorCode::precondition_failed);
  run(store().remove({"object"}));
  auto gone = get_text(request);
  ASSERT_TRUE(gone.has_error());
  EXPECT_EQ(gone.error().code, ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, MetadataIsKept) {
  PutRequest request{.key = "object"};
  request.metadata.content_type = "text/x-test; charset=utf-8";
  request.metadata.content_encoding = "x-none";
  request.metadata.content_language = "de, en";
  request.metadata.content_disposition = "attachment; filename=\"a b.txt\"";
  request.metadata.cache_control = "no-cache, max-age=0";
  if (!deviations().drops_expires) request.metadata.expires = "Wed, 21 Oct 2037 07:28:00 GMT";
  if (!deviations().drops_website_redirect) request.metadata.website_redirect_location = "/other";
  request.metadata.user = {{"a-name", "a value, with; signs = \"quoted\""},
                           {"mtime", "1700000000.123456789"}};
  auto put = try_put(request, "text");
  ASSERT_TRUE(put.has_value()) << put.error().to_string();
  auto head = run(store().head("object", ""));
  ASSERT_TRUE(head.has_value()) << head.error().to_string();
  EXPECT_TRUE(head->metadata == request.metadata);
  auto got = run(store().get(GetRequest{.key = "object"}));
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE(got->head.metadata == request.metadata);
  EXPECT_EQ(got->head.metadata.user, request.metadata.user);
  EXPECT_EQ(got->head.info.etag, put->etag);
  auto drained = run(read_all(*got->body, 100));
  EXPECT_TRUE(drained.has_value());
}

TEST_P(ObjectStoreConformance, TooMuchMetadataIsRefused) {
  if (deviations().metadata_size_unchecked) GTEST_SKIP() << "a declared deviation";
  PutRequest request{.key = "object"};
  request.metadata.user = {{"large", std::string(2'100, 'x')}};
  auto put = try_put(request, "text");
  ASSERT_TRUE(put.has_error());
  EXPECT_EQ(put.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(head_error("object"), ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, ContentMd5IsEnforced) {
  if (!limits().enforces_content_md5) GTEST_SKIP() << "not a promise of this store";
  PutRequest request{.key = "object", .content_md5 = hash(HashAlgorithm::md5, as_bytes("other"))};
  auto put = try_put(request, "text");
  ASSERT_TRUE(put.has_error());
  EXPECT_EQ(put.error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(head_error("object"), ErrorCode::not_found);
  request.content_md5 = hash(HashAlgorithm::md5, as_bytes("text"));
  EXPECT_TRUE(try_put(request, "text").has_value());
}

TEST_P(ObjectStoreConformance, ChecksumsAreEnforced) {
  if (!limits().enforces_checksums) GTEST_SKIP() << "not a promise of this store";
  const std::pair<HashAlgorithm, std::string Checksums::*> kinds[] = {
      {HashAlgorithm::crc32c, &Checksums::crc32c},
      {HashAlgorithm::crc64nvme, &Checksums::crc64nvme},
      {HashAlgorithm::sha256, &Checksums::sha256}};
  for (const auto& [algorithm, member] : kinds) {
    PutRequest request{.key = std::string(to_string(algorithm))};
    request.checksums.*member = hash(algorithm, as_bytes("other")).base64();
    auto put = try_put(request, "text");
    ASSERT_TRUE(put.has_error()) << request.key;
    EXPECT_EQ(put.error().code, ErrorCode::data_corrupted);
    EXPECT_EQ(head_error(request.key), ErrorCode::not_found);
    request.checksums.*member = hash(algorithm, as_bytes("text")).base64();
    put = try_put(request, "text");
    ASSERT_TRUE(put.has_value()) << put.error().to_string();
    auto head = run(store().head(request.key, ""));
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->checksums.*member, request.checksums.*member);
  }
}

TEST_P(ObjectStoreConformance, FailingBodyStoresNothing) {
  put_text("kept", "before");
  for (std::size_t fail_at :
       {std::size_t(0), std::size_t(1), std::size_t(70'000), std::size_t(99'999)}) {
    for (const char* key : {"kept", "new"}) {
      PiecewiseBody body(sample_text(100'000, 3), 8'192, fail_at);
      auto put = run(store().put(PutRequest{.key = key}, body));
      ASSERT_TRUE(put.has_error());
      EXPECT_EQ(put.error().code, ErrorCode::unavailable);
      EXPECT_NE(put.error().message.find("the source broke"), std::string::npos)
          << put.error().to_string();
    }
    EXPECT_EQ(get_text("kept").value(), "before");
    EXPECT_EQ(head_error("new"), ErrorCode::not_found);
  }
}

TEST_P(ObjectStoreConformance, BodyInOddPieces) {
  const std::string text = sample_text(20'001, 4);
  for (std::size_t piece :
       {std::size_t(1), std::size_t(13), std::size_t(4'097), std::size_t(20'001)}) {
    PiecewiseBody body(text, piece);
    auto put = run(store().put(PutRequest{.key = "object"}, body));
    ASSERT_TRUE(put.has_value()) << put.error().to_string();
    EXPECT_TRUE(get_text("object").value() == text);
  }
}

TEST_P(ObjectStoreConformance, ConditionalPut) {
  if (!limits().conditional_put) GTEST_SKIP() << "not a promise of this store";
  PutRequest absent{.key = "object"};
  absent.precondition.if_absent = true;
  auto first = try_put(absent, "one");
  ASSERT_TRUE(first.has_value()) << first.error().to_string();
  auto second = try_put(absent, "two");
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code, ErrorCode::precondition_failed);
  EXPECT_EQ(get_text("object").value(), "one");

  PutRequest match{.key = "object"};
  match.precondition.if_match = first->etag;
  auto third = try_put(match, "three");
  ASSERT_TRUE(third.has_value()) << third.error().to_string();
  auto fourth = try_put(match, "four");
  ASSERT_TRUE(fourth.has_error());
  EXPECT_EQ(fourth.error().code, ErrorCode::precondition_failed);
  EXPECT_EQ(get_text("object").value(), "three");
}

TEST_P(ObjectStoreConformance, RequestsSideBySide) {
  constexpr int count = 40;
  EXPECT_EQ(run(put_and_get_side_by_side(&store(), count)), count);
  EXPECT_EQ(list_keys({}).size(), std::size_t(count));
}

}  // namespace
}  // namespace dth::objects
