#include "plugins/object_copy/counters.h"

#include <set>

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

TEST(Counters, EachNameIsDeclaredOnce) {
  std::set<std::string_view> names;
  for (const state::Counter* counter : counters()) {
    EXPECT_TRUE(names.insert(counter->name).second) << counter->name;
    EXPECT_EQ(counter->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"),
              std::string_view::npos)
        << counter->name;
  }
  EXPECT_EQ(names.size(), 28u);
}

TEST(Counters, ProofsAreCountedByTheNamesThatTheLedgerAddsUp) {
  for (std::size_t i = 0; i < ledger::proof_kind_count; ++i) {
    const auto kind = static_cast<ledger::ProofKind>(i);
    EXPECT_EQ(counter_of(kind).name, ledger::total_of(kind));
  }
}

}  // namespace
}  // namespace dth::object_copy
