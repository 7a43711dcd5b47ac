#include "objects/retrying.h"

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "objects/faulty.h"
#include "objects/testing/memory_store.h"

namespace dth::objects {
namespace {

// A body that a socket might give: it can be read once.
class OnceBody final : public Body {
 public:
  explicit OnceBody(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size(); }
  Async<Result<Bytes>> next() override {
    const Bytes bytes = done_ ? Bytes() : as_bytes(text_);
    done_ = true;
    co_return bytes;
  }

 private:
  const std::string text_;
  bool done_ = false;
};

// Fails the requests of one kind `failures` times, before they do anything, or after it.
class RetryingStoreTest : public testing::Test {
 protected:
  void fail(StoreOperation operation, int failures, ErrorCode code) {
    bucket_.set_on_request(
        [operation, code, left = failures](StoreOperation asked,
                                           const std::string&) mutable -> std::optional<Error> {
          if (asked != operation || left == 0) return std::nullopt;
          --left;
          return Error{code, "scripted", ""};
        });
  }
  template <class T>
  T run(Async<T> work) {
    return run_for_test(context_, std::move(work), &clock_);
  }

  SimulatedClock clock_;
  boost::asio::io_context context_;
  MemoryBucket bucket_;
  MemoryStore memory_{bucket_, clock_};
  std::uint64_t retries_ = 0;
  std::unique_ptr<ObjectStore> store_ = make_retrying_store(memory_, clock_, {}, retries_);
};

TEST_F(RetryingStoreTest, RepeatsWhatReads) {
  bucket_.put("object", "text");
  fail(StoreOperation::head, 2, ErrorCode::unavailable);
  EXPECT_TRUE(run(store_->head("object", "")).has_value());
  EXPECT_EQ(memory_.counts().of(StoreOperation::head), 3u);
  EXPECT_EQ(retries_, 2u);
  fail(StoreOperation::get, 1, ErrorCode::timeout);
  auto got = run(store_->get(GetRequest{.key = "object"}));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(run(read_all(*got->body, 10)).value(), "text");
  fail(StoreOperation::list, 1, ErrorCode::unavailable);
  EXPECT_EQ(run(store_->list({})).value().objects.size(), 1u);
  EXPECT_EQ(retries_, 4u);
}

TEST_F(RetryingStoreTest, DoesNotRepeatWhatStays) {
  EXPECT_EQ(run(store_->head("missing", "")).error().code, ErrorCode::not_found);
  EXPECT_EQ(memory_.counts().of(StoreOperation::head), 1u);
  EXPECT_EQ(retries_, 0u);
}

TEST_F(RetryingStoreTest, RewindsABodyThatCanBe) {
  fail(StoreOperation::put, 2, ErrorCode::unavailable);
  BytesBody body(as_bytes("text"));
  ASSERT_TRUE(run(store_->put(PutRequest{.key = "object"}, body)).has_value());
  EXPECT_EQ(bucket_.bytes("object"), "text");
  EXPECT_EQ(retries_, 2u);
}

TEST_F(RetryingStoreTest, ReadsABodyAgainFromItsStart) {
  FaultPlan plan;
  plan.of(StoreOperation::put).body_cut = 1;
  FaultCounts counts;
  BytesBody body(as_bytes("text of some length"));
  RetryPolicy policy;
  policy.attempts_max = 3;
  const auto faulty = make_faulty_store(memory_, clock_, plan, counts);
  const auto store = make_retrying_store(*faulty, clock_, policy, retries_);
  EXPECT_EQ(run(store->put(PutRequest{.key = "object"}, body)).error().code,
            ErrorCode::unavailable);
  EXPECT_EQ(counts.body_cut, 3u);
  EXPECT_EQ(bucket_.size(), 0u);
  ASSERT_TRUE(
      run(store_->put(PutRequest{.key = "object"}, body)).has_value());  // begins with a rewind
  EXPECT_EQ(bucket_.bytes("object"), "text of some length");
}

TEST_F(RetryingStoreTest, LeavesABodyThatCannotBeRewoundToTheCaller) {
  fail(StoreOperation::put, 1, ErrorCode::throttled);
  OnceBody body("text");
  const MonotonicTime before = clock_.monotonic_now();
  EXPECT_EQ(run(store_->put(PutRequest{.key = "object"}, body)).error().code, ErrorCode::throttled);
  EXPECT_EQ(memory_.counts().of(StoreOperation::put), 1u);
  EXPECT_EQ(clock_.monotonic_now(), before);  // and nobody waits for an attempt that cannot be made
  OnceBody another("text");
  EXPECT_TRUE(run(store_->put(PutRequest{.key = "object"}, another)).has_value());
}

TEST_F(RetryingStoreTest, CreatesNoUploadThatNobodyKnows) {
  fail(StoreOperation::create_upload, 1, ErrorCode::unavailable);
  EXPECT_EQ(run(store_->create_upload(CreateUploadRequest{.key = "object"})).error().code,
            ErrorCode::unavailable);
  EXPECT_EQ(memory_.counts().of(StoreOperation::create_upload), 1u);
  fail(StoreOperation::create_upload, 1, ErrorCode::throttled);  // which says that nothing was done
  EXPECT_TRUE(run(store_->create_upload(CreateUploadRequest{.key = "object"})).has_value());
  EXPECT_EQ(bucket_.open_uploads().size(), 1u);
}

// A store whose first answer to complete_upload() or put() is lost after it took effect.
FaultPlan losing_answers(StoreOperation operation) {
  FaultPlan plan;
  plan.of(operation).unavailable_after = 1;
  return plan;
}

TEST_F(RetryingStoreTest, CompletedByALostAttempt) {
  FaultCounts counts;
  const auto faulty =
      make_faulty_store(memory_, clock_, losing_answers(StoreOperation::complete_upload), counts);
  const auto store = make_retrying_store(*faulty, clock_, {}, retries_);
  const std::string id = run(store->create_upload(CreateUploadRequest{.key = "object"})).value();
  BytesBody body(as_bytes("text"));
  const auto part =
      run(store->upload_part(UploadPartRequest{.key = "object", .upload_id = id}, body));
  CompleteUploadRequest complete{
      .key = "object", .upload_id = id, .parts = {{1, part.value().etag}}};
  const auto completed = run(store->complete_upload(complete));
  ASSERT_TRUE(completed.has_error());
  EXPECT_EQ(completed.error().code, ErrorCode::not_found);
  EXPECT_NE(completed.error().message.find("look at the object"), std::string::npos)
      << completed.error().message;
  EXPECT_EQ(bucket_.bytes("object"), "text");
}

TEST_F(RetryingStoreTest, ConditionalPutDoneByALostAttempt) {
  FaultCounts counts;
  const auto faulty =
      make_faulty_store(memory_, clock_, losing_answers(StoreOperation::put), counts);
  const auto store = make_retrying_store(*faulty, clock_, {}, retries_);
  PutRequest request{.key = "object"};
  request.precondition.if_absent = true;
  BytesBody body(as_bytes("text"));
  const auto put = run(store->put(request, body));
  ASSERT_TRUE(put.has_error());
  EXPECT_EQ(put.error().code, ErrorCode::precondition_failed);
  EXPECT_NE(put.error().message.find("look at the object"), std::string::npos)
      << put.error().message;
}

TEST_F(RetryingStoreTest, ConditionalRemoveDoneByALostAttempt) {
  FaultCounts counts;
  const auto faulty =
      make_faulty_store(memory_, clock_, losing_answers(StoreOperation::remove), counts);
  const auto store = make_retrying_store(*faulty, clock_, {}, retries_);
  bucket_.put("object", "text");
  const auto removed =
      run(store->remove({.key = "object", .if_match = bucket_.head("object")->info.etag}));
  ASSERT_TRUE(removed.has_error());
  EXPECT_EQ(removed.error().code, ErrorCode::not_found);
  EXPECT_NE(removed.error().message.find("look at the object"), std::string::npos)
      << removed.error().message;
  EXPECT_FALSE(bucket_.head("object").has_value());
}

TEST_F(RetryingStoreTest, PlainFailuresAreNotCalledAmbiguous) {
  CompleteUploadRequest complete{.key = "object", .upload_id = "none", .parts = {{1, "etag"}}};
  const auto completed = run(store_->complete_upload(complete));
  ASSERT_TRUE(completed.has_error());
  EXPECT_EQ(completed.error().code, ErrorCode::not_found);
  EXPECT_EQ(completed.error().message.find("look at the object"), std::string::npos);
}

TEST_F(RetryingStoreTest, OwnsAStoreGivenToIt) {
  const auto store =
      make_retrying_store(std::make_unique<MemoryStore>(bucket_, clock_), clock_, {}, retries_);
  EXPECT_TRUE(run(store->check()).has_value());
  EXPECT_EQ(store->describe(), "memory://bucket");
}

}  // namespace
}  // namespace dth::objects
