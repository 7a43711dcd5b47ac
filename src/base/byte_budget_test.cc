#include "base/byte_budget.h"

#include <gtest/gtest.h>

namespace dth {
namespace {

constexpr std::uint64_t mib = 1 << 20;

std::shared_ptr<ByteBudget::Share> new_share() { return std::make_shared<ByteBudget::Share>(); }

TEST(ByteBudget, OneOwnerLeavesAsMuchFreeAsItHolds) {
  ByteBudget budget(16 * mib);
  ByteReservation greedy(budget, new_share());
  std::uint64_t held = 0;
  while (greedy.grow_to(held + mib)) held += mib;
  EXPECT_EQ(held, 8 * mib);
  ByteReservation other(budget, new_share());
  EXPECT_TRUE(other.grow_to(4 * mib));
  EXPECT_FALSE(other.grow_to(5 * mib));
  EXPECT_EQ(budget.held_bytes(), 12 * mib);
  EXPECT_GE(budget.refused(), 2u);
}

TEST(ByteBudget, WhatIsHeldNeverExceedsTheBudget) {
  ByteBudget budget(mib);
  std::vector<ByteReservation> held;
  for (int i = 0; i < 1000; ++i) {
    held.emplace_back(budget, new_share());
    static_cast<void>(held.back().grow_to(64 * 1024));
    ASSERT_LE(budget.held_bytes(), mib);
  }
  held.clear();
  EXPECT_EQ(budget.held_bytes(), 0u);
  EXPECT_LE(budget.peak_bytes(), mib);
}

TEST(ByteReservation, GivesBackWithItsEndAndOnce) {
  ByteBudget budget(16 * mib);
  {
    ByteReservation first(budget, new_share());
    EXPECT_TRUE(first.grow_to(mib));
    ByteReservation second = std::move(first);
    EXPECT_EQ(budget.held_bytes(), mib);
    second.shrink_to(1000);
    EXPECT_EQ(budget.held_bytes(), 1000u);
  }
  EXPECT_EQ(budget.held_bytes(), 0u);
}

TEST(ByteReservation, OfNoBudgetBoundsNothing) {
  ByteReservation none;
  EXPECT_TRUE(none.grow_to(1ull << 50));
}

}  // namespace
}  // namespace dth
