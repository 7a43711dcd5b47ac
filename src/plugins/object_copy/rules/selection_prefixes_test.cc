#include "plugins/object_copy/rules/selection_prefixes.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

using ::testing::ElementsAre;

TEST(Prefixes, CoveredOnesAreLeftOut) {
  EXPECT_THAT(without_covered({"b", "a/x/", "a/", "a/", "a/x", "a0", "b/c", "ab"}),
              ElementsAre("a/", "a0", "ab", "b"));
  EXPECT_THAT(without_covered({"\xff", "\x7f"}), ElementsAre("\x7f", "\xff"));
  EXPECT_TRUE(without_covered({}).empty());
}

std::vector<std::string> in_readings(const std::vector<std::string>& prefixes,
                                     std::size_t bytes_max, int* readings) {
  std::vector<std::string> all;
  std::string after;
  for (;;) {
    ++*readings;
    PrefixReading reading(after, bytes_max);
    for (const std::string& prefix : prefixes) reading.see(prefix);
    all.insert(all.end(), reading.prefixes().begin(), reading.prefixes().end());
    if (!reading.more()) return all;
    after = all.back();
  }
}

// Any file, in any order, with any memory: the same prefixes, in the same order.
TEST(Prefixes, ReadingsTogetherGiveThemAll) {
  std::mt19937 random(11);
  int readings_most = 0;
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> prefixes(random() % 60);
    for (std::string& prefix : prefixes) {
      prefix.resize(1 + random() % 5);
      for (char& c : prefix) c = "ab/\xff"[random() % 4];
    }
    const std::vector<std::string> expected = without_covered(prefixes);
    std::shuffle(prefixes.begin(), prefixes.end(), random);
    int readings = 0;
    EXPECT_EQ(in_readings(prefixes, 1 + random() % 1'000, &readings), expected);
    readings_most = std::max(readings_most, readings);
  }
  EXPECT_GT(readings_most, 3);
}

TEST(Prefixes, AReadingKeepsNoMoreThanFits) {
  PrefixReading reading("", 10'000);
  for (int i = 9'999; i >= 0; --i) reading.see("prefix-" + std::to_string(i));
  EXPECT_TRUE(reading.more());
  EXPECT_LE(reading.prefixes().size(), 100u);
}

}  // namespace
}  // namespace dth::object_copy
