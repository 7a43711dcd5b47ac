#include "plugins/object_copy/rules/part_plan.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

constexpr std::uint64_t mebibyte = 1ull << 20;

void expect_whole(const PartPlan& plan, const objects::StoreLimits& limits) {
  std::uint64_t offset = 0;
  for (std::uint32_t number = 1; number <= plan.part_count; ++number) {
    const objects::ByteRange range = plan.range(number);
    ASSERT_EQ(range.offset, offset);
    ASSERT_GE(range.length, 1u);
    if (number < plan.part_count) {
      ASSERT_EQ(range.length, plan.part_size_bytes);
    }
    offset += range.length;
  }
  EXPECT_EQ(offset, plan.object_size_bytes);
  EXPECT_LE(plan.part_count, limits.part_count_max);
  EXPECT_GE(plan.part_size_bytes, limits.part_size_min);
  EXPECT_LE(plan.part_size_bytes, limits.part_size_max);
}

TEST(PartPlan, CoversEverySizeWithinTheLimits) {
  const objects::StoreLimits limits;
  for (std::uint64_t size :
       {std::uint64_t{1}, 16 * mebibyte, 16 * mebibyte + 1, 3072 * mebibyte - 1, 160'000 * mebibyte,
        5'242'880 * mebibyte, limits.object_size_max}) {
    auto plan = plan_parts(size, 0, limits);
    ASSERT_TRUE(plan.has_value()) << size << plan.error().message;
    expect_whole(*plan, limits);
  }
}

TEST(PartPlan, PartsGrowOnlyWhenTheirNumberWouldNotDo) {
  EXPECT_EQ(plan_parts(1024 * mebibyte, 0, {}).value().part_size_bytes, 16 * mebibyte);
  EXPECT_GT(plan_parts(200'000 * mebibyte, 0, {}).value().part_size_bytes, 16 * mebibyte);
}

TEST(PartPlan, AWishIsKeptOrRefused) {
  EXPECT_EQ(plan_parts(100 * mebibyte, 5 * mebibyte, {}).value().part_count, 20u);
  EXPECT_TRUE(plan_parts(100 * mebibyte, 5 * mebibyte - 1, {}).has_error());
  EXPECT_TRUE(plan_parts(50'001 * mebibyte, 5 * mebibyte, {}).has_error());
  EXPECT_TRUE(plan_parts(100 * mebibyte, 5121 * mebibyte, {}).has_error());
}

TEST(PartPlan, WhatCannotBeStoredIsRefused) {
  EXPECT_TRUE(plan_parts(0, 0, {}).has_error());
  const objects::StoreLimits limits;
  EXPECT_TRUE(plan_parts(limits.object_size_max + 1, 0, limits).has_error());
  const std::uint64_t size = 100 * limits.part_size_min;
  EXPECT_TRUE(plan_parts(size, limits.part_size_min - 1, limits).has_error());
  EXPECT_TRUE(plan_parts(size, limits.part_size_min, limits).has_value());
  EXPECT_TRUE(
      plan_parts(limits.part_size_min * (limits.part_count_max + 1), limits.part_size_min, limits)
          .has_error());
  EXPECT_TRUE(plan_parts(2 * limits.part_size_max, limits.part_size_max + 1, limits).has_error());
}

}  // namespace
}  // namespace dth::object_copy
