#include "plugins/object_copy/rules/merge.h"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

using Keys = std::vector<std::string>;

objects::ObjectInfo hiding(std::string folder) {
  objects::ObjectInfo info;
  info.hidden_size = static_cast<std::uint32_t>(folder.size());
  info.key = std::move(folder) + '\0';
  info.obstacle = "cannot be read";
  return info;
}

std::vector<objects::ObjectInfo> page(const Keys& keys) {
  std::vector<objects::ObjectInfo> objects;
  for (const std::string& key : keys) {
    objects::ObjectInfo info;
    info.key = key;
    objects.push_back(std::move(info));
  }
  return objects;
}

// Feeds a sorted list in pages of the given size.
class PagedSide {
 public:
  PagedSide(std::string prefix, Keys keys, std::size_t page_size)
      : side("side", std::move(prefix)), keys_(std::move(keys)), page_size_(page_size) {}
  void feed() {
    const std::size_t count = std::min(page_size_, keys_.size() - position_);
    Keys part(keys_.begin() + static_cast<std::ptrdiff_t>(position_),
              keys_.begin() + static_cast<std::ptrdiff_t>(position_ + count));
    position_ += count;
    ASSERT_TRUE(side.feed(page(part), position_ == keys_.size()).has_value());
  }
  MergeSide side;

 private:
  Keys keys_;
  std::size_t page_size_, position_ = 0;
};

TEST(Merge, MatchesAnySetsInAnyPages) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> source, destination;
    for (int i = 0; i < 40; ++i) {
      const std::string key(1 + random() % 3, static_cast<char>('a' + random() % 4));
      const std::string tail(random() % 2, static_cast<char>(0x80 + random() % 0x7f));
      if (random() % 2) source.insert(key + tail);
      if (random() % 2) destination.insert(key + tail);
    }
    PagedSide from("s/", {}, 1 + random() % 7), to("longer/", {}, 1 + random() % 7);
    Keys from_keys, to_keys;
    for (const auto& key : source) from_keys.push_back("s/" + key);
    for (const auto& key : destination) to_keys.push_back("longer/" + key);
    PagedSide a("s/", from_keys, 1 + random() % 7), b("longer/", to_keys, 1 + random() % 7);
    std::set<std::string> seen, matched;
    while (!a.side.exhausted()) {
      if (a.side.needs_page()) a.feed();
      if (b.side.needs_page()) b.feed();
      merge(a.side, b.side,
            [&](const objects::ObjectInfo& object, const objects::ObjectInfo* same) {
              EXPECT_TRUE(seen.insert(object.key.substr(2)).second);
              if (same) {
                EXPECT_EQ(same->key.substr(7), object.key.substr(2));
                matched.insert(object.key.substr(2));
              }
              return random() % 5 != 0;
            });
    }
    EXPECT_EQ(seen, source);
    std::set<std::string> common;
    std::set_intersection(source.begin(), source.end(), destination.begin(), destination.end(),
                          std::inserter(common, common.end()));
    EXPECT_EQ(matched, common);
  }
}

TEST(Merge, OrderIsThatOfUnsignedBytes) {
  MergeSide side("source", "");
  EXPECT_TRUE(side.feed(page({"a", "z", "\x7f", "\x80", "\xff"}), true).has_value());
  MergeSide other("destination", "");
  EXPECT_TRUE(other.feed(page({"z", "\x80", "\xff"}), true).has_value());
  std::map<std::string, bool> seen;
  merge(side, other, [&](const objects::ObjectInfo& from, const objects::ObjectInfo* to) {
    seen[from.key] = to != nullptr;
    return true;
  });
  EXPECT_EQ(seen, (std::map<std::string, bool>{
                      {"a", false}, {"z", true}, {"\x7f", false}, {"\x80", true}, {"\xff", true}}));
}

TEST(Merge, AnInversionIsSeenWithinAPage) {
  MergeSide side("source", "");
  auto fed = side.feed(page({"b", "a"}), true);
  ASSERT_TRUE(fed.has_error());
  EXPECT_EQ(fed.error().code, ErrorCode::unsupported);
}

TEST(Merge, AnInversionOrARepeatIsSeenBetweenPages) {
  for (const char* second : {"a", "b"}) {
    MergeSide side("source", "");
    ASSERT_TRUE(side.feed(page({"a", "b"}), false).has_value());
    side.step();
    side.step();
    EXPECT_TRUE(side.feed(page({second}), true).has_error()) << second;
  }
}

TEST(Merge, AnInversionIsSeenAcrossAnEmptyPage) {
  MergeSide side("source", "");
  ASSERT_TRUE(side.feed(page({"b"}), false).has_value());
  side.step();
  ASSERT_TRUE(side.feed({}, false).has_value());
  EXPECT_TRUE(side.feed(page({"a"}), true).has_error());
}

TEST(Merge, APageThatIsGivenAwayStillTellsWhereTheNextMayBegin) {
  for (const char* second : {"a", "b", "c"}) {
    MergeSide side("source", "");
    ASSERT_TRUE(side.feed(page({"a", "b"}), false).has_value());
    side.step();
    side.step();
    const auto taken = side.take_page();
    ASSERT_EQ(taken.size(), 2u);
    EXPECT_EQ(taken[1].key, "b");
    EXPECT_TRUE(side.needs_page());
    EXPECT_FALSE(side.exhausted());
    EXPECT_TRUE(side.take_page().empty());
    EXPECT_EQ(side.feed(page({second}), true).has_value(), std::string(second) == "c") << second;
  }
}

TEST(Merge, AKeyWithoutThePrefixIsRefused) {
  MergeSide side("source", "dir/");
  auto fed = side.feed(page({"dir"}), true);
  ASSERT_TRUE(fed.has_error());
  EXPECT_EQ(fed.error().code, ErrorCode::data_corrupted);
}

// A store that ignores start-after would have a resumed run count keys twice.
TEST(Merge, KeysBeforeTheStartAreRefused) {
  MergeSide side("source", "p/", "p/b");
  auto fed = side.feed(page({"p/b"}), true);
  ASSERT_TRUE(fed.has_error());
  EXPECT_EQ(fed.error().code, ErrorCode::unsupported);
  MergeSide other("source", "p/", "p/b");
  EXPECT_TRUE(other.feed(page({"p/ba"}), true).has_value());
}

TEST(Merge, WhatTheDestinationHidesIsNeitherThereNorMissing) {
  MergeSide source("source", "in/"), destination("destination", "out/");
  ASSERT_TRUE(
      source.feed(page({"in/a", "in/b/1", "in/b/2/3", "in/b0", "in/c/1"}), true).has_value());
  auto there = page({"out/a"});
  there.push_back(hiding("out/b/"));
  there.push_back(page({"out/b0"})[0]);
  ASSERT_TRUE(destination.feed(std::move(there), true).has_value());
  std::map<std::string, std::string> seen;
  merge(source, destination, [&](const objects::ObjectInfo& from, const objects::ObjectInfo* to) {
    seen[from.key] = to ? std::string(to->hidden_size > 0 ? to->hidden() : to->key) : "";
    return true;
  });
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"in/a", "out/a"},
                                                      {"in/b/1", "out/b/"},
                                                      {"in/b/2/3", "out/b/"},
                                                      {"in/b0", "out/b0"},
                                                      {"in/c/1", ""}}));
}

TEST(Merge, AListingGoesOnWhereItIsKnownAgainWhatIsHidden) {
  EXPECT_EQ(start_behind(hiding("b/").key, true), "b/");
  EXPECT_EQ(start_behind(hiding("b/").key, false), hiding("b/").key);
  EXPECT_EQ(start_behind("b/1", true), "b/1");
  EXPECT_EQ(start_behind("", true), "");
}

}  // namespace
}  // namespace dth::object_copy
