#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

using namespace std::string_literals;

class LedgerReader : public ::testing::Test {
 protected:
  state::Segment append(const LineBuffer& lines) {
    auto segment = ledger_.append("run", lines);
    EXPECT_FALSE(segment.has_error()) << why(segment);
    return segment.has_error() ? state::Segment() : *segment;
  }
  std::string path_of(const state::Segment& segment) {
    return directory_ / ("run/" + segment.file);
  }
  Result<std::vector<std::string>> keys(const std::vector<state::Segment>& segments) {
    return keys_of(directory_ / "run", segments);
  }
  void expect_corrupted(const std::vector<state::Segment>& segments, const std::string& words) {
    const auto read = keys(segments);
    ASSERT_TRUE(read.has_error()) << words;
    EXPECT_EQ(read.error().code, ErrorCode::data_corrupted);
    EXPECT_NE(read.error().message.find(words), std::string::npos) << read.error().message;
  }

  TemporaryDirectory directory_;
  DirectoryLedger ledger_{{.directory = directory_.path(), .worker_name = "w"}};
};

TEST_F(LedgerReader, GivesAwkwardKeysAsTheyWere) {
  const std::vector<std::string> awkward = {"a\nb"s,     "\"q\""s, "\0"s,
                                            "\xff\xfe"s, "é"s,     std::string(1024, '\x01')};
  LineBuffer lines;
  for (const std::string& key : awkward) lines.add(line_of(key));
  auto read = keys({append(lines)});
  ASSERT_FALSE(read.has_error()) << why(read);
  EXPECT_EQ(*read, awkward);
}

TEST_F(LedgerReader, ReadsASegmentOfManyBuffers) {
  LineBuffer lines;
  for (std::uint64_t i = 0; i < 40'000; ++i)
    lines.add(line_of(std::to_string(i * 2654435761u) + "/" + std::to_string(i * 40503u)));
  const auto segment = append(lines);
  EXPECT_GT(segment.length, 300'000u);
  auto read = keys({segment});
  ASSERT_FALSE(read.has_error()) << why(read);
  ASSERT_EQ(read->size(), 40'000u);
  EXPECT_EQ(read->at(39'999),
            std::to_string(39'999 * 2654435761ull) + "/" + std::to_string(39'999 * 40503ull));
}

TEST_F(LedgerReader, FlippedByteIsFoundWhereverItIsAndNamed) {
  const auto first = append(lines_of("a", 50));
  const auto second = append(lines_of("b", 50));
  const std::string good = read_file(path_of(second));
  for (std::size_t i = second.offset; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    write_file(path_of(second), bad);
    ASSERT_FALSE(keys({first}).has_error());
    const auto read = keys({first, second});
    ASSERT_TRUE(read.has_error()) << i;
    EXPECT_EQ(read.error().code, ErrorCode::data_corrupted);
    EXPECT_NE(read.error().message.find(second.file), std::string::npos) << read.error().message;
    EXPECT_NE(read.error().message.find("offset " + std::to_string(second.offset)),
              std::string::npos)
        << read.error().message;
  }
}

TEST_F(LedgerReader, NoLineIsGivenOfADamagedSegment) {
  const auto segment = append(lines_of("a", 5000));
  std::string bytes = read_file(path_of(segment));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_file(path_of(segment), bytes);
  int lines = 0;
  auto read = read_segments(DirectoryFiles(directory_ / "run"), {segment},
                            [&](const Line&) -> Result<void> {
                              ++lines;
                              return {};
                            });
  EXPECT_TRUE(read.has_error());
  EXPECT_EQ(lines, 0);
}

TEST_F(LedgerReader, MissingBytesLinesAndFilesAreFound) {
  const auto segment = append(lines_of("a", 50));
  auto miscounted = segment;
  miscounted.items = 51;
  expect_corrupted({miscounted}, "51 lines were recorded, 50 are there");
  auto shortened = segment;
  shortened.length -= 1;
  expect_corrupted({shortened}, "SHA-256");
  shortened.sha256 =
      hash(HashAlgorithm::sha256, as_bytes(read_file(path_of(segment)).substr(0, shortened.length)))
          .hex();
  expect_corrupted({shortened}, "cut off");
  auto elsewhere = segment;
  elsewhere.file = "../run/" + segment.file;
  expect_corrupted({elsewhere}, "no file's name");
  std::filesystem::resize_file(path_of(segment), segment.length - 1);
  expect_corrupted({segment}, "ends within it");
  std::filesystem::remove(path_of(segment));
  EXPECT_EQ(keys({segment}).error().code, ErrorCode::not_found);
}

TEST_F(LedgerReader, StopsWhenTheConsumerHasEnough) {
  const auto segment = append(lines_of("a", 50));
  int lines = 0;
  auto read = read_segments(DirectoryFiles(directory_ / "run"), {segment},
                            [&](const Line&) -> Result<void> {
                              if (++lines == 7) return Error{ErrorCode::cancelled, "enough", {}};
                              return {};
                            });
  ASSERT_TRUE(read.has_error());
  EXPECT_EQ(read.error().code, ErrorCode::cancelled);
  EXPECT_EQ(lines, 7);
}

}  // namespace
}  // namespace dth::ledger::testing
