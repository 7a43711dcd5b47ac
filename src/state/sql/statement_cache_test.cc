#include "state/sql/statement_cache.h"

#include <gtest/gtest.h>

namespace dth::state::sql {
namespace {

TEST(StatementCacheTest, TheOneNotUsedForTheLongestGoesWhenThereAreTooMany) {
  StatementCache<int> cache;
  const auto keep = [&](int number) {
    return cache.keep(std::to_string(number), std::make_unique<int>(number));
  };
  constexpr int kept_max = static_cast<int>(StatementCache<int>::kept_max);
  for (int i = 0; i < kept_max; ++i) EXPECT_EQ(keep(i), nullptr);
  auto first = cache.take("0");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(cache.take("0"), nullptr) << "it is in use";
  EXPECT_EQ(cache.keep("0", std::move(first)), nullptr);
  const auto dropped = keep(kept_max);
  ASSERT_NE(dropped, nullptr);
  EXPECT_EQ(*dropped, 1);
  EXPECT_EQ(cache.size(), StatementCache<int>::kept_max);
  EXPECT_EQ(*keep(kept_max), kept_max) << "one of each text is enough";
}

}  // namespace
}  // namespace dth::state::sql
