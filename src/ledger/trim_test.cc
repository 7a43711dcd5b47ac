#include "ledger/trim.h"

#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

TEST(Trim, TornTailIsCutSoThatZstdcatReadsTheFile) {
  TemporaryDirectory directory;
  const LineBuffer lines = lines_of("a", 10);
  state::Segment kept;
  {
    DirectoryLedger dead({.directory = directory.path(), .worker_name = "w"});
    kept = *dead.append("run", lines);
    auto unrecorded = dead.append("run", lines_of("b", 10));
    ASSERT_FALSE(unrecorded.has_error());
  }
  const std::string path = directory / ("run/" + kept.file);
  const std::string whole = read_file(path);
  for (std::uint64_t size = kept.length; size <= whole.size(); ++size) {
    write_file(path, whole.substr(0, size));
    auto cut = trim({.directory = directory.path(), .run = "run"}, {kept});
    ASSERT_FALSE(cut.has_error()) << why(cut);
    EXPECT_EQ(*cut, size - kept.length);
    ASSERT_EQ(std::filesystem::file_size(path), kept.length);
  }
  EXPECT_EQ(zstdcat(path), std::pair(lines.text(), true));
  write_file(path, whole.substr(0, whole.size() - 1));
  EXPECT_FALSE(zstdcat(path).second) << "a torn tail would do no harm, and this test shows nothing";
}

TEST(Trim, FileWithoutARecordedSegmentGoes) {
  TemporaryDirectory directory;
  {
    DirectoryLedger dead({.directory = directory.path(), .worker_name = "w"});
    ASSERT_FALSE(dead.append("run", lines_of("a", 1)).has_error());
  }
  write_file(directory / "run/manifest.json", "kept");
  write_file(directory / "run/notes.txt", "kept");
  auto cut = trim({.directory = directory.path(), .run = "run"}, {});
  ASSERT_FALSE(cut.has_error()) << why(cut);
  EXPECT_GT(*cut, 0u);
  EXPECT_FALSE(std::filesystem::exists(directory / "run/w-1.ndjson.zst"));
  EXPECT_TRUE(std::filesystem::exists(directory / "run/manifest.json"));
  EXPECT_TRUE(std::filesystem::exists(directory / "run/notes.txt"));
}

TEST(Trim, OtherWorkersFilesAreLeftAlone) {
  TemporaryDirectory directory;
  for (const char* worker : {"w", "w-2", "other"}) {
    DirectoryLedger ledger({.directory = directory.path(), .worker_name = worker});
    ASSERT_FALSE(ledger.append("run", lines_of("a", 1)).has_error());
  }
  auto cut = trim({.directory = directory.path(), .run = "run", .worker_name = "w"}, {});
  ASSERT_FALSE(cut.has_error()) << why(cut);
  EXPECT_FALSE(std::filesystem::exists(directory / "run/w-1.ndjson.zst"));
  EXPECT_TRUE(std::filesystem::exists(directory / "run/w-2-1.ndjson.zst"));
  EXPECT_TRUE(std::filesystem::exists(directory / "run/other-1.ndjson.zst"));
}

TEST(Trim, LostBytesAreReported) {
  TemporaryDirectory directory;
  state::Segment kept;
  {
    DirectoryLedger dead({.directory = directory.path(), .worker_name = "w"});
    kept = *dead.append("run", lines_of("a", 10));
  }
  const std::string path = directory / ("run/" + kept.file);
  std::filesystem::resize_file(path, kept.length - 1);
  auto cut = trim({.directory = directory.path(), .run = "run"}, {kept});
  ASSERT_TRUE(cut.has_error());
  EXPECT_EQ(cut.error().code, ErrorCode::data_corrupted);
  EXPECT_NE(cut.error().message.find(path), std::string::npos) << why(cut);
  std::filesystem::remove(path);
  cut = trim({.directory = directory.path(), .run = "run"}, {kept});
  ASSERT_TRUE(cut.has_error());
  EXPECT_EQ(cut.error().code, ErrorCode::data_corrupted);
}

// As on another host of a PostgreSQL state, where no shared place was named.
TEST(Trim, AFileThatIsElsewhereIsNoDamage) {
  TemporaryDirectory here, there;
  DirectoryLedger other({.directory = there.path(), .worker_name = "w"});
  const state::Segment recorded = *other.append("run", lines_of("a", 10));
  const auto cut = trim({.directory = here.path(), .run = "run"}, {recorded});
  ASSERT_TRUE(cut.has_error());
  const std::string& message = cut.error().message;
  EXPECT_EQ(message.find("damaged"), std::string::npos) << message;
  EXPECT_NE(message.find(recorded.file + ", and there is no such file in " + here / "run"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("on another host"), std::string::npos) << message;
}

TEST(Trim, RunWithoutALedgerHasNothingToCut) {
  TemporaryDirectory directory;
  auto cut = trim({.directory = directory.path(), .run = "run"}, {});
  ASSERT_FALSE(cut.has_error()) << why(cut);
  EXPECT_EQ(*cut, 0u);
}

}  // namespace
}  // namespace dth::ledger::testing
