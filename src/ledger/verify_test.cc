#include "ledger/verify.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A run of eight objects in three segments, and its manifest.
class LedgerVerify : public ::testing::Test {
 protected:
  void SetUp() override {
    append(lines_of("a", 3));
    append(lines_of("b", 2));
    LineBuffer others;
    others.add({.key = "gone", .outcome = Outcome::deleted_at_source, .at = start});
    others.add({.key = "bad", .outcome = Outcome::failed, .size = 5, .error = "why", .at = start});
    others.add({.key = "unproved",
                .outcome = Outcome::copied,
                .size = 100,
                .proof = ProofKind::none,
                .at = start});
    append(others);
    run_.id = "run";
    run_.kind = "object_copy";
    run_.state = state::RunState::completed_with_failures;
    run_.created_at = start;
    run_.ended_at = start + std::chrono::seconds(5);
    run_.counts[state::counter_named("copied")] = 6;
    run_.counts[state::counter_named("deleted_at_source")] = 1;
    run_.counts[state::counter_named("failed")] = 1;
    run_.counts[state::counter_named("bytes")] = 5 * 2 + 100;
    run_.counts[state::counter_named("proof_source_checksum")] = 5;
    run_.counts[state::counter_named("proof_none")] = 1;
    write_manifest_of(key_);
  }

  void append(const LineBuffer& lines) {
    auto segment = ledger_.append("run", lines);
    ASSERT_FALSE(segment.has_error()) << why(segment);
    segment->job = static_cast<state::JobId>(segments_.size());
    segments_.push_back(*segment);
  }

  void write_manifest_of(const PrivateKey& key) {
    auto manifest = make_manifest(run_, segments_, key);
    ASSERT_FALSE(manifest.has_error()) << why(manifest);
    auto written = write_manifest(directory_.path(), *manifest);
    ASSERT_FALSE(written.has_error()) << why(written);
  }

  Verification verified(const std::optional<PublicKey>& key) {
    const DirectoryFiles files(directory_ / "run");
    VerifyRequest request{.files = files};
    if (key) request.public_keys.push_back(*key);
    auto done = verify(request);
    EXPECT_FALSE(done.has_error()) << why(done);
    return done.has_error() ? Verification() : std::move(*done);
  }
  Verification verified() { return verified(key_.public_key()); }

  // All problems as one text.
  std::string problems(const Verification& verification) {
    std::string text;
    for (const Problem& problem : verification.problems)
      text += problem.file + " " + std::to_string(problem.offset) + " " + problem.what + "\n";
    return text;
  }

  // The code of what ends the verification, or "problem".
  std::string refused() {
    const auto done = verify({DirectoryFiles(directory_ / "run")});
    return done.has_error() ? std::string(to_string(done.error().code)) : "problem";
  }

  void replace_in_manifest(const std::string& from, const std::string& to) {
    std::string text = read_file(manifest_path_);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write_file(manifest_path_, text.replace(at, from.size(), to));
  }

  TemporaryDirectory directory_;
  DirectoryLedger ledger_{{.directory = directory_.path(), .worker_name = "w"}};
  std::vector<state::Segment> segments_;
  state::Run run_;
  PrivateKey key_ = PrivateKey::generate();
  std::string manifest_path_ = directory_ / "run/manifest.json";
};

TEST_F(LedgerVerify, FindsAGoodOneGood) {
  for (const std::optional<PublicKey>& key :
       {std::optional(key_.public_key()), std::optional<PublicKey>()}) {
    const Verification done = verified(key);
    EXPECT_TRUE(done.good()) << problems(done);
    EXPECT_EQ(done.segments, 3u);
    EXPECT_EQ(done.lines, 8u);
    EXPECT_EQ(done.uncovered_bytes, 0u);
    EXPECT_THAT(done.unknown_files, IsEmpty());
    EXPECT_EQ(done.manifest.public_key, key_.public_key().hex());
  }
}

TEST_F(LedgerVerify, FindsEveryFlippedByte) {
  for (const std::string& path : {manifest_path_, directory_ / ("run/" + segments_[0].file)}) {
    const std::string good = read_file(path);
    for (std::size_t i = 0; i < good.size(); ++i) {
      // What looks most like what was there: a letter in the other case, a space for a newline,
      // another digit.
      const bool letter = std::isalpha(static_cast<unsigned char>(good[i])) != 0;
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (letter ? 0x20 : good[i] == '\n' ? 0x2a : 0x01));
      write_file(path, bad);
      // Without a key from outside as well. A version number may become one that nobody can read.
      auto done = verify({DirectoryFiles(directory_ / "run")});
      if (done.has_error()) {
        EXPECT_EQ(done.error().code, ErrorCode::unsupported) << path << " " << i;
      } else {
        EXPECT_FALSE(done->good()) << path << " " << i << " was " << good[i];
      }
    }
    write_file(path, good);
  }
}

TEST_F(LedgerVerify, NamesFileAndOffsetAndGoesOn) {
  const std::string path = directory_ / ("run/" + segments_[1].file);
  std::string bytes = read_file(path);
  bytes[segments_[1].offset + 4] ^= 1;
  bytes[segments_[2].offset + 4] ^= 1;
  write_file(path, bytes);
  const Verification done = verified();
  ASSERT_EQ(done.problems.size(), 2u) << problems(done);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(done.problems[i].file, segments_[i + 1].file);
    EXPECT_EQ(done.problems[i].offset, segments_[i + 1].offset);
    EXPECT_THAT(done.problems[i].what, HasSubstr("SHA-256"));
  }
}

TEST_F(LedgerVerify, FindsBytesAndFilesThatAreGone) {
  const std::string path = directory_ / ("run/" + segments_[1].file);
  std::filesystem::resize_file(path, segments_[2].offset + 3);
  EXPECT_THAT(problems(verified()), HasSubstr("ends within it"));
  std::filesystem::remove(path);
  EXPECT_EQ(verified().problem_count, 3u);
}

TEST_F(LedgerVerify, FindsSegmentsRemovedAddedAndReordered) {
  std::string text = read_file(manifest_path_);
  const auto first = text.find("\n{"), second = text.find("\n{", first + 1),
             third = text.find("\n{", second + 1);
  ASSERT_NE(third, std::string::npos);
  const std::string one = text.substr(first, second - first),
                    two = text.substr(second, third - second);
  for (const std::string& changed : {text.substr(0, first) + text.substr(second),
                                     text.substr(0, second) + one + text.substr(second),
                                     text.substr(0, first) + two + one + text.substr(third)}) {
    write_file(manifest_path_, changed);
    EXPECT_THAT(problems(verified()), HasSubstr("Merkle root"));
  }
}

TEST_F(LedgerVerify, FindsAlteredTotalsEvenWhereTheyAreSigned) {
  replace_in_manifest("\"copied\":6", "\"copied\":7");
  EXPECT_THAT(problems(verified()), HasSubstr("signature"));
  run_.counts[state::counter_named("copied")] = 7;
  run_.counts[state::counter_named("proof_transit_checksum")] = 1;
  run_.counts[state::counter_named("bytes")] -= 1;
  write_manifest_of(key_);
  const Verification done = verified();
  EXPECT_EQ(done.problem_count, 3u) << problems(done);
  EXPECT_THAT(problems(done), HasSubstr("\"copied\" is 7, the lines add up to 6"));
}

TEST_F(LedgerVerify, ALedgerMayBeMovedAndRenamed) {
  std::filesystem::create_directory(directory_ / "elsewhere");
  std::filesystem::rename(directory_ / "run", directory_ / "elsewhere/of march");
  const DirectoryFiles files(directory_ / "elsewhere/of march/");
  auto done = verify({files, {key_.public_key()}});
  ASSERT_FALSE(done.has_error()) << why(done);
  EXPECT_TRUE(done->good()) << problems(*done);
  EXPECT_EQ(done->manifest.run, "run");
  EXPECT_FALSE(read_manifest(files).has_error());
}

TEST_F(LedgerVerify, FindsAnotherSignerOnlyWithAKeyFromOutside) {
  write_manifest_of(PrivateKey::generate());
  EXPECT_TRUE(verified(std::nullopt).good());
  EXPECT_THAT(problems(verified()), HasSubstr("signed with another key"));
}

TEST_F(LedgerVerify, OneOfSeveralSignersIsEnough) {
  const DirectoryFiles files(directory_ / "run");
  const PublicKey other = PrivateKey::generate().public_key(),
                  third = PrivateKey::generate().public_key();
  EXPECT_TRUE(verify({files, {other, key_.public_key()}})->good());
  const auto refused = verify({files, {other, third}});
  EXPECT_FALSE(refused->good());
  EXPECT_THAT(problems(*refused), HasSubstr("not by " + other.hex() + " or " + third.hex()));
}

TEST_F(LedgerVerify, FindsAKeyThatWasExchangedAlone) {
  replace_in_manifest(key_.public_key().hex(), PrivateKey::generate().public_key().hex());
  EXPECT_FALSE(verified(std::nullopt).good());
}

TEST_F(LedgerVerify, FindsKeyRangesThatAreWrong) {
  segments_[0].key_greatest = "a9";
  write_manifest_of(key_);
  EXPECT_THAT(problems(verified()), HasSubstr("greatest key"));
}

TEST_F(LedgerVerify, FindsLinesThatCountTwice) {
  segments_.push_back(segments_[0]);
  segments_.back().job = 9;
  run_.counts[state::counter_named("copied")] += 3;
  run_.counts[state::counter_named("bytes")] += 6;
  run_.counts[state::counter_named("proof_source_checksum")] += 3;
  write_manifest_of(key_);
  EXPECT_THAT(problems(verified()), HasSubstr("share these bytes"));
}

TEST_F(LedgerVerify, TellsWhatNoSegmentCovers) {
  const std::string path = directory_ / ("run/" + segments_[0].file);
  write_file(path, read_file(path) + "torn");
  write_file(directory_ / "run/other.ndjson.zst", "x");
  const Verification done = verified();
  EXPECT_TRUE(done.good()) << problems(done);
  EXPECT_EQ(done.uncovered_bytes, 4u);
  EXPECT_EQ(done.unknown_files, std::vector<std::string>{"other.ndjson.zst"});
}

TEST_F(LedgerVerify, AnUnsignedOneIsNeverAuthentic) {
  std::string text = read_file(manifest_path_);
  text.replace(text.find("\"version\":2"), 11, "\"version\":1");
  const auto from = text.find(",\"public_key\""), to = text.find(",\"segments\"");
  write_file(manifest_path_, text.erase(from, to - from));
  EXPECT_TRUE(verified(std::nullopt).good());
  EXPECT_THAT(problems(verified()), HasSubstr("not signed"));
}

TEST_F(LedgerVerify, ALedgerThatIsNotThereIsAnError) {
  std::filesystem::remove(manifest_path_);
  EXPECT_EQ(verify({DirectoryFiles(directory_ / "run")}).error().code, ErrorCode::not_found);
}

TEST_F(LedgerVerify, NothingIsReadAtTheWordOfAnAlteredManifest) {
  replace_in_manifest("\"copied\":6", "\"copied\":7");
  EXPECT_EQ(verified().lines, 0u);
  write_manifest_of(PrivateKey::generate());
  EXPECT_EQ(verified().lines, 0u) << "signed by somebody else";
  EXPECT_EQ(verified(std::nullopt).lines, 8u);
}

TEST_F(LedgerVerify, SegmentsThatShareBytesAreNotRead) {
  for (int i = 0; i < 1000; ++i) segments_.push_back(segments_[0]);
  write_manifest_of(key_);
  const Verification done = verified();
  EXPECT_EQ(done.lines, 0u);
  EXPECT_EQ(done.problem_count, 1000u);
}

TEST_F(LedgerVerify, SizesThatAddUpToMoreThanThereIsAreAProblem) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  LineBuffer lines;
  for (const char* key : {"x", "y"}) {
    Line line = line_of(key);
    line.size = most;
    lines.add(line);
  }
  append(lines);
  write_manifest_of(key_);
  EXPECT_THAT(problems(verified()), HasSubstr("\"bytes\""));
}

TEST_F(LedgerVerify, OnlyRegularFilesOfItsOwnAreOpened) {
  const std::string path = directory_ / ("run/" + segments_[0].file);
  const std::string good = read_file(path);
  write_file(directory_ / "elsewhere", good);
  std::filesystem::remove(path);
  std::filesystem::create_symlink(directory_ / "elsewhere", path);
  EXPECT_EQ(refused(), "invalid_argument");
  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(refused(), "invalid_argument") << "it would wait for ever";
  std::filesystem::remove(path);
  write_file(path, good);
  std::filesystem::remove(manifest_path_);
  ASSERT_EQ(::mkfifo(manifest_path_.c_str(), 0600), 0);
  EXPECT_EQ(refused(), "invalid_argument");
}

}  // namespace
}  // namespace dth::ledger::testing
