// Whole runs of small objects: the pitfalls of listings and of one GET and one PUT.
#include "plugins/object_copy/runner.h"

#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"
#include "state/sqlite_state.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::HasSubstr;

class RunnerTest : public RunFixture {
 protected:
  objects::ListPage page_of(const std::vector<std::string>& keys,
                            const std::string& next_token) const {
    objects::ListPage page;
    for (const std::string& key : keys) page.objects.push_back(source.head(key)->info);
    page.truncated = !next_token.empty();
    page.next_token = next_token;
    return page;
  }
};

TEST_F(RunnerTest, OneGetAndOnePutASmallObjectAndOneListAPage) {
  source_options.page_size_max = destination_options.page_size_max = 10;
  for (int i = 0; i < 25; ++i) put("k" + std::to_string(i), "content " + std::to_string(i));
  const state::Run first = run();
  EXPECT_EQ(first.state, RunState::succeeded);
  EXPECT_EQ(first.counts[Counter::copied], 25);
  EXPECT_EQ(first.counts[Counter::proof_source_checksum], 25);
  EXPECT_EQ(source_requests(StoreOperation::list), 3u);
  EXPECT_EQ(source_requests(StoreOperation::get), 25u);
  EXPECT_EQ(source_requests(StoreOperation::head), 0u);
  EXPECT_EQ(destination_requests(StoreOperation::list), 1u);
  EXPECT_EQ(destination_requests(StoreOperation::put), 25u);
  EXPECT_EQ(destination_requests(StoreOperation::head), 0u);
  for (const std::string& key : source.keys()) EXPECT_EQ(destination.bytes(key), source.bytes(key));
}

TEST_F(RunnerTest, WhatIsTheSameIsSkipped) {
  put("same", "bytes");
  put("other", "bytes");
  destination.put("same", "bytes");
  destination.put("only there", "stays");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("only there"), "stays");
}

TEST_F(RunnerTest, AnObjectReplacedBetweenListingAndGetIsCopiedWholeAsItIsNow) {
  put("k", "old");
  source.set_on_request(before(StoreOperation::get, 1, [this] { put("k", "new and longer"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::bytes], 14);
  EXPECT_EQ(destination.bytes("k"), "new and longer");
  EXPECT_EQ(lines().at(0).size, 14u);
}

TEST_F(RunnerTest, AnObjectReplacedByALargeOneIsPlannedAfresh) {
  put("k", "old");
  const std::string large(170, 'x');
  source.set_on_request(before(StoreOperation::get, 1, [&] { put("k", large); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), large);
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 1u);
}

TEST_F(RunnerTest, AnObjectDeletedBetweenListingAndCopyIsCountedAsSuch) {
  put("k", "bytes");
  source.set_on_request(before(StoreOperation::get, 1, [this] { source.erase("k"); }));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::deleted_at_source], 1);
  EXPECT_EQ(done.counts[Counter::copied] + done.counts[Counter::failed], 0);
  EXPECT_EQ(lines().at(0).outcome, ledger::Outcome::deleted_at_source);
}

TEST_F(RunnerTest, ATruncatedBodyIsRetried) {
  source_options.body_piece_max = 7;
  put("k", "more than seven bytes");
  start();
  corrupting_source().cut_get = times(2);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::retries], 2);
  EXPECT_EQ(destination.bytes("k"), "more than seven bytes");
}

TEST_F(RunnerTest, AFlippedByteIsRefusedAndRetried) {
  put("k", "bytes");
  start();
  corrupting_destination().flip_write = times(1);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::proof_none], 0);
  EXPECT_EQ(destination.bytes("k"), "bytes");
  EXPECT_EQ(destination_requests(StoreOperation::put), 2u);
}

TEST_F(RunnerTest, ABodyThatIsAlwaysDamagedIsAFailureAndNeverStored) {
  put("k", "bytes");
  start();
  corrupting_destination().flip_write = [] { return true; };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_FALSE(destination.bytes("k").has_value());
}

// Nothing enforces here, so the damage shows only in the answer: the object is written again over
// our own bytes.
TEST_F(RunnerTest, DamageThatShowsInTheAnswerIsRepaired) {
  destination_options.limits.enforces_content_md5 = false;
  source_options.limits.etag_is_md5 = false;
  source_options.body_piece_max = 3;
  put("k", "bytes in pieces");
  start();
  corrupting_destination().flip_write = times(1);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::proof_transit_checksum], 1);
  EXPECT_EQ(destination.bytes("k"), "bytes in pieces");
}

// An ETag that looks like an MD5 and is none, or bytes that are damaged whenever they are read:
// nobody can tell.
TEST_F(RunnerTest, BytesThatTheSourcesEtagContradictsAreNotCalledProved) {
  put("k", "bytes");
  source.change(
      "k", [](objects::ObjectHead& head) { head.info.etag = "0123456789abcdef0123456789abcdef"; });
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::proof_none], 1);
  EXPECT_EQ(destination.bytes("k"), "bytes");
}

TEST_F(RunnerTest, DamageBetweenSourceAndUsPassesWhenTheBytesAreReadAgain) {
  put("k", "bytes");
  start();
  corrupting_source().flip_read = times(1);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::proof_source_checksum], 1);
  EXPECT_EQ(destination.bytes("k"), "bytes");
}

TEST_F(RunnerTest, BytesThatAreAlwaysReadDamagedAreNotCalledProved) {
  put("k", "bytes");
  start();
  corrupting_source().flip_read = [] { return true; };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::proof_none], 1);
}

// A batch that takes long is recorded on the way: whoever dies in it loses two seconds, not the
// batch.
TEST_F(RunnerTest, ALongBatchIsRecordedOnTheWay) {
  for (int i = 0; i < 20; ++i) put("k" + std::to_string(i), "bytes");
  tuning.objects_in_flight_max = 1;
  start();
  std::int64_t copied_most = 0;
  std::set<std::string> throttled;
  source.set_on_request(
      [&](StoreOperation operation, const std::string& key) -> std::optional<Error> {
        if (operation != StoreOperation::get || !throttled.insert(key).second) return std::nullopt;
        copied_most =
            std::max(copied_most, state->runs().find_run("run").value().counts[Counter::copied]);
        return Error{ErrorCode::throttled, "slow down", "SlowDown", std::chrono::seconds(1)};
      });
  work();
  EXPECT_GE(copied_most, 15);
  EXPECT_EQ(end().counts[Counter::copied], 20);
}

TEST_F(RunnerTest, AListingThatFailsHalfWayFailsTheRunAndLosesNothing) {
  source_options.page_size_max = 2;
  for (const char* key : {"a", "b", "c", "d"}) put(key, "bytes");
  destination.put("z", "was there");
  int pages = 0;
  source.set_on_request([&](StoreOperation operation, const std::string&) -> std::optional<Error> {
    if (operation == StoreOperation::list && ++pages > 1)
      return Error{ErrorCode::permission_denied, "listing denied", "AccessDenied"};
    return std::nullopt;
  });
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("listing denied"));
  EXPECT_EQ(destination.bytes("z"), "was there");
  EXPECT_EQ(destination_requests(StoreOperation::remove), 0u);
}

// An empty destination and one that cannot be listed are not the same: nothing may be copied over
// what is not known.
TEST_F(RunnerTest, ADestinationThatCannotBeListedIsNotEmpty) {
  put("a", "bytes");
  destination.put("a", "other");
  destination.set_on_request(
      fail_always(StoreOperation::list, "", {ErrorCode::permission_denied, "listing denied", ""}));
  EXPECT_EQ(run().state, RunState::failed);
  EXPECT_EQ(destination.bytes("a"), "other");
  EXPECT_EQ(destination_requests(StoreOperation::put), 0u);
}

TEST_F(RunnerTest, EmptyPagesThatAreTruncatedAreAskedOn) {
  put("a", "1");
  put("b", "2");
  start();
  corrupting_source().answer_list = [this](const objects::ListRequest& request) {
    const std::string& token = request.continuation_token;
    if (token.empty()) return page_of({}, "1");
    if (token == "1") return page_of({"a"}, "2");
    if (token == "2") return page_of({}, "3");
    return page_of({"b"}, "");
  };
  work();
  EXPECT_EQ(end().counts[Counter::copied], 2);
}

TEST_F(RunnerTest, AFileWhoseSizeIsToldTooSmallIsCopiedWhole) {
  source_options.limits.looks_are_local = true;
  put("a", "12345");
  start();
  corrupting_source().answer_list = [this](const objects::ListRequest&) {
    auto page = page_of({"a"}, "");
    page.objects.at(0).size = std::uint64_t{3};
    return page;
  };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::bytes], 5);
}

TEST_F(RunnerTest, ATokenThatRepeatsIsAnErrorAndNotAnEndlessLoop) {
  put("a", "1");
  start();
  corrupting_source().answer_list = [this](const objects::ListRequest&) {
    return page_of({"a"}, "again");
  };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("does not continue"));
}

TEST_F(RunnerTest, ALongerCircleOfTokensIsAnErrorToo) {
  put("a", "1");
  start();
  corrupting_source().answer_list = [this](const objects::ListRequest& request) {
    return page_of({"a"}, request.continuation_token == "x"   ? "y"
                          : request.continuation_token == "y" ? "z"
                                                              : "x");
  };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("does not continue"));
}

// Stores whose order is not that of bytes: here folders come after names, and both sides have
// orders of their own.
class UnorderedTest : public RunnerTest {
 protected:
  using Before = std::function<bool(const std::string&, const std::string&)>;

  static bool names_first(const std::string& a, const std::string& b) {
    return std::make_pair(a.find('/') != a.npos, a) < std::make_pair(b.find('/') != b.npos, b);
  }
  static bool backwards(const std::string& a, const std::string& b) { return b < a; }

  // A listing in that order; it begins behind start_after as such a store understands it.
  static auto listing(objects::MemoryBucket& bucket, Before before, std::size_t page_size) {
    return [&bucket, before,
            page_size](const objects::ListRequest& request) -> std::optional<objects::ListPage> {
      std::vector<std::string> keys = bucket.keys();
      std::erase_if(keys, [&](const std::string& key) { return !key.starts_with(request.prefix); });
      std::sort(keys.begin(), keys.end(), before);
      const std::string& after =
          request.continuation_token.empty() ? request.start_after : request.continuation_token;
      auto at =
          after.empty() ? keys.begin() : std::upper_bound(keys.begin(), keys.end(), after, before);
      objects::ListPage page;
      for (; at != keys.end() && page.objects.size() < page_size; ++at)
        page.objects.push_back(bucket.head(*at)->info);
      page.truncated = at != keys.end();
      if (page.truncated) page.next_token = page.objects.back().key;
      return page;
    };
  }

  // As many objects as make several pages, some of them there already, and one that only the
  // destination has.
  void fill() {
    for (int i = 0; i < 120; ++i) {
      const std::string key = (i % 3 == 0 ? "f" + std::to_string(i % 7) + "/" : std::string()) +
                              "k" + std::to_string(1'000 + i);
      put(key, "bytes of " + key);
      if (i % 4 == 0) destination.put(key, "bytes of " + key);
    }
    destination.put("zz", "only there");
  }

  void expect_whole(const state::Run& done) {
    EXPECT_EQ(done.state, RunState::succeeded) << done.error;
    EXPECT_EQ(done.counts[Counter::scanned], 120);
    EXPECT_EQ(done.counts[Counter::unchanged], 30);
    EXPECT_EQ(done.counts[Counter::copied], 90);
    for (const std::string& key : source.keys())
      EXPECT_EQ(destination.bytes(key), source.bytes(key)) << key;
  }
};

TEST_F(UnorderedTest, AListingInAnotherOrderIsSorted) {
  for (std::size_t page_size : {3u, 50u, 1'000u}) {
    SCOPED_TRACE(page_size);
    source.clear();
    destination.clear();
    state = state::open_sqlite_state({":memory:", false, false}).value();
    tuning.sort_bytes_max = 2'000;
    fill();
    start();
    corrupting_source().answer_list = listing(source, backwards, page_size);
    corrupting_destination().answer_list = listing(destination, names_first, page_size);
    work();
    expect_whole(end());
  }
}

// The order looks right for pages, of which all is recorded and copied by the time that it does not
// any more.
TEST_F(UnorderedTest, WhatWasSeenBeforeTheOrderBrokeIsNotCountedTwice) {
  tuning.scan_keys_per_step_max = 5;
  fill();
  start();
  corrupting_source().answer_list = listing(source, names_first, 7);
  work();
  expect_whole(end());
}

TEST_F(UnorderedTest, ASortedScanGoesOnExactlyWhereItStopped) {
  tuning.scan_keys_per_step_max = 5;
  tuning.sort_bytes_max = 2'000;
  fill();
  start();
  corrupting_source().answer_list = listing(source, names_first, 7);
  corrupting_destination().answer_list = listing(destination, names_first, 7);
  int workers = 0;
  while (!is_drained() && workers < 200) {
    // Every worker is stopped soon after it has begun to copy.
    source.set_on_request(before(StoreOperation::get, 3, [this] { worker->request_stop(); }));
    work();
    ++workers;
  }
  EXPECT_GT(workers, 5);
  expect_whole(end());
}

TEST_F(RunnerTest, KeysThatGetTooLongAreFailures) {
  copy.destination_key = "prefix/";
  put(std::string(1'017, 'f'), "fits");
  put(std::string(1'018, 'l'), "is too long");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("1025 bytes"));
  EXPECT_EQ(source_requests(StoreOperation::get), 1u);
}

TEST_F(RunnerTest, FolderMarkersAreObjectsLikeOthers) {
  const std::map<std::string, std::string> objects = {
      {"a", "an object"}, {"a/", ""}, {"a/b", "beneath"}, {"marker/", "with content"}};
  for (const auto& [key, bytes] : objects) put(key, bytes);
  EXPECT_EQ(run().counts[Counter::copied], 4);
  for (const auto& [key, bytes] : objects) EXPECT_EQ(destination.bytes(key), bytes) << key;
}

// Else what is queued grows with the bucket: a scan is quicker than copies are.
TEST_F(RunnerTest, AScanWaitsWhileMuchIsQueued) {
  source_options.page_size_max = tuning.scan_keys_per_step_max = 10;
  tuning.backlog_items_max = 20;
  tuning.batch_items_max = 5;
  for (int i = 0; i < 300; ++i) put("k" + std::to_string(i), "bytes");
  std::int64_t most = 0;
  source.set_on_request([&](StoreOperation, const std::string&) -> std::optional<Error> {
    most = std::max(most, state->jobs().backlog("run", kind_copy)->items);
    return std::nullopt;
  });
  EXPECT_EQ(run().counts[Counter::copied], 300);
  EXPECT_LE(most, 20 + 10) << "what was queued when the scan went on, and one step more";
}

TEST_F(RunnerTest, AnEmptyObjectNeedsNoRangeAndNoUpload) {
  copy.multipart_threshold_bytes = 0;
  put("empty", "");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("empty"), "");
  EXPECT_EQ(corrupting_source().ranges_seen, 0u);
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 0u);
}

TEST_F(RunnerTest, AnArchivedObjectIsAFailureThatSaysWhatToDo) {
  put("cold", "bytes");
  source.change("cold",
                [](objects::ObjectHead& head) { head.info.storage_class = "DEEP_ARCHIVE"; });
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("DEEP_ARCHIVE"));
  EXPECT_THAT(failures().at(0).message, HasSubstr("restore it"));
  EXPECT_EQ(source_requests(StoreOperation::get), 0u);
}

TEST_F(RunnerTest, WhatSomebodyElseWroteSinceTheListingIsLeftAlone) {
  put("new", "ours");
  put("old", "ours, newer");
  destination.put("old", "was there");
  destination.set_on_request(before(StoreOperation::put, 1, [this] {
    destination.put("new", "theirs");
    destination.put("old", "theirs");
  }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 2);
  EXPECT_EQ(destination.bytes("new"), "theirs");
  EXPECT_EQ(destination.bytes("old"), "theirs");
  EXPECT_THAT(failures().at(0).message, HasSubstr("somebody else"));
}

TEST_F(RunnerTest, ARemovedDestinationIsNoConflict) {
  put("k", "newer bytes");
  destination.put("k", "old");
  destination.set_on_request(before(StoreOperation::put, 1, [this] { destination.erase("k"); }));
  EXPECT_EQ(run().counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), "newer bytes");
}

TEST_F(RunnerTest, OurOwnPutWhoseAnswerWasLostIsRecognised) {
  put("k", "bytes");
  start();
  corrupting_destination().lose_answer =
      [once = times(1)](StoreOperation, const std::string&) -> std::optional<Error> {
    if (once()) return Error{ErrorCode::unavailable, "the answer was lost", ""};
    return std::nullopt;
  };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::failed], 0);
  EXPECT_EQ(destination.bytes("k"), "bytes");
}

TEST_F(RunnerTest, OneObjectThatFailsDoesNotStopTheOthers) {
  for (const char* key : {"a", "b", "c"}) put(key, "bytes");
  source.set_on_request(
      fail_always(StoreOperation::get, "b", {ErrorCode::permission_denied, "no", "AccessDenied"}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  ASSERT_EQ(failures().size(), 1u);
  EXPECT_EQ(failures()[0].key, "b");
  EXPECT_EQ(failures()[0].detail, "AccessDenied");
  EXPECT_EQ(failures()[0].attempts, 1) << "what is denied is not asked for again";
}

TEST_F(RunnerTest, MetadataIsPreserved) {
  objects::ObjectMetadata metadata;
  metadata.content_type = "text/plain";
  metadata.content_encoding = "gzip";
  metadata.cache_control = "no-store";
  metadata.user = {{"owner", "me"}, {"purpose", "test"}};
  put("k", "bytes", metadata);
  run();
  EXPECT_EQ(destination.head("k")->metadata, metadata);
}

}  // namespace
}  // namespace dth::object_copy::testing
