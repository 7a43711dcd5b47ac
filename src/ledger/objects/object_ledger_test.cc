#include "ledger/objects/object_ledger.h"

#include <thread>

#include <gmock/gmock.h>

#include "ledger/manifest.h"
#include "ledger/objects/object_files.h"
#include "ledger/objects/object_sealer.h"
#include "ledger/objects/testing/memory_place.h"
#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

using objects::StoreOperation;
using ::testing::HasSubstr;

// Goes a hundred times as fast.
class HastyClock final : public Clock {
 public:
  TimePoint now() const override { return clock_.now(); }
  MonotonicTime monotonic_now() const override {
    return origin_ + (clock_.monotonic_now() - origin_) * 100;
  }
  Async<Result<void>> sleep_until(MonotonicTime when) override {
    return clock_.sleep_until(origin_ + (when - origin_) / 100);
  }

 private:
  SystemClock clock_;
  const MonotonicTime origin_ = clock_.monotonic_now();
};

class ObjectLedgerTest : public ::testing::Test {
 protected:
  void open(objects::MemoryStoreOptions options = {}, unsigned writes_max = 4,
            Duration unreachable_timeout = Duration::zero()) {
    store_ = open_memory_store(bucket_, clock_, std::move(options), unreachable_timeout);
    ledger_ =
        std::make_unique<ObjectLedger>(*store_, ObjectLedgerOptions{.place = "s3://bucket/ledgers",
                                                                    .prefix = "ledgers/",
                                                                    .worker_name = "w",
                                                                    .writes_max = writes_max});
  }

  Result<void> seal(const std::vector<state::Segment>& segments,
                    const std::shared_ptr<const PrivateKey>& key) {
    state::Run run;
    run.id = "run";
    run.state = state::RunState::succeeded;
    return ObjectSealer(*store_, key, {.place = "s3://bucket/ledgers", .prefix = "ledgers/"})
        .seal(run, segments);
  }

  HastyClock clock_;
  objects::MemoryBucket bucket_;
  std::shared_ptr<BlockingStore> store_;
  std::unique_ptr<ObjectLedger> ledger_;
};

TEST_F(ObjectLedgerTest, OneAppendIsOneObject) {
  open();
  const auto segment = ledger_->append("run", lines_of("a", 3));
  ASSERT_FALSE(segment.has_error()) << why(segment);
  EXPECT_EQ(segment->file, "w-1.ndjson.zst");
  EXPECT_EQ(bucket_.keys(), std::vector<std::string>{"ledgers/run/w-1.ndjson.zst"});
}

TEST_F(ObjectLedgerTest, WhatIsAppendedWhileOthersAreWrittenIsCollected) {
  constexpr unsigned appends = 10;
  open({}, 1);
  std::promise<void> release;
  auto released = release.get_future().share();
  bucket_.set_on_request([&](StoreOperation operation, const std::string&) {
    if (operation == StoreOperation::put) released.wait();
    return std::optional<Error>();
  });
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<state::Segment> segments;
  for (unsigned i = 0; i < appends; ++i) {
    threads.emplace_back([&, i] {
      auto segment = ledger_->append("run", lines_of("k" + std::to_string(i), 1));
      const std::lock_guard lock(mutex);
      segments.push_back(segment.value());
    });
  }
  while (ledger_->appends_under_way() < appends) std::this_thread::yield();
  release.set_value();
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(bucket_.size(), 2u);
  std::set<std::string> keys;
  const ObjectFiles files(store_, "place", "ledgers/run/");
  auto read = read_segments(files, segments, [&](const Line& line) {
    EXPECT_TRUE(keys.insert(line.key).second);
    return Result<void>();
  });
  ASSERT_FALSE(read.has_error()) << why(read);
  EXPECT_EQ(keys.size(), appends);
}

TEST_F(ObjectLedgerTest, WhoFillsAnObjectWritesItAtOnce) {
  store_ = open_memory_store(bucket_, clock_);
  // The first would wait for ever.
  ObjectLedger ledger(*store_, {.place = "place",
                                .prefix = "ledgers/",
                                .worker_name = "w",
                                .collect_time = std::chrono::hours(24),
                                .lines_enough = 10});
  std::thread first([&] { (void)ledger.append("run", lines_of("a", 1)).has_error(); });
  while (ledger.appends_under_way() < 1) std::this_thread::yield();
  const auto segment = ledger.append("run", lines_of("b", 9));
  ASSERT_FALSE(segment.has_error()) << why(segment);
  EXPECT_GT(segment->offset, 0u);
  EXPECT_EQ(bucket_.size(), 1u);
  first.join();
}

TEST_F(ObjectLedgerTest, AStopEndsTheCollecting) {
  store_ = open_memory_store(bucket_, clock_);
  ObjectLedger ledger(*store_, {.place = "place",
                                .prefix = "ledgers/",
                                .worker_name = "w",
                                .collect_time = std::chrono::hours(24)});
  std::promise<Result<state::Segment>> written;
  std::thread first([&] { written.set_value(ledger.append("run", lines_of("a", 1))); });
  while (ledger.appends_under_way() < 1) std::this_thread::yield();
  ledger.request_stop();
  EXPECT_FALSE(written.get_future().get().has_error());
  first.join();
}

TEST_F(ObjectLedgerTest, ANameThatHoldsOtherBytesIsLeftAlone) {
  open();
  bucket_.put("ledgers/run/w-1.ndjson.zst", "somebody else's");
  const auto segment = ledger_->append("run", lines_of("a", 1));
  ASSERT_FALSE(segment.has_error()) << why(segment);
  EXPECT_EQ(segment->file, "w-2.ndjson.zst");
  EXPECT_EQ(bucket_.head("ledgers/run/w-1.ndjson.zst")->info.size, 15u);
}

TEST_F(ObjectLedgerTest, AWriteThatFailedIsRepeated) {
  open();
  int puts = 0;
  bucket_.set_on_request([&](StoreOperation operation, const std::string&) {
    const bool is_second = operation == StoreOperation::put && ++puts == 2;
    return is_second ? std::optional<Error>(Error{ErrorCode::unavailable, "hangs up", ""})
                     : std::nullopt;
  });
  ASSERT_FALSE(ledger_->append("run", lines_of("a", 1)).has_error());
  const auto segment = ledger_->append("run", lines_of("a", 1));
  ASSERT_FALSE(segment.has_error()) << why(segment);
  EXPECT_EQ(bucket_.size(), 2u);
}

TEST_F(ObjectLedgerTest, BytesThatNoDigestConfirmsAreReadBack) {
  int gets = 0;
  bucket_.set_on_request([&](StoreOperation operation, const std::string&) {
    if (operation == StoreOperation::get) ++gets;
    return std::optional<Error>();
  });
  open();
  ASSERT_FALSE(ledger_->append("run", lines_of("a", 1)).has_error());
  EXPECT_EQ(gets, 0);
  objects::MemoryStoreOptions opaque;
  opaque.limits.etag_is_md5 = false;
  open(opaque);
  ASSERT_FALSE(ledger_->append("other", lines_of("a", 1)).has_error());
  EXPECT_EQ(gets, 1);
}

TEST_F(ObjectLedgerTest, ErrorsNameThePlace) {
  open();
  bucket_.set_exists(false);
  const auto segment = ledger_->append("run", lines_of("a", 1));
  ASSERT_TRUE(segment.has_error());
  EXPECT_EQ(segment.error().code, ErrorCode::not_found);
  EXPECT_THAT(segment.error().message,
              HasSubstr("the ledger s3://bucket/ledgers cannot be written"));
}

TEST_F(ObjectLedgerTest, AStoreThatIsGoneIsWaitedForUntilAStop) {
  open({}, 4, std::chrono::minutes(15));
  std::promise<void> asked;
  std::atomic<bool> is_gone = true, was_asked = false;
  bucket_.set_on_request([&](StoreOperation, const std::string&) {
    if (!was_asked.exchange(true)) asked.set_value();
    return is_gone ? std::optional<Error>(
                         Error(ErrorCode::unavailable, ErrorReason::unreachable, "no route", ""))
                   : std::nullopt;
  });
  std::promise<Result<state::Segment>> written;
  std::thread thread([&] { written.set_value(ledger_->append("run", lines_of("a", 1))); });
  asked.get_future().wait();
  ledger_->request_stop();
  const auto segment = written.get_future().get();
  thread.join();
  ASSERT_TRUE(segment.has_error());
  EXPECT_EQ(segment.error().code, ErrorCode::cancelled);
  EXPECT_EQ(bucket_.size(), 0u);
}

TEST_F(ObjectLedgerTest, AStoreThatWasGivenUpIsAskedAgain) {
  open({}, 4, std::chrono::milliseconds(1));
  ASSERT_FALSE(ledger_->append("run", lines_of("a", 1)).has_error());
  std::atomic<bool> is_gone = true;
  bucket_.set_on_request([&](StoreOperation, const std::string&) {
    return is_gone ? std::optional<Error>(
                         Error(ErrorCode::unavailable, ErrorReason::unreachable, "no route", ""))
                   : std::nullopt;
  });
  const auto refused = ledger_->append("run", lines_of("b", 1));
  ASSERT_TRUE(refused.has_error());
  EXPECT_TRUE(is_given_up(refused.error())) << why(refused);
  is_gone = false;
  const auto written = ledger_->append("run", lines_of("b", 1));
  EXPECT_FALSE(written.has_error()) << why(written);
}

TEST_F(ObjectLedgerTest, AManifestOfSomethingElseIsLeftAlone) {
  open();
  const auto key = std::make_shared<const PrivateKey>(PrivateKey::generate());
  const state::Segment segment = ledger_->append("run", lines_of("a", 1)).value();
  bucket_.put("ledgers/run/manifest.json", "{}");
  auto sealed = seal({segment}, key);
  ASSERT_TRUE(sealed.has_error());
  EXPECT_EQ(sealed.error().code, ErrorCode::already_exists);
  EXPECT_EQ(bucket_.head("ledgers/run/manifest.json")->info.size, 2u);
  // One of other segments is no earlier attempt either.
  bucket_.erase("ledgers/run/manifest.json");
  ASSERT_FALSE(seal({}, key).has_error());
  EXPECT_EQ(seal({segment}, key).error().code, ErrorCode::already_exists);
}

TEST_F(ObjectLedgerTest, AnotherWorkersManifestOfTheSameRunIsKept) {
  open();
  const state::Segment segment = ledger_->append("run", lines_of("a", 1)).value();
  const auto first = std::make_shared<const PrivateKey>(PrivateKey::generate()),
             second = std::make_shared<const PrivateKey>(PrivateKey::generate());
  ASSERT_FALSE(seal({segment}, first).has_error());
  ASSERT_FALSE(seal({segment}, second).has_error());
  const auto manifest = read_manifest(ObjectFiles(store_, "place", "ledgers/run/"));
  ASSERT_FALSE(manifest.has_error()) << why(manifest);
  EXPECT_EQ(manifest->public_key, first->public_key().hex());
}

TEST_F(ObjectLedgerTest, FilesLargerThanTheWindowAreReadInPieces) {
  open();
  std::string bytes;
  for (int i = 0; bytes.size() < (20u << 20); ++i) bytes += std::to_string(i) + ",";
  bucket_.put("ledgers/run/large", bytes);
  const ObjectFiles files(store_, "place", "ledgers/run/");
  const auto file = files.open("large");
  ASSERT_FALSE(file.has_error()) << why(file);
  EXPECT_EQ((*file)->size().value(), bytes.size());
  std::string read(bytes.size() + 10, '\0');
  EXPECT_EQ((*file)->read_at(0, read.data(), read.size()).value(), bytes.size());
  EXPECT_EQ(read.substr(0, bytes.size()), bytes);
  EXPECT_EQ((*file)->read_at(9 << 20, read.data(), 100).value(), 100u);
  EXPECT_EQ(read.substr(0, 100), bytes.substr(9 << 20, 100));
  // Somebody replaced it meanwhile.
  bucket_.put("ledgers/run/large", bytes + "x");
  EXPECT_TRUE((*file)->read_at(0, read.data(), 100).has_error());
}

}  // namespace
}  // namespace dth::ledger::testing
