// Whole runs of some of a source's objects: filters, prefixes, lists, and the ways to compare.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class SelectionRunTest : public RunFixture {
 protected:
  void select(SelectionRules rules) { copy.selection = Selection::make(std::move(rules)).value(); }

  void put_all(const std::vector<std::string>& keys) {
    for (const std::string& key : keys) put(key, "bytes of " + key);
  }

  void name_list(SourceList kind, const std::string& name, const std::string& text) {
    copy.list = kind;
    copy.list_location = name;
    lists.put(name, text);
  }

  // Runs to the end by workers that are stopped again and again; the number of them.
  int work_in_pieces(StoreOperation operation) {
    int workers = 0;
    while (!is_drained() && workers < 1'000) {
      source.set_on_request(before(operation, 2, [this] {
        if (worker) worker->request_stop();
      }));
      work();
      ++workers;
    }
    return workers;
  }
};

TEST_F(SelectionRunTest, FiltersSelectAndTheRestIsOnlyScanned) {
  put_all({"a.jpg", "b.txt", "d/c.jpg", "d/skip.jpg", "large.jpg"});
  put("large.jpg", std::string(90, 'x'));
  SelectionRules rules;
  rules.include_globs = {"*.jpg"};
  rules.exclude_globs = {"skip.*"};
  rules.size_max = 50;
  select(rules);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::scanned], 5);
  EXPECT_EQ(done.counts[Counter::selected], 2);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_THAT(destination.keys(), ElementsAre("a.jpg", "d/c.jpg"));
}

TEST_F(SelectionRunTest, AFilterThatSelectsNothingIsASuccess) {
  put_all({"a", "b"});
  SelectionRules rules;
  rules.include_globs = {"*.jpg"};
  select(rules);
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::scanned], 2);
  EXPECT_EQ(done.counts[Counter::selected], 0);
  EXPECT_TRUE(destination.keys().empty());
}

TEST_F(SelectionRunTest, ArchivedObjectsAreSkippedWithALine) {
  put_all({"cold", "cold-and-copied", "warm"});
  for (const char* key : {"cold", "cold-and-copied"}) {
    source.change(key, [](objects::ObjectHead& head) { head.info.storage_class = "GLACIER"; });
  }
  destination.put("cold-and-copied", "bytes of cold-and-copied");
  copy.archived = ArchivedRule::skip;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::skipped], 1);
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  ASSERT_EQ(lines().size(), 2u);
  EXPECT_EQ(lines()[0].key, "cold");
  EXPECT_EQ(lines()[0].outcome, ledger::Outcome::skipped);
  EXPECT_THAT(lines()[0].error, HasSubstr("GLACIER"));
}

TEST_F(SelectionRunTest, OnlyWhatLiesBeneathThePrefixesIsListed) {
  source_options.page_size_max = destination_options.page_size_max = 2;
  put_all({"a/1", "a/2", "a/3", "b/1", "c/1", "c1", "d"});
  destination.put("c/1", "bytes of c/1");
  copy.list = SourceList::prefixes;
  copy.prefixes = {"a/", "c", "none/"};
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::scanned], 5);
  EXPECT_EQ(done.counts[Counter::copied], 4);
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_THAT(destination.keys(), ElementsAre("a/1", "a/2", "a/3", "c/1", "c1"));
  EXPECT_EQ(source_requests(StoreOperation::list), 2u + 1u + 1u);
}

TEST_F(SelectionRunTest, PrefixesAreReplacedAsTheSourcesIs) {
  copy.source_key = "in/";
  copy.destination_key = "out/";
  copy.list = SourceList::prefixes;
  copy.prefixes = {"in/a"};
  put_all({"in/a", "in/ab", "in/b"});
  EXPECT_EQ(run().counts[Counter::copied], 2);
  EXPECT_THAT(destination.keys(), ElementsAre("out/a", "out/ab"));
}

TEST_F(SelectionRunTest, AFileOfPrefixesInAnyOrderWithAnyMemory) {
  std::string text = "\xef\xbb\xbfzz/\r\n\r\n#not a comment/\r\n";
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    const std::string folder = "f" + std::to_string((i * 37) % 200);
    text += folder + "/\n" + (i % 3 ? "" : folder + "/covered\n") + (i % 5 ? "" : folder + "/\n");
    put_all({folder + "/covered-1", folder + "/x", folder + "-not"});
  }
  put_all({"#not a comment/k", "other"});
  name_list(SourceList::prefix_file, "prefixes", text);
  tuning.prefixes_bytes_max = 2'000;
  slots = {{kind_copy, 2}, {kind_scan, 2}};
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::scanned], 401);
  EXPECT_EQ(done.counts[Counter::copied], 401);
  EXPECT_GE(list_requests(StoreOperation::get), 10u)
      << "more prefixes than fit into memory take several readings";
}

TEST_F(SelectionRunTest, AScanOfManyPrefixesGoesOnExactlyWhereItStopped) {
  source_options.page_size_max = destination_options.page_size_max = 2;
  tuning.scan_keys_per_step_max = 3;
  copy.list = SourceList::prefixes;
  for (int i = 0; i < 150; ++i) {
    const std::string prefix = "p" + std::to_string(1'000 + i) + "/";
    copy.prefixes.push_back(prefix);
    for (int k = 0; k < i % 6; ++k) put(prefix + std::to_string(k), "bytes");
  }
  start();
  EXPECT_GT(work_in_pieces(StoreOperation::list), 20);
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::scanned], 25 * (0 + 1 + 2 + 3 + 4 + 5));
  EXPECT_EQ(done.counts[Counter::copied], done.counts[Counter::scanned]);
  EXPECT_EQ(destination.keys(), source.keys());
}

TEST_F(SelectionRunTest, APrefixFileWithALineThatIsTooLongCopiesNothing) {
  put_all({"a/1"});
  name_list(SourceList::prefix_file, "prefixes", "a/\n" + std::string(1'025, 'x') + "\n");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("line 2"));
  EXPECT_THAT(destination.keys(), IsEmpty());
}

TEST_F(SelectionRunTest, APrefixFileWithAForeignPrefixNamesIt) {
  copy.source_key = "in/";
  name_list(SourceList::prefix_file, "prefixes", "in/a\nout/b\n");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("line 2: \"out/b\""));
}

TEST_F(SelectionRunTest, TheObjectsOfAListAreCopiedWithoutAListing) {
  put_all({"a", "b,comma", "c", "not named"});
  put("large", std::string(170, 'x'));
  destination.put("c", "bytes of c");
  name_list(SourceList::object_file, "keys.csv", "a\n\"b,comma\"\n\nc,\nlarge\n");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::scanned], 4);
  EXPECT_EQ(done.counts[Counter::selected], 4);
  EXPECT_EQ(done.counts[Counter::copied], 3);
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_THAT(destination.keys(), ElementsAre("a", "b,comma", "c", "large"));
  EXPECT_EQ(source_requests(StoreOperation::list) + destination_requests(StoreOperation::list), 0u);
}

TEST_F(SelectionRunTest, ANamedObjectThatIsNotThereIsAFailure) {
  put_all({"a"});
  name_list(SourceList::object_file, "keys", "a\nmissing\n");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::selected], 2);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  ASSERT_EQ(failures().size(), 1u);
  EXPECT_EQ(failures()[0].key, "missing");
  EXPECT_EQ(failures()[0].code, "not_found");
  EXPECT_THAT(failures()[0].message, HasSubstr("the list names this object"));
}

TEST_F(SelectionRunTest, AVersionThatIsNotThereIsAFailureAndAnotherIsNotTaken) {
  put_all({"a", "b"});
  name_list(SourceList::object_file, "keys.csv", "a,v1\nb,null\n");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("and version"));
  EXPECT_THAT(destination.keys(), ElementsAre("b"));
}

TEST_F(SelectionRunTest, FiltersHoldForListsToo) {
  put_all({"a.jpg", "b.txt"});
  put("large.jpg", std::string(60, 'x'));
  name_list(SourceList::object_file, "keys", "a.jpg\nb.txt\nlarge.jpg\n");
  SelectionRules rules;
  rules.include_globs = {"*.jpg"};
  rules.size_max = 50;
  select(rules);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::scanned], 3);
  EXPECT_EQ(done.counts[Counter::selected], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(source_requests(StoreOperation::head), 2u)
      << "what a key alone rules out is not asked for";
}

TEST_F(SelectionRunTest, KeysOutsideTheSourceAndRepeatedOnesAreFailures) {
  copy.source_key = "in/";
  copy.destination_key = "out/";
  put_all({"in/a", "elsewhere"});
  name_list(SourceList::object_file, "keys", "elsewhere\nin/a\n");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("source's prefix \"in/\""));
  EXPECT_THAT(destination.keys(), ElementsAre("out/a"));
}

TEST_F(SelectionRunTest, AKeyThatIsNamedTwiceFarApartIsCopiedOnce) {
  put_all({"a", "b"});
  name_list(SourceList::object_file, "keys", "a\nb\na\n");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
}

TEST_F(SelectionRunTest, AKeyThatIsNamedTwiceInARowIsTakenOnce) {
  put_all({"a"});
  name_list(SourceList::object_file, "keys", "a\na\n");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::scanned], 2);
  EXPECT_EQ(done.counts[Counter::selected], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
}

TEST_F(SelectionRunTest, TwoVersionsOfAKeyInARowAreAFailure) {
  put_all({"a"});
  name_list(SourceList::object_file, "keys.csv", "a,null\na\n");
  start();
  work();
  const state::Counts counts = state->runs().find_run("run")->counts;
  EXPECT_EQ(counts[Counter::copied], 1);
  EXPECT_EQ(counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("two versions"));
}

TEST_F(SelectionRunTest, AListGoesOnExactlyWhereItStopped) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const std::string key = "k" + std::to_string(i);
    put(key, "bytes");
    text += key + (i % 2 ? "\n" : "\r\n");
  }
  name_list(SourceList::object_file, "keys", text);
  tuning.batch_items_max = 7;
  tuning.backlog_items_max = 20;
  tuning.objects_in_flight_per_job_max = 2;
  start();
  EXPECT_GT(work_in_pieces(StoreOperation::get), 20);
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::scanned], 300);
  EXPECT_EQ(done.counts[Counter::copied], 300);
  EXPECT_EQ(source_requests(StoreOperation::get), 300u);
}

TEST_F(SelectionRunTest, AListThatChangedWhileTheRunStoodStillIsRefused) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    put("k" + std::to_string(i), "bytes");
    text += "k" + std::to_string(i) + "\n";
  }
  name_list(SourceList::object_file, "keys", text);
  tuning.batch_items_max = 5;
  tuning.backlog_items_max = 5;
  start();
  enough = [this] { return state->runs().find_run("run")->counts[Counter::copied] >= 5; };
  source.set_on_request(before(StoreOperation::get, 3, [this] { worker->request_stop(); }));
  work();
  source.set_on_request({});
  ASSERT_LT(state->runs().find_run("run")->counts[Counter::scanned], 50);
  text.replace(0, 2, "xx");
  lists.put("keys", text);
  enough = [] { return false; };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("has changed since the run began"));
}

TEST_F(SelectionRunTest, AnEmptyListIsASuccess) {
  put_all({"a"});
  for (SourceList kind : {SourceList::object_file}) {
    name_list(kind, "keys", "\n\r\n");
    const state::Run done = run();
    EXPECT_EQ(done.state, RunState::succeeded) << done.error;
    EXPECT_EQ(done.counts[Counter::scanned], 0);
  }
}

TEST_F(SelectionRunTest, ADryRunOfAListLooksAndCopiesNothing) {
  put_all({"a", "same"});
  put("large", std::string(170, 'x'));
  destination.put("same", "bytes of same");
  name_list(SourceList::object_file, "keys", "a\nsame\nlarge\n");
  copy.dry_run = true;
  start();
  work();
  settle_now();
  const state::Counts counts = close().counts;
  EXPECT_EQ(counts[Counter::selected], 3);
  EXPECT_EQ(counts[Counter::unchanged], 1);
  EXPECT_EQ(counts[Counter::bytes], 10 + 170);
  EXPECT_THAT(destination.keys(), ElementsAre("same"));
}

TEST_F(SelectionRunTest, WhatIsThereIsNotReplacedWhereOnlyMissingObjectsAreWanted) {
  put_all({"a", "b"});
  destination.put("a", "other");
  copy.comparison.mode = CompareMode::missing;
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("a"), "other");
}

TEST_F(SelectionRunTest, NewerOnesAreLeftAlone) {
  put_all({"newer", "older"});
  destination.put("newer", "edited there", {}, clock.now());
  destination.put("older", "outdated", {}, clock.now() - std::chrono::hours(2));
  copy.comparison.newer_only = true;
  EXPECT_EQ(run().counts[Counter::unchanged], 1);
  EXPECT_EQ(destination.bytes("newer"), "edited there");
  EXPECT_EQ(destination.bytes("older"), "bytes of older");
}

// Sizes and times say that all are the same; the ETag of one is not an MD5.
TEST_F(SelectionRunTest, ByChecksumBothSidesAreAskedWhereListingsDoNotTell) {
  source_options.limits.enforces_checksums = destination_options.limits.enforces_checksums = true;
  put_all({"same", "opaque", "edited"});
  put("large", std::string(170, 'x'));
  destination.put("same", "bytes of same", {}, clock.now());
  destination.put("opaque", "bytes of opaque", {}, clock.now());
  destination.put("edited", "BYTES of edited", {}, clock.now());
  destination.put("large", std::string(170, 'y'), {}, clock.now());
  destination.change("opaque", [](objects::ObjectHead& head) { head.info.etag = "opaque-1"; });
  for (const char* key : {"same", "opaque", "edited", "large"}) {
    for (objects::MemoryBucket* bucket : {&source, &destination}) {
      const std::string crc = bucket->crc64nvme(key)->base64();
      bucket->change(key, [&](objects::ObjectHead& head) { head.checksums.crc64nvme = crc; });
    }
  }
  copy.comparison.mode = CompareMode::checksum;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::unchanged], 2);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(destination.bytes("edited"), "bytes of edited");
  EXPECT_EQ(destination.bytes("large"), std::string(170, 'x'));
  EXPECT_GE(source_requests(StoreOperation::head), 3u);
  EXPECT_LE(source_requests(StoreOperation::head), 4u)
      << "one for each that listings leave open, one for the upload";
}

TEST_F(SelectionRunTest, WhereNoDigestIsCommonObjectsCountAsDifferent) {
  put_all({"a"});
  destination.put("a", "bytes of a", {}, clock.now());
  destination.change("a", [](objects::ObjectHead& head) { head.info.etag = "opaque-1"; });
  copy.comparison.mode = CompareMode::checksum;
  EXPECT_EQ(run().counts[Counter::copied], 1);
}

}  // namespace
}  // namespace dth::object_copy::testing
