#include "objects/faulty.h"

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "objects/testing/memory_store.h"

namespace dth::objects {
namespace {

constexpr FaultRates one_in_five = {.slow = 0.2,
                                    .throttled = 0.2,
                                    .unavailable_before = 0.2,
                                    .unavailable_after = 0.2,
                                    .body_cut = 0.2,
                                    .body_flipped = 0.2};

class FaultyStoreTest : public testing::Test {
 protected:
  template <class T>
  T run(Async<T> work) {
    return run_for_test(context_, std::move(work), &clock_);
  }
  std::unique_ptr<ObjectStore> faulty(FaultPlan plan) {
    return make_faulty_store(memory_, clock_, plan, counts_);
  }
  static FaultPlan always(StoreOperation operation, FaultRates rates) {
    FaultPlan plan;
    plan.of(operation) = rates;
    return plan;
  }

  SimulatedClock clock_;
  boost::asio::io_context context_;
  MemoryBucket bucket_;
  MemoryStore memory_{bucket_, clock_};
  FaultCounts counts_;
};

Async<Result<std::string>> get_all(ObjectStore* store, std::string key) {
  GetRequest request;
  request.key = std::move(key);
  auto got = co_await store->get(std::move(request));
  if (got.has_error()) co_return got.error();
  auto text = co_await read_all(*got->body, 1 << 20);
  co_return text;
}

TEST_F(FaultyStoreTest, NoRatesNoFaults) {
  const auto store = faulty(FaultPlan::everywhere(1, {}));
  const std::string text(5'000, 'x');
  BytesBody body(as_bytes(text));
  EXPECT_TRUE(run(store->put(PutRequest{.key = "object"}, body)).has_value());
  EXPECT_EQ(run(get_all(store.get(), "object")).value(), text);
  EXPECT_EQ(memory_.counts().total(), 2u);
}

TEST_F(FaultyStoreTest, BeforeAndAfter) {
  auto store = faulty(always(StoreOperation::remove, {.unavailable_before = 1}));
  bucket_.put("object", "text");
  EXPECT_EQ(run(store->remove({"object"})).error().code, ErrorCode::unavailable);
  EXPECT_EQ(bucket_.size(), 1u);
  store = faulty(always(StoreOperation::remove, {.unavailable_after = 1}));
  EXPECT_EQ(run(store->remove({"object"})).error().code, ErrorCode::unavailable);
  EXPECT_EQ(bucket_.size(), 0u);
  EXPECT_EQ(counts_.unavailable_before, 1u);
  EXPECT_EQ(counts_.unavailable_after, 1u);
}

TEST_F(FaultyStoreTest, ThrottledSaysHowLong) {
  const auto store = faulty(always(StoreOperation::head, {.throttled = 1}));
  const auto head = run(store->head("object", ""));
  ASSERT_TRUE(head.has_error());
  EXPECT_EQ(head.error().code, ErrorCode::throttled);
  EXPECT_EQ(head.error().retry_after, std::chrono::milliseconds(500));
  EXPECT_EQ(memory_.counts().total(), 0u);
}

TEST_F(FaultyStoreTest, SlowTakesTheClocksTime) {
  const auto store = faulty(always(StoreOperation::check, {.slow = 1}));
  const MonotonicTime before = clock_.monotonic_now();
  EXPECT_TRUE(run(store->check()).has_value());
  EXPECT_GT(clock_.monotonic_now(), before);
  EXPECT_LE(clock_.monotonic_now(), before + std::chrono::milliseconds(2'000));
}

TEST_F(FaultyStoreTest, BodiesAreCut) {
  bucket_.put("object", std::string(100'000, 'x'));
  const auto store = faulty(always(StoreOperation::get, {.body_cut = 1}));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(run(get_all(store.get(), "object")).error().code, ErrorCode::unavailable);
  }
  EXPECT_EQ(counts_.body_cut, 20u);

  const auto cutting = faulty(always(StoreOperation::put, {.body_cut = 1}));
  BytesBody body(as_bytes("text"));
  EXPECT_EQ(run(cutting->put(PutRequest{.key = "new"}, body)).error().code, ErrorCode::unavailable);
  EXPECT_EQ(bucket_.size(), 1u);
}

TEST_F(FaultyStoreTest, OneBitIsFlipped) {
  const std::string text(100'000, 'x');
  bucket_.put("object", text);
  const auto store = faulty(always(StoreOperation::get, {.body_flipped = 1}));
  for (int i = 0; i < 20; ++i) {
    const std::string got = run(get_all(store.get(), "object")).value();
    ASSERT_EQ(got.size(), text.size());
    int bits = 0;
    for (std::size_t at = 0; at < got.size(); ++at) {
      bits += __builtin_popcount(static_cast<unsigned char>(got[at] ^ text[at]));
    }
    EXPECT_EQ(bits, 1);
  }
  // On the way in the destination sees it, where it was told what to expect.
  const auto flipping = faulty(always(StoreOperation::put, {.body_flipped = 1}));
  BytesBody body(as_bytes(text));
  PutRequest request{.key = "new", .content_md5 = hash(HashAlgorithm::md5, as_bytes(text))};
  EXPECT_EQ(run(flipping->put(request, body)).error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(bucket_.size(), 1u);
}

TEST_F(FaultyStoreTest, EmptyBodiesSurviveAllOfIt) {
  bucket_.put("empty", "");
  const auto flipped = faulty(always(StoreOperation::get, {.body_flipped = 1}));
  EXPECT_EQ(run(get_all(flipped.get(), "empty")).value(), "");
  const auto cut = faulty(always(StoreOperation::get, {.body_cut = 1}));
  EXPECT_EQ(run(get_all(cut.get(), "empty")).error().code, ErrorCode::unavailable);
}

std::string outcomes(std::uint64_t seed) {
  SimulatedClock clock;
  boost::asio::io_context context;
  MemoryBucket bucket;
  MemoryStore memory(bucket, clock);
  FaultCounts counts;
  const auto store =
      make_faulty_store(memory, clock, FaultPlan::everywhere(seed, one_in_five), counts);
  bucket.put("object", std::string(1'000, 'x'));
  std::string seen;
  for (int i = 0; i < 200; ++i) {
    const auto got = run_for_test(context, get_all(store.get(), "object"), &clock);
    const auto removed = run_for_test(context, store->remove({"another"}), &clock);
    seen += got.has_value() ? hash(HashAlgorithm::crc32c, as_bytes(*got)).hex()
                            : got.error().to_string();
    seen += removed.has_value() ? "+" : removed.error().to_string();
  }
  EXPECT_GT(counts.slow, 20u);
  EXPECT_GT(counts.throttled, 20u);
  EXPECT_GT(counts.unavailable_before, 20u);
  EXPECT_GT(counts.unavailable_after, 20u);
  EXPECT_GT(counts.body_cut, 5u);
  EXPECT_GT(counts.body_flipped, 5u);
  EXPECT_EQ(seen.find("cancelled"), std::string::npos);
  return seen + format_time(clock.now());
}

TEST(FaultyStore, OneSeedOneHistory) {
  const std::string first = outcomes(1);
  EXPECT_EQ(first, outcomes(1));
  EXPECT_NE(first, outcomes(2));
}

}  // namespace
}  // namespace dth::objects
