#include "runs/run_list.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "runs/failure_advice.h"
#include "runs/run_reader.h"
#include "state/sqlite_state.h"

namespace dth::runs {
namespace {

class RunListTest : public ::testing::Test {
 protected:
  void create(const std::string& id, state::Placement placement) {
    const state::NewRun run{.id = id, .kind = "k", .spec = "{}", .placement = std::move(placement)};
    ASSERT_TRUE(
        state_->runs().create_run(run, {{.kind = "job", .payload = ""}}, clock_.now()).has_value());
  }
  std::string ids(const RunListFilter& filter, std::size_t count_max = 10) {
    auto page = reader_.page(filter, {}, std::nullopt, count_max);
    if (page.has_error()) return page.error().to_string();
    std::string text;
    for (const RunListItem& item : page->items) text += item.view.run.id + " ";
    return text;
  }

  SimulatedClock clock_;
  std::unique_ptr<state::State> state_ =
      state::open_sqlite_state({":memory:", false, false}).value();
  RunReader reader_{*state_, clock_};
};

TEST_F(RunListTest, UnfinishedRunsAreSelectedByWhatPeopleAreShown) {
  const state::Placement mine{state::Placement::Kind::process, "p"};
  const state::Placement gone{state::Placement::Kind::process, "gone"};
  ASSERT_TRUE(state_->workers().register_worker({.id = "p"}, clock_.now()).has_value());
  for (int i = 0; i < 5; ++i) create("gone" + std::to_string(i), gone);
  create("mine", mine);
  create("queued", {});
  EXPECT_EQ(ids({.statuses = {RunStatus::running}}), "mine ");
  EXPECT_EQ(ids({.statuses = {RunStatus::queued}}), "queued ");
  EXPECT_EQ(ids({.statuses = {RunStatus::queued, RunStatus::interrupted}}, 3),
            "queued gone4 gone3 ");
  EXPECT_EQ(ids({.statuses = {RunStatus::interrupted}}, 2), "gone4 gone3 ")
      << "a page is filled although others were passed over";
  EXPECT_EQ(ids({.statuses = {RunStatus::succeeded}}), "");
  EXPECT_EQ(ids({}, 2), "queued mine ");
}

TEST_F(RunListTest, APageThatLooksAtTooManyRunsSaysWhereTheNextOneBegins) {
  create("first", {});
  ASSERT_TRUE(state_->workers().register_worker({.id = "p"}, clock_.now()).has_value());
  const state::Placement mine{state::Placement::Kind::process, "p"};
  for (std::size_t i = 0; i <= runs_looked_at_max; ++i) create("mine" + std::to_string(i), mine);
  const RunListFilter queued{.statuses = {RunStatus::queued}};
  const auto page = reader_.page(queued, {}, std::nullopt, 10);
  ASSERT_TRUE(page.has_value()) << page.error().to_string();
  EXPECT_TRUE(page->items.empty());
  ASSERT_TRUE(page->stopped_at.has_value());
  const auto next = reader_.page(queued, {}, page->stopped_at, 10);
  ASSERT_TRUE(next.has_value());
  ASSERT_EQ(next->items.size(), 1u);
  EXPECT_EQ(next->items.front().view.run.id, "first");
  EXPECT_FALSE(next->stopped_at.has_value());
}

TEST_F(RunListTest, RunsAreCountedWhereStateAloneKnows) {
  create("r", {});
  EXPECT_EQ(reader_.count({}).value(), 1);
  EXPECT_EQ(reader_.count({.statuses = {RunStatus::failed}}).value(), 0);
  EXPECT_EQ(reader_.count({.statuses = {RunStatus::running}}).value(), std::nullopt);
  EXPECT_EQ(reader_.count({.text = "a"}).value(), std::nullopt);
}

TEST(FailureAdvice, IsThereForEveryCodeAndSaysMoreForAReason) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const auto code = to_string(static_cast<ErrorCode>(i));
    EXPECT_EQ(failure_advice(code, "").back(), '.') << code;
    EXPECT_NE(failure_advice(code, ""), failure_advice("unknown", "")) << code;
  }
  EXPECT_NE(failure_advice("unavailable", "destination_full"), failure_advice("unavailable", ""));
  EXPECT_EQ(failure_advice("unavailable", "of_a_later_version"), failure_advice("unavailable", ""));
}

}  // namespace
}  // namespace dth::runs
