#include "plugins/object_copy/scan/sorted_records.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

Result<void> finish(SortedRecords& records) {
  for (int step = 0; step < 1'000; ++step) {
    auto done = records.finish_some();
    if (done.has_error()) return done.error();
    if (*done) return Result<void>();
  }
  return Error{ErrorCode::internal, "it does not end", ""};
}

// Any records, with little memory or much, asked for in order or again from the beginning.
TEST(SortedRecords, FindWhatAMapFinds) {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    SortedRecords records(::testing::TempDir(), round % 2 ? 1 << 20 : 200 + random() % 2'000);
    std::map<std::string, std::string> expected;
    const std::size_t count = round % 10 == 0 ? 0 : random() % 3'000;
    for (std::size_t i = 0; i < count; ++i) {
      std::string key(1 + random() % 3, ' ');
      for (char& c : key) c = "abcd/\xff\x01z"[random() % 8];
      const std::string value(random() % 20, static_cast<char>('a' + random() % 26));
      ASSERT_TRUE(records.add(key, value).has_value());
      expected[key] = value;
    }
    ASSERT_TRUE(finish(records).has_value());
    for (int reading = 0; reading < 3; ++reading) {
      std::vector<std::string> asked;
      for (const auto& [key, value] : expected) {
        if (random() % 2) asked.push_back(key);
        if (random() % 4 == 0) asked.push_back(key + "0");
      }
      std::sort(asked.begin(), asked.end());
      auto found = records.find({asked.begin(), asked.end()});
      ASSERT_TRUE(found.has_value()) << found.error().message;
      std::string after = asked.empty() ? "" : asked.front();
      auto rest = expected.upper_bound(after);
      for (bool more = true; more;) {
        const std::size_t page = 1 + random() % 50;
        auto read = records.read(after, page).value();
        for (const auto& [key, value] : read) {
          ASSERT_NE(rest, expected.end());
          EXPECT_EQ(key, rest->first);
          EXPECT_EQ(value, rest->second);
          after = key;
          ++rest;
        }
        more = read.size() == page;
      }
      EXPECT_EQ(rest, expected.end());
      for (std::size_t i = 0; i < asked.size(); ++i) {
        auto at = expected.find(asked[i]);
        EXPECT_EQ((*found)[i], at == expected.end() ? std::optional<std::string>() : at->second);
      }
    }
  }
}

// Several blocks of the index, and keys far apart.
TEST(SortedRecords, JumpsOverBlocks) {
  SortedRecords records(::testing::TempDir(), 4 << 20);
  const std::string value(1'000, 'v');
  auto key_of = [](int i) { return "key-" + std::to_string(10'000'000 + i); };
  for (int i = 5'000; i-- > 0;)
    ASSERT_TRUE(records.add(key_of(2 * i), value + std::to_string(i)).has_value());
  ASSERT_TRUE(finish(records).has_value());
  for (int first : {4'990, 0, 1'000, 1'001, 3'000}) {
    const std::vector<std::string> asked = {key_of(2 * first), key_of(2 * first + 1),
                                            key_of(2 * first + 2)};
    auto found = records.find({asked.begin(), asked.end()}).value();
    EXPECT_EQ(found[0], value + std::to_string(first));
    EXPECT_FALSE(found[1].has_value());
    EXPECT_EQ(found[2], value + std::to_string(first + 1));
  }
}

TEST(SortedRecords, ADirectoryThatIsNotThereIsNamed) {
  SortedRecords records("/nowhere/at/all", 1 << 20);
  ASSERT_TRUE(records.add("k", "v").has_value());
  auto finished = finish(records);
  ASSERT_TRUE(finished.has_error());
  EXPECT_NE(finished.error().message.find("/nowhere/at/all"), std::string::npos);
  EXPECT_NE(finished.error().message.find("TMPDIR"), std::string::npos);
}

}  // namespace
}  // namespace dth::object_copy
