#include "plugins/object_copy/rules/deletion_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

using testing::HasSubstr;
using testing::Not;

SurveyCounts counts(std::uint64_t source, std::uint64_t destination, std::uint64_t extra) {
  return {source, destination, extra};
}

TEST(DeletionLimits, NothingToDeleteTripsNothing) {
  DeleteRules strictest{.count_max = 0, .percent_max = 0};
  EXPECT_FALSE(find_exceeded_limit(strictest, counts(0, 0, 0)));
  EXPECT_FALSE(find_exceeded_limit(strictest, counts(10, 10, 0)));
}

TEST(DeletionLimits, TheCountIsReachedAndNotPassed) {
  const DeleteRules rules{.count_max = 10, .percent_max = 100};
  EXPECT_FALSE(find_exceeded_limit(rules, counts(1, 100, 10)));
  const auto brake = find_exceeded_limit(rules, counts(1, 100, 11));
  ASSERT_TRUE(brake);
  EXPECT_THAT(brake->message, HasSubstr("11 objects"));
  EXPECT_THAT(brake->message, HasSubstr("the 10 that --delete-max allows"));
}

TEST(DeletionLimits, ThePercentageIsNotRounded) {
  const DeleteRules rules{.count_max = UINT64_MAX, .percent_max = 50};
  EXPECT_FALSE(find_exceeded_limit(rules, counts(1, 200'000, 100'000)));
  const auto brake = find_exceeded_limit(rules, counts(1, 199'999, 100'000));
  ASSERT_TRUE(brake);
  EXPECT_THAT(brake->message, HasSubstr("100000 of its 199999 objects"));
  EXPECT_THAT(brake->message, HasSubstr("50 percent that --delete-max-percent allows"));
  EXPECT_FALSE(find_exceeded_limit({.count_max = UINT64_MAX, .percent_max = 100},
                                   counts(1, UINT64_MAX, UINT64_MAX)));
  EXPECT_TRUE(find_exceeded_limit({.count_max = UINT64_MAX, .percent_max = 99},
                                  counts(1, UINT64_MAX, UINT64_MAX)));
}

TEST(DeletionLimits, AnEmptySourceNeedsAWordOfItsOwn) {
  DeleteRules rules{.count_max = 10, .percent_max = 100};
  const auto brake = find_exceeded_limit(rules, counts(0, 3, 3));
  ASSERT_TRUE(brake);
  EXPECT_THAT(brake->message, HasSubstr("--allow-empty-source"));
  EXPECT_THAT(brake->message, Not(HasSubstr("more"))) << "nothing need have been deleted before";
  rules.allow_empty_source = true;
  EXPECT_FALSE(find_exceeded_limit(rules, counts(0, 3, 3)));
  rules.percent_max = 50;
  EXPECT_TRUE(find_exceeded_limit(rules, counts(0, 3, 3))) << "the other brakes stay";
}

}  // namespace
}  // namespace dth::object_copy
