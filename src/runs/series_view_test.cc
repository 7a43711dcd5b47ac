#include "runs/series_view.h"

#include <gtest/gtest.h>

namespace dth::runs {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint now{hours(480'000)};

TEST(SeriesViewTest, RatesAreOverTheTimeInWhichTheRunCouldWork) {
  const SeriesPlan plan{state::SeriesStep::hour, seconds(3600), now - hours(2)};
  const TimePoint begun = now - minutes(90), looked = now - minutes(30);
  EXPECT_EQ(active_seconds(plan, now - hours(2), begun, looked), 1800) << "it began in between";
  EXPECT_EQ(active_seconds(plan, now - hours(1), begun, looked), 1800) << "it ended in between";
  EXPECT_EQ(active_seconds(plan, now - hours(1), begun, now), 3600);
  EXPECT_EQ(active_seconds(plan, now, begun, looked), 1) << "the sample came later";
}

TEST(SeriesViewTest, StepsAreAsNarrowAsTheirNumberAndWhatIsKeptAllow) {
  const auto width = [](Duration ago, int points = 240) {
    const TimePoint from = now - std::chrono::duration_cast<std::chrono::microseconds>(ago);
    const SeriesPlan plan = plan_series(from, now, now, points);
    EXPECT_LE((now - plan.from) / plan.width, points);
    EXPECT_LE(plan.from, from);
    EXPECT_GE(plan.width, state::width_of(plan.step));
    return plan.width;
  };
  EXPECT_EQ(width(minutes(2)), seconds(1));
  EXPECT_EQ(width(minutes(10)), seconds(5));
  EXPECT_EQ(width(minutes(10), 20), seconds(30));
  EXPECT_EQ(width(seconds(601), 20), minutes(1)) << "30 s would be 20 steps and a bit";
  EXPECT_EQ(width(minutes(11)), minutes(1)) << "seconds are kept for ten minutes";
  EXPECT_EQ(width(hours(20)), minutes(5));
  EXPECT_EQ(width(hours(48)), hours(1));
  EXPECT_EQ(width(hours(24 * 89)), hours(12));
  EXPECT_EQ(width(hours(24 * 1000)), hours(24 * 5));
  EXPECT_EQ(width(seconds(1), 1), seconds(1));
}

TEST(SeriesViewTest, PointsAreAddedUpAndGapsStayGaps) {
  const SeriesPlan plan{state::SeriesStep::second, seconds(5), now};
  const auto merged = merge_points(plan, {{.at = now, .bytes = 1, .items = 1},
                                          {.at = now + seconds(4), .bytes = 2, .failures = 1},
                                          {.at = now + seconds(10), .bytes = 4}});
  ASSERT_EQ(merged.size(), 2u);
  EXPECT_EQ(merged[0].at, now);
  EXPECT_EQ(merged[0].bytes, 3);
  EXPECT_EQ(merged[0].failures, 1);
  EXPECT_EQ(merged[1].at, now + seconds(10));
}

}  // namespace
}  // namespace dth::runs
