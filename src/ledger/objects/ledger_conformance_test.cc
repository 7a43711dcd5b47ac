// What holds wherever ledgers are kept.
#include <thread>

#include <gmock/gmock.h>

#include "ledger/directory_ledger.h"
#include "ledger/manifest.h"
#include "ledger/objects/object_files.h"
#include "ledger/objects/object_ledger.h"
#include "ledger/objects/object_sealer.h"
#include "ledger/objects/testing/memory_place.h"
#include "ledger/sealer.h"
#include "ledger/testing/fixture.h"
#include "ledger/verify.h"

namespace dth::ledger::testing {
namespace {

using ::testing::ElementsAre;

// A place where ledgers are kept.
class Place {
 public:
  virtual ~Place() = default;
  virtual std::unique_ptr<Ledger> open(const std::string& worker) = 0;
  virtual std::unique_ptr<Sealer> sealer(std::shared_ptr<const PrivateKey> key) = 0;
  virtual std::unique_ptr<RunFiles> files(const std::string& run) = 0;
  // Of a file of the run "run".
  virtual void change(const std::string& file, std::string bytes) = 0;
  virtual void remove(const std::string& file) = 0;
};

class DirectoryPlace final : public Place {
 public:
  std::unique_ptr<Ledger> open(const std::string& worker) override {
    return std::make_unique<DirectoryLedger>(
        DirectoryLedgerOptions{.directory = directory_.path(), .worker_name = worker});
  }
  std::unique_ptr<Sealer> sealer(std::shared_ptr<const PrivateKey> key) override {
    return std::make_unique<DirectorySealer>(directory_.path(), std::move(key));
  }
  std::unique_ptr<RunFiles> files(const std::string& run) override {
    return std::make_unique<DirectoryFiles>(directory_ / run);
  }
  void change(const std::string& file, std::string bytes) override {
    write_file(directory_ / ("run/" + file), bytes);
  }
  void remove(const std::string& file) override {
    std::filesystem::remove(directory_ / ("run/" + file));
  }

 private:
  TemporaryDirectory directory_;
};

class MemoryPlace final : public Place {
 public:
  std::unique_ptr<Ledger> open(const std::string& worker) override {
    return std::make_unique<ObjectLedger>(
        *store_,
        ObjectLedgerOptions{.place = "memory", .prefix = "ledgers/", .worker_name = worker});
  }
  std::unique_ptr<Sealer> sealer(std::shared_ptr<const PrivateKey> key) override {
    return std::make_unique<ObjectSealer>(
        *store_, std::move(key), ObjectSealerOptions{.place = "memory", .prefix = "ledgers/"});
  }
  std::unique_ptr<RunFiles> files(const std::string& run) override {
    return std::make_unique<ObjectFiles>(store_, "memory/" + run, "ledgers/" + run + "/");
  }
  void change(const std::string& file, std::string bytes) override {
    bucket_.put("ledgers/run/" + file, std::move(bytes));
  }
  void remove(const std::string& file) override { bucket_.erase("ledgers/run/" + file); }

 private:
  SystemClock clock_;
  objects::MemoryBucket bucket_;
  std::shared_ptr<BlockingStore> store_ = open_memory_store(bucket_, clock_);
};

struct PlaceCase {
  const char* name;
  std::unique_ptr<Place> (*make)();
};

class LedgerConformance : public ::testing::TestWithParam<PlaceCase> {
 protected:
  state::Segment append(Ledger& ledger, const LineBuffer& lines) {
    auto segment = ledger.append("run", lines);
    EXPECT_FALSE(segment.has_error()) << why(segment);
    if (segment.has_error()) return {};
    segment->job = ++jobs_;
    return *segment;
  }

  Result<void> seal(std::vector<state::Segment> segments,
                    state::RunState ended = state::RunState::succeeded) {
    state::Run run;
    run.id = "run";
    run.kind = "object_copy";
    run.state = ended;
    for (const state::Segment& segment : segments) {
      const auto items = static_cast<std::int64_t>(segment.items);
      run.counts[state::counter_named("copied")] += items;
      run.counts[state::counter_named("proof_source_checksum")] += items;
      run.counts[state::counter_named("bytes")] += 2 * items;  // keys have two letters
    }
    return place_->sealer(key_)->seal(run, std::move(segments));
  }

  Verification verified() {
    const auto files = place_->files("run");
    auto done = verify({*files, {key_->public_key()}});
    EXPECT_FALSE(done.has_error()) << why(done);
    return done.has_error() ? Verification() : std::move(*done);
  }

  std::vector<std::string> keys(const std::vector<state::Segment>& segments) {
    std::vector<std::string> keys;
    auto read = read_segments(*place_->files("run"), segments, [&](const Line& line) {
      keys.push_back(line.key);
      return Result<void>();
    });
    EXPECT_FALSE(read.has_error()) << why(read);
    return keys;
  }

  const std::unique_ptr<Place> place_ = GetParam().make();
  const std::shared_ptr<const PrivateKey> key_ =
      std::make_shared<const PrivateKey>(PrivateKey::generate());
  state::JobId jobs_ = 0;
};

TEST_P(LedgerConformance, WhatWasAppendedIsReadAndVerified) {
  const auto ledger = place_->open("w");
  const std::vector<state::Segment> segments = {append(*ledger, lines_of("a", 2)),
                                                append(*ledger, lines_of("b", 1))};
  EXPECT_THAT(keys(segments), ElementsAre("a0", "a1", "b0"));
  ASSERT_FALSE(seal(segments).has_error());
  const Verification done = verified();
  EXPECT_TRUE(done.good()) << done.problems.at(0).what;
  EXPECT_EQ(done.lines, 3u);
  EXPECT_EQ(done.segments, 2u);
  EXPECT_TRUE(done.unknown_files.empty());
}

TEST_P(LedgerConformance, WhatNobodyRecordedDoesNotCount) {
  state::Segment recorded;
  {
    const auto dead = place_->open("dead");
    recorded = append(*dead, lines_of("a", 2));
    append(*dead, lines_of("b", 2));  // written, and its worker killed before the record
  }
  const auto other = place_->open("other");
  const state::Segment again = append(*other, lines_of("b", 2));
  ASSERT_FALSE(seal({recorded, again}).has_error());
  EXPECT_THAT(keys({recorded, again}), ElementsAre("a0", "a1", "b0", "b1"));
  const Verification done = verified();
  EXPECT_TRUE(done.good()) << done.problems.at(0).what;
  EXPECT_EQ(done.lines, 4u);
}

TEST_P(LedgerConformance, NoTwoWritersShareAFile) {
  const auto one = place_->open("one"), two = place_->open("two");
  const auto back = place_->open("one");  // a process that has come back under its name
  const state::Segment segments[] = {append(*one, lines_of("a", 1)), append(*two, lines_of("b", 1)),
                                     append(*back, lines_of("c", 1))};
  EXPECT_NE(segments[0].file, segments[1].file);
  EXPECT_NE(segments[0].file, segments[2].file);
  EXPECT_THAT(keys({segments[0], segments[1], segments[2]}), ElementsAre("a0", "b0", "c0"));
}

TEST_P(LedgerConformance, ManyAppendAtOnce) {
  constexpr int threads = 8, appends = 10;
  const auto ledger = place_->open("w");
  std::mutex mutex;
  std::vector<state::Segment> segments;
  std::vector<std::thread> running;
  for (int thread = 0; thread < threads; ++thread) {
    running.emplace_back([&, thread] {
      for (int i = 0; i < appends; ++i) {
        auto segment = ledger->append("run", lines_of(std::string(1, char('a' + thread)), 1));
        const std::lock_guard lock(mutex);
        ASSERT_FALSE(segment.has_error()) << why(segment);
        segment->job = ++jobs_;
        segments.push_back(*segment);
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  ASSERT_FALSE(seal(segments).has_error());
  const Verification done = verified();
  EXPECT_TRUE(done.good()) << done.problems.at(0).what;
  EXPECT_EQ(done.lines, std::uint64_t{threads * appends});
}

TEST_P(LedgerConformance, SealingMayBeRepeated) {
  const auto ledger = place_->open("w");
  const state::Segment segment = append(*ledger, lines_of("a", 1));
  ASSERT_FALSE(seal({segment}).has_error());
  ASSERT_FALSE(seal({segment}).has_error());
  EXPECT_EQ(verified().manifest.state, state::RunState::succeeded);
  ASSERT_FALSE(seal({segment}, state::RunState::cancelled).has_error());
  const Verification done = verified();
  EXPECT_TRUE(done.good());
  EXPECT_EQ(done.manifest.state, state::RunState::cancelled);
}

TEST_P(LedgerConformance, DamageIsTold) {
  const auto ledger = place_->open("w");
  const state::Segment segment = append(*ledger, lines_of("a", 1));
  ASSERT_FALSE(seal({segment}).has_error());
  place_->change(segment.file, std::string(segment.length, 'x'));
  EXPECT_FALSE(verified().good());
  place_->change(segment.file, "short");
  EXPECT_FALSE(verified().good());
  place_->remove(segment.file);
  EXPECT_FALSE(verified().good());
}

TEST_P(LedgerConformance, WithoutAManifestThereIsNothingToVerify) {
  const auto ledger = place_->open("w");
  append(*ledger, lines_of("a", 1));
  EXPECT_EQ(verify({*place_->files("run")}).error().code, ErrorCode::not_found);
  EXPECT_EQ(read_manifest(*place_->files("run")).error().code, ErrorCode::not_found);
}

TEST_P(LedgerConformance, WhatCannotBeAppendedIsRefused) {
  const auto ledger = place_->open("w");
  EXPECT_EQ(ledger->append("run", LineBuffer()).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(ledger->append("../run", lines_of("a", 1)).error().code, ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Places, LedgerConformance,
                         ::testing::Values(PlaceCase{"directory",
                                                     []() -> std::unique_ptr<Place> {
                                                       return std::make_unique<DirectoryPlace>();
                                                     }},
                                           PlaceCase{"memory",
                                                     []() -> std::unique_ptr<Place> {
                                                       return std::make_unique<MemoryPlace>();
                                                     }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace dth::ledger::testing
