#include "control/identity/refusal_tally.h"

#include <gtest/gtest.h>

namespace dth::control {
namespace {

using namespace std::chrono_literals;

state::AuditEntry from(const std::string& address) {
  state::AuditEntry entry;
  entry.address = address;
  return entry;
}

TEST(RefusalTallyTest, OneEntryAnIntervalWithTheNumberRefused) {
  RefusalTally tally;
  const MonotonicTime now = MonotonicTime() + 1h;
  tally.add("a", from("a"), now);
  const auto first = tally.take(now);
  ASSERT_EQ(first.size(), 1u) << "the first one at once";
  EXPECT_EQ(first[0].entry.changes, "[]");
  for (int i = 0; i < 100; ++i) {
    tally.add("a", from("a"), now + 1s);
    EXPECT_TRUE(tally.take(now + 1s).empty());
  }
  const auto second = tally.take(now + RefusalTally::interval);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].count, 100);
  EXPECT_NE(second[0].entry.changes.find("100"), std::string::npos) << second[0].entry.changes;
  EXPECT_TRUE(tally.take(now + 10 * RefusalTally::interval).empty());
}

TEST(RefusalTallyTest, ManyKeysShareTheirLastEntry) {
  RefusalTally tally;
  const MonotonicTime now = MonotonicTime() + 1h;
  for (int i = 0; i < 1000; ++i) tally.add(std::to_string(i), from(std::to_string(i)), now);
  const auto due = tally.take(now);
  EXPECT_EQ(due.size(), RefusalTally::keys_max + 1);
  std::int64_t sum = 0;
  for (const auto& entry : due) sum += entry.count;
  EXPECT_EQ(sum, 1000);
}

TEST(RefusalTallyTest, WhatCouldNotBeWrittenIsKept) {
  RefusalTally tally;
  const MonotonicTime now = MonotonicTime() + 1h;
  tally.add("a", from("a"), now);
  tally.put_back(tally.take(now).at(0), now);
  tally.add("a", from("a"), now);
  EXPECT_TRUE(tally.take(now + 1s).empty());
  EXPECT_EQ(tally.take(now + RefusalTally::interval).at(0).count, 2);
}

}  // namespace
}  // namespace dth::control
