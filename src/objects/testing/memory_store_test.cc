#include "objects/testing/memory_store.h"

#include <set>

#include "objects/retrying.h"
#include "objects/testing/conformance.h"

namespace dth::objects {
namespace {

StoreLimits small_limits() {
  StoreLimits limits;
  limits.part_size_min = 4'096;
  limits.part_size_max = 1 << 20;
  limits.put_size_max = 2 << 20;
  limits.enforces_checksums = true;
  limits.conditional_copy = true;
  return limits;
}

class MemoryUnderTest : public StoreUnderTest {
 public:
  explicit MemoryUnderTest(MemoryStoreOptions options) : store_(bucket_, clock_, options) {}
  boost::asio::io_context& context() override { return context_; }
  ObjectStore& store() override { return store_; }
  std::string bucket_name() override { return bucket_.name(); }
  SimulatedClock* clock() override { return &clock_; }

 protected:
  SimulatedClock clock_;
  boost::asio::io_context context_;
  MemoryBucket bucket_;
  MemoryStore store_;
};

// Refuses the first request of each kind for each key, so that the whole suite runs through the
// retry loop.
class RetryingUnderTest final : public MemoryUnderTest {
 public:
  RetryingUnderTest()
      : MemoryUnderTest({.limits = small_limits()}),
        retrying_(make_retrying_store(store_, clock_, {}, retries_)) {
    bucket_.set_on_request(
        [this](StoreOperation operation, const std::string& key) -> std::optional<Error> {
          if (!refused_.emplace(operation, key).second) return std::nullopt;
          return Error{ErrorCode::throttled, "slow down", "SlowDown"};
        });
  }
  ~RetryingUnderTest() override { EXPECT_GT(retries_, 0u); }
  ObjectStore& store() override { return *retrying_; }

 private:
  std::set<std::pair<StoreOperation, std::string>> refused_;
  std::uint64_t retries_ = 0;
  std::unique_ptr<ObjectStore> retrying_;
};

template <class Place, class... Options>
StoreFactory factory(std::string name, StoreDeviations deviations, Options... options) {
  return StoreFactory{std::move(name),
                      [options...]() -> std::unique_ptr<StoreUnderTest> {
                        return std::make_unique<Place>(options...);
                      },
                      deviations};
}

MemoryStoreOptions strict() { return {.limits = small_limits()}; }

MemoryStoreOptions like_rgw() {
  MemoryStoreOptions options{.limits = small_limits()};
  options.limits.enforces_checksums = false;
  options.limits.conditional_complete = false;
  options.limits.server_side_copy_parts = options.limits.copies_as_asked = false;
  options.limits.uploads_as_asked = false;
  options.complete_etag_empty = true;
  options.page_size_max = 5;
  options.body_piece_max = 1'000;
  return options;
}

MemoryStoreOptions opaque_etags() {
  MemoryStoreOptions options{.limits = small_limits()};
  options.limits.etag_is_md5 = options.limits.multipart_etag_is_md5_of_md5s = false;
  options.limits.enforces_content_md5 = options.limits.conditional_put = false;
  options.limits.server_side_copy = options.limits.tags = options.limits.acls = false;
  return options;
}

const StoreDeviations any_bytes = {.accepts_invalid_utf8 = true};

INSTANTIATE_TEST_SUITE_P(Memory, ObjectStoreConformance,
                         testing::Values(factory<MemoryUnderTest>("Strict", any_bytes, strict()),
                                         factory<MemoryUnderTest>("LikeRgw",
                                                                  {.accepts_invalid_utf8 = true,
                                                                   .complete_etag_empty = true},
                                                                  like_rgw()),
                                         factory<MemoryUnderTest>("OpaqueEtags", any_bytes,
                                                                  opaque_etags()),
                                         factory<RetryingUnderTest>("Retrying", any_bytes)),
                         name_of);

// What the suite does not ask of every store.
class MemoryStoreTest : public testing::Test {
 protected:
  template <class T>
  T run(Async<T> work) {
    return run_for_test(context_, std::move(work), &clock_);
  }
  SimulatedClock clock_;
  boost::asio::io_context context_;
  MemoryBucket bucket_;
  MemoryStore store_{bucket_, clock_, strict()};
};

Async<Result<Digest>> digest_of(ObjectStore* store, GetRequest request) {
  auto got = co_await store->get(std::move(request));
  if (got.has_error()) co_return got.error();
  Hasher hasher(HashAlgorithm::crc64nvme);
  std::uint64_t size = 0;
  for (;;) {
    auto piece = co_await got->body->next();
    if (piece.has_error()) co_return piece.error();
    if (piece->empty()) break;
    hasher.update(*piece);
    size += piece->size();
  }
  if (size != got->body->size())
    co_return Error{ErrorCode::data_corrupted, "the body has another size", ""};
  co_return hasher.finish();
}

TEST_F(MemoryStoreTest, HugeSyntheticObjectsTakeNoMemory) {
  bucket_.put_synthetic("huge", 3ull << 30, 7);
  auto head = run(store_.head("huge", ""));
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->info.size, 3ull << 30);
  GetRequest tail{.key = "huge"};
  tail.range = ByteRange{(3ull << 30) - 100, 100};
  EXPECT_TRUE(run(digest_of(&store_, tail)).has_value());
}

TEST_F(MemoryStoreTest, SyntheticBytesAreTheSameWhicheverWayTheyAreRead) {
  const std::uint64_t size = 300'007;
  bucket_.put_synthetic("synthetic", size, 7);
  const std::string all = bucket_.bytes("synthetic").value();
  ASSERT_EQ(all.size(), size);
  EXPECT_NE(all.substr(0, 16), all.substr(65'536, 16));
  GetRequest request{.key = "synthetic"};
  const Digest whole = run(digest_of(&store_, request)).value();
  EXPECT_EQ(whole, hash(HashAlgorithm::crc64nvme, as_bytes(all)));
  EXPECT_EQ(whole, bucket_.crc64nvme("synthetic").value());
  for (std::uint64_t offset : {0ull, 3ull, 65'535ull, 65'536ull, 65'540ull, 131'071ull}) {
    request.range = ByteRange{offset, 70'001};
    EXPECT_EQ(run(digest_of(&store_, request)).value(),
              hash(HashAlgorithm::crc64nvme, as_bytes(all.substr(offset, 70'001))));
  }
  const std::unique_ptr<Body> body = make_synthetic_body(size, 7);
  EXPECT_TRUE(run(read_all(*body, size)).value() == all);
  EXPECT_TRUE(body->rewind());
  EXPECT_TRUE(run(read_all(*body, size)).value() == all);
}

TEST_F(MemoryStoreTest, DroppedBytesKeepTheirDigest) {
  MemoryStore store(bucket_, clock_, {.limits = small_limits(), .bytes_kept_max = 10});
  BytesBody body(as_bytes("more than ten bytes"));
  ASSERT_TRUE(run(store.put(PutRequest{.key = "large"}, body)).has_value());
  EXPECT_EQ(bucket_.crc64nvme("large"),
            hash(HashAlgorithm::crc64nvme, as_bytes("more than ten bytes")));
  EXPECT_EQ(bucket_.bytes("large"), std::nullopt);
  EXPECT_EQ(run(store.get(GetRequest{.key = "large"})).error().code, ErrorCode::unsupported);
}

TEST_F(MemoryStoreTest, StoresShareABucketAndCountForThemselves) {
  MemoryStore other(bucket_, clock_, strict());
  BytesBody body(as_bytes("text"));
  ASSERT_TRUE(run(store_.put(PutRequest{.key = "object"}, body)).has_value());
  EXPECT_TRUE(run(other.head("object", "")).has_value());
  EXPECT_EQ(store_.counts().of(StoreOperation::put), 1u);
  EXPECT_EQ(store_.counts().total(), 1u);
  EXPECT_EQ(other.counts().of(StoreOperation::head), 1u);
  EXPECT_EQ(bucket_.keys(), std::vector<std::string>{"object"});
}

TEST_F(MemoryStoreTest, HooksFailRequests) {
  std::vector<std::string> asked;
  bucket_.set_on_request(
      [&asked](StoreOperation operation, const std::string& key) -> std::optional<Error> {
        asked.push_back(std::string(to_string(operation)) + " " + key);
        if (operation != StoreOperation::head) return std::nullopt;
        return Error{ErrorCode::permission_denied, "no", "AccessDenied"};
      });
  EXPECT_EQ(run(store_.head("object", "")).error().code, ErrorCode::permission_denied);
  EXPECT_TRUE(run(store_.remove({"object"})).has_value());
  EXPECT_EQ(asked, (std::vector<std::string>{"head object", "remove object"}));
}

TEST_F(MemoryStoreTest, LeakedUploadsAreSeen) {
  const std::string id = run(store_.create_upload(CreateUploadRequest{.key = "object"})).value();
  ASSERT_EQ(bucket_.open_uploads().size(), 1u);
  EXPECT_EQ(bucket_.open_uploads()[0].upload_id, id);
  ASSERT_TRUE(run(store_.abort_upload("object", id)).has_value());
  EXPECT_TRUE(bucket_.open_uploads().empty());
}

// A body that ends early without saying so is a bug of its maker, and must not become an object.
class LyingBody final : public Body {
 public:
  std::uint64_t size() const override { return 10; }
  Async<Result<Bytes>> next() override { co_return Bytes(); }
};

TEST_F(MemoryStoreTest, ShortBodyIsNotStored) {
  LyingBody body;
  EXPECT_EQ(run(store_.put(PutRequest{.key = "object"}, body)).error().code, ErrorCode::internal);
  EXPECT_EQ(bucket_.size(), 0u);
}

TEST_F(MemoryStoreTest, SizesAreLimited) {
  const auto large = make_synthetic_body((2 << 20) + 1, 1);
  EXPECT_EQ(run(store_.put(PutRequest{.key = "object"}, *large)).error().code,
            ErrorCode::invalid_argument);
  const std::string id = run(store_.create_upload(CreateUploadRequest{.key = "object"})).value();
  UploadPartRequest request{.key = "object", .upload_id = id};
  EXPECT_EQ(run(store_.upload_part(request, *large)).error().code, ErrorCode::invalid_argument);
  for (std::uint32_t number : {0u, 10'001u}) {
    BytesBody body(as_bytes("text"));
    request.part_number = number;
    EXPECT_EQ(run(store_.upload_part(request, body)).error().code, ErrorCode::invalid_argument);
  }
}

TEST_F(MemoryStoreTest, EqualPartsWhereDemanded) {
  MemoryStoreOptions options = strict();
  options.limits.equal_parts_required = true;
  MemoryStore store(bucket_, clock_, options);
  const std::string id = run(store.create_upload(CreateUploadRequest{.key = "object"})).value();
  CompleteUploadRequest complete{.key = "object", .upload_id = id, .parts = {}};
  const std::size_t sizes[] = {5'000, 6'000, 10};
  for (std::uint32_t number = 1; number <= 3; ++number) {
    BytesBody body(as_bytes(std::string_view()));
    const std::string text = sample_text(sizes[number - 1], number);
    body = BytesBody(as_bytes(text));
    auto part =
        run(store.upload_part({.key = "object", .upload_id = id, .part_number = number}, body));
    complete.parts.push_back({number, part.value().etag});
  }
  EXPECT_EQ(run(store.complete_upload(complete)).error().code, ErrorCode::invalid_argument);
  complete.parts.erase(complete.parts.begin() + 1);
  EXPECT_TRUE(run(store.complete_upload(complete)).has_value());
}

TEST_F(MemoryStoreTest, RefusesBadListings) {
  EXPECT_EQ(run(store_.list({.continuation_token = "?", .page_size = 1})).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(run(store_.list({.page_size = 0})).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(run(store_.list({.page_size = 1'001})).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dth::objects
