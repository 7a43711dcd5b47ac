#include <gtest/gtest.h>

#include "base/encoding.h"
#include "ledger/ledger.h"

namespace dth::ledger {
namespace {

using namespace std::string_literals;

const TimePoint start = TimePoint(std::chrono::hours(24 * 365 * 56));

std::string json_of(const Line& line) {
  std::string json;
  append_json(line, &json);
  return json;
}

void expect_same(const Line& a, const Line& b) {
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.destination_key, b.destination_key);
  EXPECT_EQ(a.outcome, b.outcome);
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.source_etag, b.source_etag);
  EXPECT_EQ(a.source_version, b.source_version);
  EXPECT_EQ(a.destination_etag, b.destination_etag);
  EXPECT_EQ(a.destination_version, b.destination_version);
  EXPECT_EQ(a.proof, b.proof);
  EXPECT_EQ(a.algorithm, b.algorithm);
  EXPECT_EQ(a.checksum, b.checksum);
  EXPECT_EQ(a.error, b.error);
  EXPECT_EQ(a.at, b.at);
  EXPECT_EQ(a.read_from, b.read_from);
}

TEST(LedgerLine, SaysWhenReadingBegan) {
  const Line line{.key = "k",
                  .outcome = Outcome::copied,
                  .at = start + std::chrono::seconds(2),
                  .read_from = start};
  EXPECT_TRUE(json_of(line).ends_with(",\"read_from\":\"" + format_time(start) + "\"}\n"))
      << json_of(line);
  expect_same(parse_line(json_of(line)).value(), line);
  EXPECT_TRUE(parse_line("{\"key\":\"k\",\"outcome\":\"copied\",\"size\":0,\"at\":\"" +
                         format_time(start) + "\",\"read_from\":\"then\"}")
                  .has_error());
}

TEST(LedgerLine, HasThisVeryForm) {
  EXPECT_EQ(json_of({.key = "a/b", .outcome = Outcome::deleted_at_source, .at = start}),
            "{\"key\":\"a/b\",\"outcome\":\"deleted_at_source\",\"size\":0,\"at\":\"" +
                format_time(start) + "\"}\n");
  EXPECT_EQ(
      json_of({.key = "k\"\\\n\x01\x7f é",
               .destination_key = "d",
               .outcome = Outcome::copied,
               .size = 18446744073709551615u,
               .at = start}),
      "{\"key\":\"k\\\"\\\\\\n\\u0001\x7f é\",\"destination_key\":\"d\",\"outcome\":\"copied\","
      "\"size\":18446744073709551615,\"at\":\"" +
          format_time(start) + "\"}\n");
}

TEST(LedgerLine, EveryFieldComesBack) {
  const Line line{.key = "source",
                  .destination_key = "destination",
                  .outcome = Outcome::copied,
                  .size = 5'000'000'000'000,
                  .source_etag = "\"d41d8\"",
                  .source_version = "v1",
                  .destination_etag = "\"d41d9-3\"",
                  .destination_version = "v2",
                  .proof = ProofKind::recomputed_etag,
                  .algorithm = "MD5",
                  .checksum = "d41d8",
                  .error = "none, \"really\"",
                  .at = start + std::chrono::microseconds(1)};
  auto parsed = parse_line(json_of(line));
  ASSERT_FALSE(parsed.has_error()) << parsed.error().to_string();
  expect_same(*parsed, line);
}

TEST(LedgerLine, AwkwardKeysComeBackByteByByte) {
  std::string all_bytes;
  for (int c = 0; c < 256; ++c) all_bytes += static_cast<char>(c);
  std::string all_ascii = all_bytes.substr(0, 128);
  for (const std::string& key : {"a\nb\r\tc"s, "\"quoted\" \\ back"s, "\0"s, "a\0b"s, "\xff\xfe"s,
                                 "\xed\xa0\x80"s, "\xc0\x80"s, "é\xcc\x81 😀"s, "\u2028"s, all_bytes,
                                 all_ascii, std::string(1024, '"'), ""s}) {
    const Line line{
        .key = key, .destination_key = key + "\xff", .outcome = Outcome::copied, .at = start};
    const std::string json = json_of(line);
    EXPECT_EQ(json.find('\n'), json.size() - 1) << "one line, whatever the key";
    EXPECT_TRUE(is_valid_utf8(json));
    auto parsed = parse_line(json);
    ASSERT_FALSE(parsed.has_error()) << json << parsed.error().to_string();
    expect_same(*parsed, line);
  }
  EXPECT_NE(json_of({.key = "\xff", .outcome = Outcome::copied}).find("\"key_base64\":\"/w==\""),
            std::string::npos);
}

// Texts are looked through eight characters at a time.
TEST(LedgerLine, WhatNeedsAnEscapeIsFoundWhereverItStands) {
  for (int c = 0; c < 128; ++c) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::string key(20, 'a');
      key[place] = static_cast<char>(c);
      auto parsed = parse_line(json_of({.key = key, .outcome = Outcome::copied, .at = start}));
      ASSERT_FALSE(parsed.has_error()) << c << " at " << place << parsed.error().to_string();
      EXPECT_EQ(parsed->key, key) << c << " at " << place;
    }
  }
}

TEST(LedgerLine, DestinationKeyIsWrittenOnlyWhereItDiffers) {
  EXPECT_EQ(
      json_of({.key = "k", .destination_key = "k", .outcome = Outcome::copied}).find("destination"),
      std::string::npos);
}

TEST(LedgerLine, ErrorOfAnyBytesMakesALineAllTheSame) {
  const std::string json =
      json_of({.key = "k", .outcome = Outcome::failed, .error = "bad \xff byte", .at = start});
  EXPECT_TRUE(is_valid_utf8(json));
  auto parsed = parse_line(json);
  ASSERT_FALSE(parsed.has_error());
  EXPECT_EQ(parsed->error, printable("bad \xff byte"));
}

TEST(LedgerLine, UnknownFieldsArePassedOver) {
  auto parsed =
      parse_line(R"({"key":"k","outcome":"copied","at":"2026-01-02T03:04:05Z","new":{"a":[1]}})");
  ASSERT_FALSE(parsed.has_error()) << parsed.error().to_string();
  EXPECT_EQ(parsed->key, "k");
}

TEST(LedgerLine, WrongLinesAreRefused) {
  for (const char* json :
       {"", "nonsense", "[]", "1", "{}", R"({"key":"k"})", R"({"key":"k","outcome":"copied"})",
        R"({"outcome":"copied","at":"2026-01-02T03:04:05Z"})",
        R"({"key":1,"outcome":"copied","at":"2026-01-02T03:04:05Z"})",
        R"({"key_base64":"*","outcome":"copied","at":"2026-01-02T03:04:05Z"})",
        R"({"key":"k","outcome":"copied","at":"yesterday"})",
        R"({"key":"k","outcome":"copied","size":-1,"at":"2026-01-02T03:04:05Z"})",
        R"({"key":"k","outcome":"copied","size":1.5,"at":"2026-01-02T03:04:05Z"})",
        R"({"key":"k","outcome":"copied","at":"2026-01-02T03:04:05Z"} {})"}) {
    auto parsed = parse_line(json);
    ASSERT_TRUE(parsed.has_error()) << json;
    EXPECT_EQ(parsed.error().code, ErrorCode::data_corrupted) << json;
  }
}

TEST(LineBuffer, KeepsTheLeastAndGreatestKeyByBytes) {
  LineBuffer lines;
  EXPECT_TRUE(lines.empty());
  for (const std::string& key : {"m"s, "\xff"s, "a"s, "\x80"s, "b"s})
    lines.add({.key = key, .outcome = Outcome::copied});
  EXPECT_EQ(lines.items(), 5u);
  EXPECT_EQ(lines.key_least(), "a");
  EXPECT_EQ(lines.key_greatest(), "\xff");
  EXPECT_EQ(std::count(lines.text().begin(), lines.text().end(), '\n'), 5);
}

}  // namespace
}  // namespace dth::ledger
