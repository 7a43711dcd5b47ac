#include "plugins/object_copy/rules/seen_keys.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

std::string key(int number) { return "some/folder/" + std::to_string(number); }

TEST(SeenKeys, NothingThatWasSeenIsForgottenAndHardlyAnythingElseIsFound) {
  SeenKeys seen;
  EXPECT_TRUE(seen.enter("run"));
  EXPECT_FALSE(seen.enter("run")) << "another lane";
  constexpr int keys = 20'000;
  for (int i = 0; i < keys; ++i) seen.add(key(i));
  int wrong = 0;
  for (int i = 0; i < keys; ++i) {
    EXPECT_EQ(seen.find("run", key(i)), Seen::yes) << i;
    wrong += seen.find("run", key(keys + i)) == Seen::yes;
  }
  EXPECT_LT(wrong, keys / 1'000);
}

TEST(SeenKeys, WhatAnotherRunOrAnotherProcessListedIsUnknown) {
  SeenKeys seen;
  EXPECT_EQ(seen.find("run", "k"), Seen::unknown) << "nothing was listed here";
  seen.enter("run");
  seen.add("k");
  EXPECT_EQ(seen.find("other", "k"), Seen::unknown);
  EXPECT_FALSE(seen.enter("other"));
  EXPECT_EQ(seen.find("other", "k"), Seen::unknown) << "keys of two runs";
  EXPECT_EQ(seen.find("run", "k"), Seen::unknown);
  SeenKeys resumed;
  resumed.enter("run");
  resumed.forget();
  resumed.add("k");
  EXPECT_EQ(resumed.find("run", "k"), Seen::unknown);
}

TEST(SeenKeys, KeysThatAnotherProcessListedInBetweenAreUnknown) {
  SeenKeys seen;
  seen.enter("run");
  seen.add("a");
  seen.add("b");
  seen.compare_with(2);
  EXPECT_EQ(seen.find("run", "c"), Seen::no);
  seen.compare_with(3);
  EXPECT_EQ(seen.find("run", "c"), Seen::unknown);
  EXPECT_EQ(seen.find("run", "a"), Seen::unknown);
}

TEST(SeenKeys, RunsShareTheirMemory) {
  engine::SharedPermits pieces(2);
  const auto add = [](SeenKeys* seen, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) seen->add(key(static_cast<int>(i)));
  };
  SeenKeys one(&pieces), two(&pieces);
  one.enter("one");
  add(&one, SeenKeys::keys_per_piece);
  two.enter("two");
  add(&two, SeenKeys::keys_per_piece);
  EXPECT_EQ(pieces.held(), 2u);
  EXPECT_EQ(one.find("one", "none"), Seen::no);
  one.add("one more");
  EXPECT_EQ(one.find("one", "none"), Seen::unknown);
  EXPECT_EQ(pieces.held(), 1u) << "what it had is free again";
  EXPECT_EQ(two.find("two", "none"), Seen::no);
  {
    SeenKeys three(&pieces);
    three.enter("three");
    three.add("k");
    EXPECT_EQ(three.find("three", "none"), Seen::no);
  }
  EXPECT_EQ(pieces.held(), 1u);
}

TEST(SeenKeys, TooManyKeysAreUnknown) {
  SeenKeys seen(nullptr, 3);
  seen.enter("run");
  for (int i = 0; i < 3; ++i) seen.add(key(i));
  EXPECT_EQ(seen.find("run", "none"), Seen::no);
  seen.add(key(3));
  EXPECT_EQ(seen.find("run", key(0)), Seen::unknown);
}

}  // namespace
}  // namespace dth::object_copy
