#include "state/counts.h"

#include <gtest/gtest.h>

namespace dth::state {
namespace {

constexpr Counter copied{"copied"}, bytes{"bytes", Counter::Unit::bytes}, copied_too{"copied"};

TEST(Counts, WhatWasNotCountedIsZero) {
  Counts counts;
  EXPECT_TRUE(counts.empty());
  EXPECT_EQ(std::as_const(counts)[copied], 0);
  counts[copied] += 2;
  counts[bytes] += 5;
  counts[copied] += 1;
  EXPECT_EQ(std::as_const(counts)[copied], 3);
  EXPECT_FALSE(counts.empty());
  counts[copied] = counts[bytes] = 0;
  EXPECT_TRUE(counts.empty());
  EXPECT_EQ(counts, Counts());
}

TEST(Counts, CounterIsKnownByItsNameWhereverItIsDeclared) {
  Counts counts;
  counts[copied] = 1;
  counts[copied_too] += 1;
  counts[counter_named("copied")] += 1;
  EXPECT_EQ(std::as_const(counts)[copied], 3);
  EXPECT_EQ(counts.by_name().size(), 1u);
  EXPECT_EQ(&counter_named("copied"), &counter_named("copied"));
}

TEST(Counts, SumsAndComparisonsGoByName) {
  Counts one, two;
  one[copied] = 1;
  one[bytes] = 2;
  two[bytes] = 40;
  two[copied_too] = 30;
  one += two;
  Counts sum;
  sum[bytes] = 42;
  sum[copied] = 31;
  EXPECT_EQ(one, sum);
  sum[copied] = 30;
  EXPECT_NE(one, sum);
}

TEST(Counts, AreKeptAsJsonByName) {
  Counts counts;
  counts[copied] = 9'000'000'000'000'000'000;
  counts[bytes] = -1;
  counts[counter_named("unheard_of")] = 7;
  counts[counter_named("nothing")] = 0;
  EXPECT_EQ(to_json(counts), R"({"bytes":-1,"copied":9000000000000000000,"unheard_of":7})");
  EXPECT_EQ(parse_counts(to_json(counts)).value(), counts);
  EXPECT_EQ(to_json(Counts()), "{}");
  EXPECT_TRUE(parse_counts("{}")->empty());
  for (const char* wrong : {"", "[]", "{", R"({"copied": "1"})", R"({"copied": 1.5})"}) {
    ASSERT_TRUE(parse_counts(wrong).has_error()) << wrong;
    EXPECT_EQ(parse_counts(wrong).error().code, ErrorCode::data_corrupted) << wrong;
  }
}

}  // namespace
}  // namespace dth::state
