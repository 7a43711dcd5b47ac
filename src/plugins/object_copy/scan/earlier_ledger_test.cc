#include "plugins/object_copy/scan/earlier_ledger.h"

#include <fstream>

#include <gmock/gmock.h>

#include "ledger/directory_ledger.h"
#include "ledger/manifest.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"
#include "state/sqlite_state.h"
#include "state/testing/temporary_directory.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::HasSubstr;

ledger::Line line_of(const std::string& key, const std::string& source_etag,
                     ledger::ProofKind proof = ledger::ProofKind::source_checksum) {
  ledger::Line line;
  line.key = key;
  line.outcome = ledger::Outcome::copied;
  line.size = 5;
  line.source_etag = source_etag;
  line.destination_etag = "to-" + source_etag;
  line.proof = proof;
  line.at = TimePoint(std::chrono::hours(1));
  return line;
}

class EarlierLedgerTest : public RunFixture {
 protected:
  // Writes a run's ledger, `lines_per_segment` at a time; its directory.
  std::string write(const std::string& run, const std::vector<ledger::Line>& lines,
                    std::size_t lines_per_segment) {
    ledger::DirectoryLedgerOptions options;
    options.directory = directory_.path().string();
    options.worker_name = "w";
    ledger::DirectoryLedger ledger(options);
    std::vector<state::Segment> segments;
    for (std::size_t first = 0; first < lines.size(); first += lines_per_segment) {
      ledger::LineBuffer buffer;
      for (std::size_t i = first; i < std::min(first + lines_per_segment, lines.size()); ++i)
        buffer.add(lines[i]);
      segments.push_back(ledger.append(run, buffer).value());
      segments.back().job = static_cast<state::JobId>(segments.size());
    }
    state::Run over;
    over.id = run;
    over.kind = "object_copy";
    over.state = RunState::succeeded;
    over.ended_at = over.created_at = TimePoint(std::chrono::hours(1));
    std::filesystem::create_directories(directory_ / run);
    EXPECT_TRUE(ledger::write_manifest(
                    options.directory,
                    ledger::make_manifest(over, segments, PrivateKey::generate()).value())
                    .has_value());
    return directory_ / run;
  }

  Result<std::shared_ptr<EarlierLedger>> open(const std::vector<std::string>& directories) {
    std::vector<std::unique_ptr<ledger::RunFiles>> ledgers;
    for (const std::string& directory : directories)
      ledgers.push_back(std::make_unique<ledger::DirectoryFiles>(directory));
    return EarlierLedger::open(std::move(ledgers), directory_.path().string(),
                               std::make_unique<InlineExecutor>());
  }

  static Result<void> read(EarlierLedger& ledger) {
    for (int step = 0; step < 10'000; ++step) {
      auto all = ledger.read_some();
      if (all.has_error()) return all.error();
      if (*all) return Result<void>();
    }
    return Error{ErrorCode::internal, "it does not end", ""};
  }

  state::testing::TemporaryDirectory directory_;
};

TEST_F(EarlierLedgerTest, TellsWhatWasCopiedAndProved) {
  auto failed = line_of("failed", "x");
  failed.outcome = ledger::Outcome::failed;
  const std::string first =
      write("first",
            {line_of("b", "1"), line_of("a\xff", "2"), line_of("c", "3", ledger::ProofKind::none),
             failed, line_of("d", "4")},
            2);
  const std::string second = write("second", {line_of("d", "5")}, 1);
  auto earlier = open({first, second}).value();
  ASSERT_TRUE(read(*earlier).has_value());
  const auto found = earlier->find({"a", "a\xff", "b", "c", "d", "e", "failed"}).value();
  EXPECT_TRUE(found[0].empty() && found[3].empty() && found[5].empty() && found[6].empty());
  EXPECT_EQ(found[1].at(0).source_etag, "2");
  EXPECT_EQ(found[2].at(0).size, 5u);
  EXPECT_EQ(found[2].at(0).destination_etag, "to-1");
  ASSERT_EQ(found[4].size(), 2u) << "what each ledger recorded";
  EXPECT_EQ(found[4].back().source_etag, "5") << "the later ledger counts";
}

// Segments that all span the whole bucket, in any order.
TEST_F(EarlierLedgerTest, AnyOrderOfLinesTellsTheSame) {
  std::vector<ledger::Line> lines;
  for (int i = 0; i < 2'000; ++i)
    lines.push_back(
        line_of(std::to_string((i * 7'919) % 2'000), std::to_string((i * 7'919) % 2'000)));
  auto earlier = open({write("run", lines, 3)}).value();
  ASSERT_TRUE(read(*earlier).has_value());
  std::vector<std::string> keys;
  for (int i = 0; i < 2'000; ++i) keys.push_back(std::to_string(i));
  std::sort(keys.begin(), keys.end());
  const auto found = earlier->find({keys.begin(), keys.end()}).value();
  for (std::size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(found[i].at(0).source_etag, keys[i]);
}

TEST_F(EarlierLedgerTest, WhatIsNoneOrDamagedIsRefused) {
  auto nowhere = open({directory_ / "nowhere"});
  ASSERT_TRUE(nowhere.has_error());
  EXPECT_EQ(nowhere.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(nowhere.error().message,
              HasSubstr("nowhere is not the ledger of a run that is over"));

  const std::string run = write("run", {line_of("a", "1"), line_of("b", "2")}, 1);
  {
    std::fstream file(run + "/w-1.ndjson.zst", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(30);
    file.put('!');
  }
  auto damaged = open({run}).value();
  auto all = read(*damaged);
  ASSERT_TRUE(all.has_error());
  EXPECT_EQ(all.error().code, ErrorCode::data_corrupted);
  EXPECT_THAT(all.error().message, HasSubstr("--earlier-ledger"));
  EXPECT_TRUE(read(*damaged).has_error()) << "nobody goes on behind the damage";
}

// By sizes and times all are the same. The record knows: one was edited since, at the source.
TEST_F(EarlierLedgerTest, ARecordKnowsBetterThanTimes) {
  const std::string large(170, 'x'), edited(170, 'y');
  put("edited", large);
  put("same", large);
  put("small", "bytes");
  const state::Run first = run();
  ASSERT_EQ(first.counts[Counter::copied], 3);
  const std::string ledger = write("first", lines(), 2);

  state = state::open_sqlite_state({":memory:", false, false}).value();
  put("edited", edited);  // older than the copy, as far as the clocks tell
  for (const char* key : {"edited", "same"}) {
    source.change(key, [](objects::ObjectHead& head) { head.info.last_modified = {}; });
  }
  // And one whose copy looks too old.
  source.change("small", [this](objects::ObjectHead& head) {
    head.info.last_modified = clock.now() + std::chrono::hours(1);
  });
  source.change("same", [this](objects::ObjectHead& head) {
    head.info.last_modified = clock.now() + std::chrono::hours(1);
  });
  source_options.page_size_max = 1;
  earlier = open({ledger}).value();
  const state::Run second = run();
  EXPECT_EQ(second.state, RunState::succeeded) << second.error;
  EXPECT_EQ(second.counts[Counter::copied], 1);
  EXPECT_EQ(second.counts[Counter::unchanged], 2);
  EXPECT_EQ(destination.bytes("edited"), edited);
}

TEST_F(EarlierLedgerTest, ADamagedLedgerEndsTheRunAndCopiesNothing) {
  put("a", "bytes");
  const std::string ledger = write("first", {line_of("a", "1")}, 1);
  std::filesystem::resize_file(ledger + "/w-1.ndjson.zst", 20);
  earlier = open({ledger}).value();
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("the ledger is damaged"));
  EXPECT_TRUE(destination.keys().empty());
}

TEST(RecordedCopy, Decides) {
  auto info = [](std::uint64_t size, const char* etag, int modified_s) {
    objects::ObjectInfo info;
    info.size = size;
    info.etag = etag;
    info.last_modified = TimePoint(std::chrono::seconds(modified_s));
    return info;
  };
  const TimePoint now{std::chrono::hours(1)};
  const std::vector<RecordedCopy> none, recorded{{1, "from", "to"}};
  const auto as_it_was = info(1, "from", 9), edited = info(1, "else", 1), copy = info(1, "to", 5),
             foreign = info(1, "theirs", 5);
  EXPECT_EQ(compare({}, as_it_was, &copy, now, recorded), Verdict::skip) << "whatever the times";
  EXPECT_EQ(compare({}, as_it_was, &copy, now, none), Verdict::copy);
  EXPECT_EQ(compare({}, edited, &copy, now, recorded), Verdict::copy) << "whatever the times";
  EXPECT_EQ(compare({}, edited, &copy, now, none), Verdict::skip);
  EXPECT_EQ(compare({}, as_it_was, &foreign, now, recorded), Verdict::copy)
      << "the record says nothing of what is there now";
  EXPECT_EQ(compare({}, edited, &foreign, now, recorded), Verdict::copy)
      << "the source is other than recorded";
  EXPECT_EQ(compare({}, edited, &edited, now, recorded), Verdict::skip)
      << "but equal to what is there";
  EXPECT_EQ(compare({}, as_it_was, nullptr, now, recorded), Verdict::copy);
  EXPECT_EQ(compare({CompareMode::checksum}, as_it_was, &copy, now, recorded), Verdict::skip)
      << "proved then: no request now";
  EXPECT_EQ(compare({CompareMode::always}, as_it_was, &copy, now, recorded), Verdict::copy);
  EXPECT_EQ(compare({CompareMode::missing}, edited, &copy, now, recorded), Verdict::skip);
  EXPECT_EQ(compare({CompareMode::standard, true, true}, edited, &copy, now, recorded),
            Verdict::skip)
      << "newer there";
  EXPECT_EQ(compare({}, info(1, "", 9), &copy, now, recorded), Verdict::copy)
      << "without ETags nothing is known";
}

TEST(RecordedCopy, OfSeveralRunsAnyThatRecordsThePairIsHeard) {
  auto info = [](const char* etag, int modified_s) {
    objects::ObjectInfo info;
    info.size = 1;
    info.etag = etag;
    info.last_modified = TimePoint(std::chrono::seconds(modified_s));
    return info;
  };
  const TimePoint now{std::chrono::hours(1)};
  const std::vector<RecordedCopy> runs{{1, "a0", "b0"}, {1, "a1", "b1"}};
  const auto a0 = info("a0", 1), a1 = info("a1", 1), b0 = info("b0", 5), b1 = info("b1", 5),
             b9 = info("b9", 5);
  EXPECT_EQ(compare({}, a0, &b0, now, runs), Verdict::skip)
      << "an earlier record, of exactly this pair";
  EXPECT_EQ(compare({}, a0, &b1, now, runs), Verdict::copy)
      << "switched back: other than the latest one recorded";
  EXPECT_EQ(compare({}, a1, &b9, now, runs), Verdict::skip) << "as recorded: the times decide";
  EXPECT_EQ(compare({}, b0, &a0, now, runs), Verdict::skip) << "in the other direction";
  // Edited there, since an opposite run wrote what the source has.
  const std::vector<RecordedCopy> both{{1, "a1", "b1"}, {1, "b2", "a2"}};
  const auto a2 = info("a2", 1), b3 = info("b3", 5);
  EXPECT_EQ(compare({}, a2, &b3, now, both), Verdict::skip);
  // A token of a file says no more than the file system's clock.
  std::vector<RecordedCopy> dated{{1, "file-1", "b"}};
  dated[0].read_from = TimePoint(std::chrono::seconds(10));
  objects::ObjectInfo file = info("file-1", 1);
  const auto b = info("b", 20);
  file.changed = TimePoint(std::chrono::milliseconds(9'500) + std::chrono::microseconds(1));
  EXPECT_EQ(compare({}, file, &b, now, dated), Verdict::skip);
  file.changed = TimePoint(std::chrono::milliseconds(9'995));
  EXPECT_EQ(compare({CompareMode::checksum}, file, &b, now, dated), Verdict::ask)
      << "written in the tick in which it was read";
}

// The ledger of a task from out/ to in/, given to one from in/ to out/.
TEST_F(EarlierLedgerTest, ARunInTheOppositeDirectionIsHeard) {
  put("in/parts", "bytes");
  destination.put("out/parts", "bytes");
  put("in/edited", "other");
  destination.put("out/edited", "bytes");
  for (objects::MemoryBucket* bucket : {&source, &destination}) {
    for (const std::string& key : bucket->keys()) {
      bucket->change(key, [&](objects::ObjectHead& head) {
        head.info.etag +=
            bucket == &source ? "-2" : "-1";  // nothing but the record tells that they are equal
        // The copy that the other task made is the younger one.
        head.info.last_modified =
            clock.now() - (bucket == &source ? std::chrono::hours(1) : std::chrono::hours(2));
      });
    }
  }
  const auto written_by_the_other = [&](const std::string& name, const std::string& etag_then) {
    auto line = line_of("out/" + name, destination.head("out/" + name)->info.etag);
    line.destination_key = "in/" + name;
    line.destination_etag = etag_then;
    return line;
  };
  const std::string opposite =
      write("opposite",
            {written_by_the_other("edited", "what it was then"),
             written_by_the_other("parts", source.head("in/parts")->info.etag)},
            10);
  copy.source_key = "in/";
  copy.destination_key = "out/";
  copy.earlier_ledgers = {opposite};
  earlier = open(copy.earlier_ledgers).value();
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(lines().at(0).key, "in/edited");
}

}  // namespace
}  // namespace dth::object_copy::testing
