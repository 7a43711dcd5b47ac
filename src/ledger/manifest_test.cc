#include "ledger/manifest.h"

#include "base/encoding.h"
#include "ledger/merkle.h"
#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

using namespace std::string_literals;

state::Segment segment_of(state::JobId job, const std::string& file = "w-1.ndjson.zst",
                          std::uint64_t offset = 0) {
  return {.job = job,
          .file = file,
          .offset = offset,
          .length = 100,
          .sha256 = std::string(64, 'a'),
          .items = 3,
          .key_least = "\0least\xff"s,
          .key_greatest = "z"};
}

constexpr int totals = 26;

std::string total_name(int i) { return std::string("counter_") + static_cast<char>('a' + i); }

state::Run run_of(state::RunState state) {
  state::Run run;
  run.id = "run";
  run.kind = "object_copy";
  run.state = state;
  run.created_at = start;
  run.ended_at = start + std::chrono::seconds(5);
  for (int i = 0; i < totals; ++i)
    run.counts[state::counter_named(total_name(i))] = i * 1'000'000'000'000;
  return run;
}

const PrivateKey& key() {
  static const PrivateKey made = PrivateKey::generate();
  return made;
}

std::string sha256(const std::string& bytes) {
  return *hex_decode(hash(HashAlgorithm::sha256, as_bytes(bytes)).hex());
}

TEST(MerkleRoot, FollowsThePublishedRule) {
  std::vector<std::string> leaves;
  std::vector<state::Segment> segments;
  for (int i = 0; i < 5; ++i) {
    segments.push_back(segment_of(i));
    leaves.push_back(sha256("\0"s + canonical_bytes(segments.back())));
  }
  auto node = [](const std::string& left, const std::string& right) {
    return sha256("\1"s + left + right);
  };
  auto root = [&](std::size_t count) {
    return merkle_root({segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(count)});
  };
  EXPECT_EQ(root(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(root(1), hex_encode(as_bytes(leaves[0])));
  EXPECT_EQ(root(2), hex_encode(as_bytes(node(leaves[0], leaves[1]))));
  EXPECT_EQ(root(3), hex_encode(as_bytes(node(node(leaves[0], leaves[1]), leaves[2]))));
  EXPECT_EQ(root(5),
            hex_encode(as_bytes(
                node(node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3])), leaves[4]))));
}

TEST(MerkleRoot, CanonicalBytesAreLengthsAndNumbersBigEndian) {
  state::Segment segment{.job = 258,
                         .file = "f",
                         .offset = 1,
                         .length = 2,
                         .sha256 = "ab",
                         .items = 3,
                         .key_least = "",
                         .key_greatest = "k"};
  EXPECT_EQ(hex_encode(as_bytes(canonical_bytes(segment))),
            "0000000000000102"
            "0000000000000001"
            "66"
            "0000000000000001"
            "0000000000000002"
            "0000000000000002"
            "6162"
            "0000000000000003"
            "0000000000000000"
            "0000000000000001"
            "6b");
}

TEST(Manifest, ComesBackAsItWasWritten) {
  TemporaryDirectory directory;
  auto manifest = make_manifest(run_of(state::RunState::completed_with_failures),
                                {segment_of(9), segment_of(2, "w-2.ndjson.zst"),
                                 segment_of(2, "w-1.ndjson.zst", 100), segment_of(2)},
                                key());
  ASSERT_FALSE(manifest.has_error()) << why(manifest);
  for (int i = 0; i < 2; ++i) {  // the second replaces the first
    auto written = write_manifest(directory / "ledger", *manifest);
    ASSERT_FALSE(written.has_error()) << why(written);
  }
  auto read = read_manifest(DirectoryFiles(directory / "ledger/run"));
  ASSERT_FALSE(read.has_error()) << why(read);
  EXPECT_EQ(read->run, "run");
  EXPECT_EQ(read->kind, "object_copy");
  EXPECT_EQ(read->state, state::RunState::completed_with_failures);
  EXPECT_EQ(read->created_at, start);
  EXPECT_EQ(read->ended_at, start + std::chrono::seconds(5));
  EXPECT_EQ(read->totals.size(), totals - 1u) << "what is 0 is not listed";
  for (int i = 1; i < totals; ++i) EXPECT_EQ(read->totals.at(total_name(i)), i * 1'000'000'000'000);
  EXPECT_EQ(read->public_key, key().public_key().hex());
  EXPECT_EQ(read->root, manifest->root);
  ASSERT_EQ(read->segments.size(), 4u);
  EXPECT_EQ(read->segments[0].job, 2);
  EXPECT_EQ(read->segments[0].offset, 0u);
  EXPECT_EQ(read->segments[1].offset, 100u);
  EXPECT_EQ(read->segments[2].file, "w-2.ndjson.zst");
  EXPECT_EQ(read->segments[3].job, 9);
  EXPECT_EQ(read->segments[3].key_least, "\0least\xff"s);
  EXPECT_EQ(read->segments[3].items, 3u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory / "ledger/run"), {}), 1)
      << "something temporary was left";
}

TEST(Manifest, IsReadWhateverTheNumberOfSegments) {
  TemporaryDirectory directory;
  std::vector<state::Segment> segments;
  for (int i = 0; i < 10'000; ++i) segments.push_back(segment_of(i));
  auto manifest = make_manifest(run_of(state::RunState::succeeded), segments, key());
  ASSERT_FALSE(manifest.has_error());
  ASSERT_FALSE(write_manifest(directory.path(), *manifest).has_error());
  auto read = read_manifest(DirectoryFiles(directory / "run"));
  ASSERT_FALSE(read.has_error()) << why(read);
  EXPECT_EQ(read->segments.size(), 10'000u);
}

TEST(Manifest, SignedBytesFollowThePublishedRule) {
  Manifest manifest;
  manifest.run = "r";
  manifest.kind = "k";
  manifest.state = state::RunState::failed;
  manifest.created_at = manifest.ended_at = start;
  manifest.totals = {{"b", 258}, {"a", 1}};
  manifest.segments.resize(3);
  manifest.root = "00";
  manifest.public_key = "ff";
  const std::string time = "000000000000001b" + hex_encode(as_bytes(format_time(start)));
  EXPECT_EQ(hex_encode(as_bytes(signed_bytes(manifest))),
            "0000000000000013" + hex_encode(as_bytes("dth ledger manifest")) +
                "0000000000000002"
                "0000000000000001"
                "72"
                "0000000000000001"
                "6b"
                "0000000000000006" +
                hex_encode(as_bytes("failed")) + time + time +
                "0000000000000002"
                "0000000000000001"
                "61"
                "0000000000000001"
                "0000000000000001"
                "62"
                "0000000000000102"
                "0000000000000002"
                "3030"
                "0000000000000003"
                "0000000000000002"
                "6666");
}

// As version 0.1 wrote it.
TEST(Manifest, OfVersion1IsReadUnsigned) {
  TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "run");
  write_file(directory / "run/manifest.json",
             "{\"version\":1,\"run\":\"run\",\"kind\":\"object_copy\",\"state\":\"succeeded\","
             "\"created_at\":\"2026-01-01T00:00:00.000000Z\","
             "\"ended_at\":\"2026-01-01T00:00:01.000000Z\",\"totals\":{\"scanned\":7,\"copied\":0},"
             "\"merkle_root\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\","
             "\"segments\":[]}\n");
  auto read = read_manifest(DirectoryFiles(directory / "run"));
  ASSERT_FALSE(read.has_error()) << why(read);
  EXPECT_EQ(read->version, 1u);
  EXPECT_EQ(read->totals.at("scanned"), 7);
  EXPECT_EQ(read->public_key, "");
}

TEST(Manifest, IsNotMadeOfARunThatGoesOn) {
  auto manifest = make_manifest(run_of(state::RunState::running), {}, key());
  ASSERT_TRUE(manifest.has_error());
  EXPECT_EQ(manifest.error().code, ErrorCode::precondition_failed);
}

TEST(Manifest, ThatIsWrongIsRefused) {
  TemporaryDirectory directory;
  auto manifest =
      make_manifest(run_of(state::RunState::succeeded), {segment_of(1), segment_of(2)}, key());
  ASSERT_FALSE(write_manifest(directory.path(), *manifest).has_error());
  const std::string path = directory / "run/manifest.json";
  const std::string good = read_file(path);
  const auto code_with = [&](const std::string& from, const std::string& to) {
    std::string bad = good;
    const auto at = bad.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    bad.replace(at, from.size(), to);
    write_file(path, bad);
    auto read = read_manifest(DirectoryFiles(directory / "run"));
    EXPECT_TRUE(read.has_error()) << from << " -> " << to;
    return read.has_error() ? read.error().code : ErrorCode::internal;
  };
  EXPECT_EQ(code_with("\"items\":3", "\"items\":4"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"length\":100", "\"length\":101"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("aaaa", "aaab"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("w-1.ndjson.zst", "../passwd"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"version\":2", "\"version\":3"), ErrorCode::unsupported);
  EXPECT_EQ(code_with("\"version\":2", "\"version\":0"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"counter_c\":2", "\"counter_c\":3"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("succeeded", "failed"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"kind\":\"object", "\"kind\":\"abject"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with(":05.", ":06."), ErrorCode::data_corrupted) << "the time of its end";
  EXPECT_EQ(code_with(key().public_key().hex(), PrivateKey::generate().public_key().hex()),
            ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"signature\":\"", "\"signature\":\"00"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"signature\":\"", "\"signed\":\""), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"run\":\"run\"", "\"run\":\"other\""), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("]}", ""), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("\"totals\":{", "\"totally\":{"), ErrorCode::data_corrupted);
  EXPECT_EQ(code_with("succeeded", "perfect"), ErrorCode::data_corrupted);
  std::filesystem::remove(path);
  EXPECT_EQ(read_manifest(DirectoryFiles(directory / "run")).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace dth::ledger::testing
