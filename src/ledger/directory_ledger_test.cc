#include <csignal>
#include <set>
#include <thread>

#include <sys/resource.h>
#include <sys/stat.h>

#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

LineBuffer lines_that_do_not_shrink(std::uint64_t count) {
  LineBuffer lines;
  for (std::uint64_t i = 0; i < count; ++i) {
    lines.add(line_of(hash(HashAlgorithm::sha256, as_bytes(std::to_string(i))).hex()));
  }
  return lines;
}

TEST(DirectoryLedger, SegmentsSayWhereTheLinesAre) {
  TemporaryDirectory directory;
  DirectoryLedger ledger({.directory = directory / "ledger", .worker_name = "w1"});
  const LineBuffer first = lines_of("a", 100), second = lines_of("b", 3);
  auto one = ledger.append("run", first);
  auto two = ledger.append("run", second);
  ASSERT_FALSE(one.has_error()) << why(one);
  ASSERT_FALSE(two.has_error()) << why(two);
  EXPECT_EQ(one->file, "w1-1.ndjson.zst");
  EXPECT_EQ(one->offset, 0u);
  EXPECT_EQ(one->items, 100u);
  EXPECT_EQ(one->key_least, "a0");
  EXPECT_EQ(one->key_greatest, "a99");
  EXPECT_EQ(two->file, one->file);
  EXPECT_EQ(two->offset, one->length);
  const std::string path = directory / "ledger/run/w1-1.ndjson.zst";
  const std::string bytes = read_file(path);
  EXPECT_EQ(bytes.size(), two->offset + two->length);
  EXPECT_EQ(hash(HashAlgorithm::sha256, as_bytes(bytes.substr(two->offset))).hex(), two->sha256);
  EXPECT_EQ(zstdcat(path), std::pair(first.text() + second.text(), true));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(DirectoryLedger, EachStartAndEachRunHasAFileOfItsOwn) {
  TemporaryDirectory directory;
  for (int i = 1; i <= 3; ++i) {
    DirectoryLedger ledger({.directory = directory.path(), .worker_name = "w"});
    EXPECT_EQ(ledger.append("r1", lines_of("a", 1))->file,
              "w-" + std::to_string(i) + ".ndjson.zst");
    EXPECT_EQ(ledger.append("r1", lines_of("a", 1))->file,
              "w-" + std::to_string(i) + ".ndjson.zst");
  }
  DirectoryLedger one({.directory = directory.path(), .worker_name = "w"});
  DirectoryLedger two({.directory = directory.path(), .worker_name = "w"});
  EXPECT_EQ(one.append("r2", lines_of("a", 1))->file, "w-1.ndjson.zst");
  EXPECT_EQ(two.append("r2", lines_of("a", 1))->file, "w-2.ndjson.zst");
}

TEST(DirectoryLedger, FileThatWouldGrowTooLargeIsFollowedByAnother) {
  TemporaryDirectory directory;
  DirectoryLedger ledger(
      {.directory = directory.path(), .worker_name = "w", .file_size_bytes_max = 1000});
  std::vector<state::Segment> segments;
  for (int i = 0; i < 50; ++i) {
    auto segment = ledger.append("run", lines_of("key" + std::to_string(i) + "-", 5));
    ASSERT_FALSE(segment.has_error()) << why(segment);
    EXPECT_TRUE(segment->offset == 0 || segment->offset + segment->length <= 1000);
    segments.push_back(*segment);
  }
  EXPECT_NE(segments.front().file, segments.back().file);
  auto keys = keys_of(directory / "run", segments);
  ASSERT_FALSE(keys.has_error()) << why(keys);
  ASSERT_EQ(keys->size(), 250u);
  EXPECT_EQ(keys->front(), "key0-0");
  EXPECT_EQ(keys->back(), "key49-4");
  auto large = ledger.append("run", lines_that_do_not_shrink(200));
  ASSERT_FALSE(large.has_error()) << why(large);
  EXPECT_GT(large->length, 1000u);
  EXPECT_EQ(large->offset, 0u) << "what is larger than a file has one to itself";
}

TEST(DirectoryLedger, ManyRunsShareABoundedNumberOfFiles) {
  TemporaryDirectory directory;
  DirectoryLedger ledger({.directory = directory.path(), .worker_name = "w"});
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 70; ++i) {
      auto segment = ledger.append("run" + std::to_string(i), lines_of("a", 1));
      ASSERT_FALSE(segment.has_error()) << why(segment);
    }
  }
  const auto open_files = std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  EXPECT_LT(open_files, 64 + 40);
}

TEST(DirectoryLedger, ThreadsMayAppendAtOnce) {
  TemporaryDirectory directory;
  DirectoryLedger ledger(
      {.directory = directory.path(), .worker_name = "w", .file_size_bytes_max = 20'000});
  std::mutex mutex;
  std::vector<state::Segment> segments;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        auto segment =
            ledger.append("run", lines_of(std::to_string(t) + "/" + std::to_string(i) + "/", 20));
        ASSERT_FALSE(segment.has_error()) << why(segment);
        std::lock_guard guard(mutex);
        segments.push_back(*segment);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  auto keys = keys_of(directory / "run", segments);
  ASSERT_FALSE(keys.has_error()) << why(keys);
  EXPECT_EQ(keys->size(), 4u * 25 * 20);
  EXPECT_EQ(std::set<std::string>(keys->begin(), keys->end()).size(), keys->size());
}

TEST(DirectoryLedger, NamesStayWithinTheDirectory) {
  TemporaryDirectory directory;
  DirectoryLedger ledger({.directory = directory / "ledger", .worker_name = "../a host/1"});
  for (const char* run : {"", ".", "..", "../x", "a/b", ".hidden"}) {
    auto segment = ledger.append(run, lines_of("a", 1));
    ASSERT_TRUE(segment.has_error()) << run;
    EXPECT_EQ(segment.error().code, ErrorCode::invalid_argument) << run;
  }
  auto segment = ledger.append("run", lines_of("a", 1));
  ASSERT_FALSE(segment.has_error()) << why(segment);
  EXPECT_EQ(segment->file, "w.._a_host_1-1.ndjson.zst");
  EXPECT_TRUE(std::filesystem::exists(directory / ("ledger/run/" + segment->file)));
}

TEST(DirectoryLedger, NoLinesMakeNoSegment) {
  TemporaryDirectory directory;
  DirectoryLedger ledger({.directory = directory.path(), .worker_name = "w"});
  auto segment = ledger.append("run", LineBuffer());
  ASSERT_TRUE(segment.has_error());
  EXPECT_EQ(segment.error().code, ErrorCode::invalid_argument);
}

TEST(DirectoryLedger, DirectoryThatCannotBeIsReportedWithItsName) {
  TemporaryDirectory directory;
  write_file(directory / "file", "x");
  DirectoryLedger ledger({.directory = directory / "file/ledger", .worker_name = "w"});
  auto segment = ledger.append("run", lines_of("a", 1));
  ASSERT_TRUE(segment.has_error());
  EXPECT_NE(segment.error().message.find(directory / "file/ledger"), std::string::npos)
      << why(segment);
}

// /dev/full would need a file of ours to be it; a limit on file sizes makes a write stop half-way
// just as well.
TEST(DirectoryLedger, HalfWrittenFrameIsCutOffAgain) {
  TemporaryDirectory directory;
  DirectoryLedger ledger({.directory = directory.path(), .worker_name = "w"});
  auto first = ledger.append("run", lines_of("a", 10));
  ASSERT_FALSE(first.has_error()) << why(first);
  const LineBuffer many = lines_that_do_not_shrink(5000);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = first->length + 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  auto failed = ledger.append("run", many);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_TRUE(failed.has_error());
  EXPECT_EQ(failed.error().code, ErrorCode::unavailable) << why(failed);
  EXPECT_EQ(std::filesystem::file_size(directory / ("run/" + first->file)), first->length);
  auto next = ledger.append("run", many);
  ASSERT_FALSE(next.has_error()) << why(next);
  auto keys = keys_of(directory / "run", {*first, *next});
  ASSERT_FALSE(keys.has_error()) << why(keys);
  EXPECT_EQ(keys->size(), 5010u);
}

}  // namespace
}  // namespace dth::ledger::testing
