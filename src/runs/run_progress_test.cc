#include "runs/run_progress.h"

#include <gtest/gtest.h>

#include "engine/counters.h"

namespace dth::runs {
namespace {

using engine::Counter;
using engine::Phase;
using std::chrono::seconds;

const TimePoint start{std::chrono::hours(400'000)};
const std::vector<engine::JobSlots> slots = {
    {"k/scan", 1, Phase::list}, {"k/copy", 1, Phase::copy}, {"k/remove", 1, Phase::remove}};

RunView running(std::int64_t scanned, std::int64_t selected, std::int64_t copied) {
  RunView view;
  view.status = RunStatus::running;
  view.run.created_at = start;
  view.run.counts[Counter::scanned] = scanned;
  view.run.counts[Counter::selected] = selected;
  view.run.counts[Counter::copied] = copied;
  return view;
}

std::optional<TimeLeft> left(const RunView& view, seconds after,
                             const std::optional<ExpectedTotals>& expected = std::nullopt) {
  const TimePoint now = start + after;
  return time_left(view, phases_of(view, slots), expected, rates_of(view, std::nullopt, now), now);
}

TEST(RunProgressTest, ItemsAddUp) {
  RunView view = running(100, 90, 20);
  view.spec.action = options::Action::sync;
  state::Counts& counts = view.run.counts;
  counts[Counter::unchanged] = 10;
  counts[Counter::failed] = 3;
  counts[Counter::deleted_at_source] = 2;
  counts[state::counter_named("extra")] = 7;
  counts[Counter::deleted] = 4;
  const ItemBalance balance = item_balance(view);
  EXPECT_EQ(balance.left_out, 10);
  EXPECT_EQ(balance.to_delete, 7);
  EXPECT_EQ(balance.pending, 90 + 7 - 20 - 10 - 3 - 2 - 4);
  EXPECT_EQ(balance.listed, balance.left_out + balance.selected);
  EXPECT_EQ(balance.known(), balance.settled() + balance.pending);
  view.spec.action = options::Action::copy;
  EXPECT_EQ(item_balance(view).to_delete, 0) << "nothing is to be deleted";
}

TEST(RunProgressTest, PhasesFollowTheBacklog) {
  RunView view = running(100, 100, 20);
  view.backlog = {{"k/scan", {1, 0}}, {"k/copy", {3, 60}}, {"close", {1, 0}}, {"k/new", {1, 5}}};
  auto phases = phases_of(view, slots);
  ASSERT_EQ(phases.size(), 5u);
  EXPECT_EQ(phases[0].state, PhaseState::running);
  EXPECT_EQ(phases[0].items, 100);
  EXPECT_EQ(phases[1].state, PhaseState::running);
  EXPECT_EQ(phases[1].pending_jobs, 4) << "a kind that nobody declares copies";
  EXPECT_EQ(phases[1].pending_items, 65);
  EXPECT_EQ(phases[3].state, PhaseState::pending);
  EXPECT_EQ(phases[4].state, PhaseState::running);
  view.backlog = {{"k/copy", {3, 60}}};
  EXPECT_EQ(phases_of(view, slots)[0].state, PhaseState::done);
  view.backlog.clear();
  view.status = RunStatus::succeeded;
  phases = phases_of(view, slots);
  EXPECT_EQ(phases[1].state, PhaseState::done);
  EXPECT_EQ(phases[3].state, PhaseState::skipped);
  EXPECT_EQ(phases[4].state, PhaseState::done);
  EXPECT_EQ(phases_of(running(0, 0, 0), slots)[0].state, PhaseState::pending);
}

TEST(RunProgressTest, TimeLeftIsMeasuredWhenAllIsListed) {
  RunView view = running(1000, 1000, 100);
  view.backlog = {{"k/copy", {9, 900}}};
  const auto measured = left(view, seconds(100));  // one item a second, 900 left
  ASSERT_TRUE(measured.has_value());
  EXPECT_EQ(measured->kind, TimeLeftKind::measured);
  EXPECT_EQ(measured->low, seconds(810));
  EXPECT_EQ(measured->high, seconds(990));
}

TEST(RunProgressTest, TimeLeftIsAForecastOrAFloorWhileListing) {
  RunView view = running(1000, 1000, 100);
  view.backlog = {{"k/scan", {1, 0}}, {"k/copy", {9, 900}}};
  const auto forecast = left(view, seconds(100), ExpectedTotals{"run_0", 2000, 0});
  ASSERT_TRUE(forecast.has_value());
  EXPECT_EQ(forecast->kind, TimeLeftKind::forecast);
  EXPECT_EQ(forecast->low, seconds(1710));
  const auto least = left(view, seconds(100));
  ASSERT_TRUE(least.has_value());
  EXPECT_EQ(least->kind, TimeLeftKind::floor);
  EXPECT_EQ(least->low, seconds(810));
  EXPECT_EQ(least->high, least->low);
  EXPECT_EQ(left(view, seconds(100), ExpectedTotals{"run_0", 500, 0})->kind, TimeLeftKind::floor)
      << "more was listed than last time: it says nothing any more";
}

TEST(RunProgressTest, TimeLeftIsNotSaidWhereNothingTellsIt) {
  RunView view = running(1000, 1000, 100);
  EXPECT_FALSE(left(view, seconds(29)).has_value());
  EXPECT_FALSE(left(running(1000, 1000, 0), seconds(100)).has_value()) << "nothing is dealt with";
  view.status = RunStatus::paused;
  EXPECT_FALSE(left(view, seconds(100)).has_value());
}

TEST(RunProgressTest, RecentMinutesSpreadTheEstimate) {
  RunView view = running(1000, 1000, 100);
  view.backlog = {{"k/copy", {9, 900}}};
  const TimePoint now = start + seconds(100);
  const Rates rates = rates_of(view, Stretch{.seconds = 60, .items = 180, .bytes = 600}, now);
  EXPECT_DOUBLE_EQ(rates.items_overall, 1);
  EXPECT_DOUBLE_EQ(rates.items_recent, 3);
  EXPECT_DOUBLE_EQ(rates.bytes_recent, 10);
  EXPECT_DOUBLE_EQ(rates_of(view, Stretch{.seconds = 60}, now).items_recent, 1)
      << "no hub took points: that is not a rate of 0";
  const auto measured = time_left(view, phases_of(view, slots), std::nullopt, rates, now);
  EXPECT_EQ(measured->low, seconds(270));
  EXPECT_EQ(measured->high, seconds(990));
}

TEST(RunProgressTest, RecentIsTheLastWholeMinutesOfTheRun) {
  RunView view = running(0, 0, 0);
  view.run.created_at = start + seconds(10);
  EXPECT_FALSE(recent_window(view, start + seconds(100)).has_value());
  const auto first = recent_window(view, start + seconds(150));
  EXPECT_EQ(first->from, start + seconds(60));
  EXPECT_EQ(first->until, start + seconds(120));
  EXPECT_EQ(recent_window(view, start + seconds(900))->from, start + seconds(600));
  const Stretch stretch = add_up(*first, {{.bytes = 5, .items = 3}, {.items = 1}});
  EXPECT_DOUBLE_EQ(stretch.seconds, 60);
  EXPECT_EQ(stretch.items, 4);
}

}  // namespace
}  // namespace dth::runs
