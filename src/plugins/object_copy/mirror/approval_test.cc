// Deletions that wait for an approval: nothing goes that nobody approved, on any way.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ApprovalTest : public RunFixture {
 protected:
  ApprovalTest() {
    copy.action = options::Action::sync;
    copy.deletes.need_approval = true;
    copy.deletes.count_max = 1'000'000;
    copy.deletes.percent_max = 100;
    put("kept", "same");
    destination.put("kept", "same");
  }

  void extras(int first, int count) {
    for (int i = first; i < first + count; ++i)
      destination.put("x" + std::to_string(100 + i), "extra");
  }
  state::Run read() { return state->runs().find_run("run").value(); }
  std::optional<state::PlannedDeletions> plan() {
    return state->runs().planned_deletions("run").value();
  }
  // Works until it waits for an approval, and has.
  void work_until_it_waits() {
    enough = [this] { return read().state == RunState::waiting; };
    work();
    enough = [] { return false; };
    ASSERT_EQ(read().state, RunState::waiting);
    ASSERT_EQ(read().waiting->what, state::WaitingFor::approval);
    EXPECT_EQ(state->jobs().backlog("run", kind_remove)->jobs, 0);
  }
  void approve(std::int64_t count) {
    ASSERT_EQ(state->runs().approve_deletions("run", count, {"alice", clock.now()}).value(), count);
  }
  // The destination lists what it has, and that "d/" cannot be read.
  void hide_a_folder() {
    corrupting_destination().answer_list = [this](const objects::ListRequest&) {
      objects::ListPage page;
      objects::ObjectInfo hiding;
      hiding.key = std::string("d/\0", 3);
      hiding.hidden_size = 2;
      hiding.obstacle = "cannot be read: Permission denied";
      page.objects.push_back(hiding);
      for (const std::string& key : destination.keys())
        page.objects.push_back(destination.head(key)->info);
      return page;
    };
  }
  std::uint64_t removes() const { return destination_requests(StoreOperation::remove); }
};

TEST_F(ApprovalTest, NothingIsDeletedBeforeTheCountedNumberIsApproved) {
  put("new", "bytes");
  extras(0, 3);
  start();
  work_until_it_waits();
  EXPECT_EQ(removes(), 0u);
  EXPECT_EQ(read().counts[Counter::copied], 1) << "copies do not wait";
  EXPECT_EQ(plan()->count, 3);
  EXPECT_EQ(plan()->destination_count, 5);
  EXPECT_THAT(plan()->sample_keys, ElementsAre("x100", "x101", "x102"));
  EXPECT_EQ(state->runs().approve_deletions("run", 2, {"alice", clock.now()}).value(), 3);
  EXPECT_EQ(read().state, RunState::waiting);
  approve(3);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 3);
  EXPECT_EQ(done.counts[Counter::extra], 3);
  EXPECT_EQ(destination.keys(), source.keys());
}

TEST_F(ApprovalTest, NothingToDeleteNeverWaits) {
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_FALSE(plan());
}

TEST_F(ApprovalTest, MoreThanWasApprovedWaitsAgainAndDeletesNothing) {
  extras(0, 3);
  start();
  work_until_it_waits();
  approve(3);
  extras(3, 1);
  work_until_it_waits();
  EXPECT_EQ(removes(), 0u);
  EXPECT_EQ(plan()->count, 4);
  EXPECT_FALSE(plan()->decision);
  approve(4);
  work();
  EXPECT_EQ(end().counts[Counter::deleted], 4);
}

TEST_F(ApprovalTest, FewerThanWereApprovedAreDeleted) {
  extras(0, 3);
  start();
  work_until_it_waits();
  approve(3);
  destination.erase("x100");
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 2);
}

TEST_F(ApprovalTest, WhatIsGoneWhenItIsCountedAgainNeedsNoDecision) {
  extras(0, 2);
  start();
  work_until_it_waits();
  destination.erase("x100");
  destination.erase("x101");
  ASSERT_TRUE(state->runs().resume("run").has_value());
  work();
  EXPECT_EQ(end().state, RunState::succeeded);
  EXPECT_FALSE(plan());
  EXPECT_EQ(removes(), 0u);
}

TEST_F(ApprovalTest, AResumedRunCountsAgainAndWaitsAgain) {
  extras(0, 2);
  start();
  work_until_it_waits();
  extras(2, 1);
  resume();
  ASSERT_TRUE(state->runs().resume("run").has_value());
  work_until_it_waits();
  EXPECT_EQ(removes(), 0u);
  EXPECT_EQ(plan()->count, 3);
}

TEST_F(ApprovalTest, APausedRunThatWasApprovedDeletesOnceItIsResumed) {
  extras(0, 2);
  start();
  work_until_it_waits();
  ASSERT_TRUE(state->runs().pause("run").has_value());
  approve(2);
  EXPECT_EQ(read().state, RunState::paused);
  ASSERT_TRUE(state->runs().resume("run").has_value());
  work();
  EXPECT_EQ(end().counts[Counter::deleted], 2);
}

TEST_F(ApprovalTest, RejectedDeletionsDeleteNothingAndTheCopiesStay) {
  put("new", "bytes");
  extras(0, 2);
  start();
  work_until_it_waits();
  ASSERT_TRUE(state->runs().reject_deletions("run", "", {"alice", clock.now()}).has_value());
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::cancelled);
  EXPECT_EQ(removes(), 0u);
  EXPECT_THAT(destination.keys(), ElementsAre("kept", "new", "x100", "x101"));
  EXPECT_THAT(state->records().warnings("run").value(),
              ElementsAre(HasSubstr("alice rejected the deletion of 2 objects")));
}

TEST_F(ApprovalTest, ACancelledRunDeletesNothing) {
  extras(0, 2);
  start();
  work_until_it_waits();
  ASSERT_TRUE(state->runs().request_cancel("run", clock.now()).has_value());
  EXPECT_EQ(end().state, RunState::cancelled);
  EXPECT_EQ(removes(), 0u);
}

TEST_F(ApprovalTest, LimitsThatWereGivenHoldAsWell) {
  extras(0, 3);
  copy.deletes.count_max = 2;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("--delete-max"));
  EXPECT_EQ(removes(), 0u);
}

TEST_F(ApprovalTest, AnEmptySourceIsNoMatterOfApproval) {
  source.erase("kept");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("--allow-empty-source"));
}

// Each survey meets it, and it is one failure; nor is it a copy that failed, for which nothing may
// go.
TEST_F(ApprovalTest, WhatCannotBeListedFailsOnceHoweverOftenItIsCounted) {
  destination_options.limits.keys_are_paths = true;
  extras(0, 2);
  start();
  hide_a_folder();
  work_until_it_waits();
  EXPECT_EQ(read().counts[Counter::failed], 1);
  ASSERT_TRUE(state->runs().resume("run").has_value());
  work_until_it_waits();
  approve(2);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::completed_with_failures) << done.error;
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(failures().size(), 1u);
  EXPECT_EQ(done.counts[Counter::deleted], 2);
}

// ----- more than is kept: a second job lists again, and removes

class LargeApprovalTest : public ApprovalTest {
 protected:
  LargeApprovalTest() {
    source_options.page_size_max = destination_options.page_size_max = 4;
    tuning.extras_kept_max = 3;
    tuning.batch_items_max = 2;
    tuning.scan_keys_per_step_max = 3;
    extras(0, 17);
  }
};

TEST_F(LargeApprovalTest, AllThatWasApprovedIsDeleted) {
  start();
  work_until_it_waits();
  EXPECT_EQ(plan()->count, 17);
  EXPECT_EQ(plan()->sample_keys.size(), 17u);
  approve(17);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::extra], 17);
  EXPECT_EQ(done.counts[Counter::deleted], 17);
  EXPECT_EQ(destination.keys(), source.keys());
}

TEST_F(LargeApprovalTest, WhatIsAddedWhileItDeletesIsNotDeleted) {
  start();
  work_until_it_waits();
  approve(17);
  // The survey takes 5 pages; the second search begins with the sixth.
  const std::uint64_t listed = destination_requests(StoreOperation::list);
  destination.set_on_request(
      [this, listed](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation == StoreOperation::list &&
            destination_requests(StoreOperation::list) == listed + 5)
          extras(17, 5);
        return std::nullopt;
      });
  work_until_it_waits();
  const auto deleted = static_cast<int>(removes());
  EXPECT_LE(deleted, 17);
  EXPECT_EQ(plan()->count, 22 - deleted) << "what is left, counted once all removals have ended";
  EXPECT_EQ(read().counts[Counter::deleted], deleted);
  approve(22 - deleted);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 22);
  EXPECT_EQ(destination.keys(), source.keys());
}

TEST_F(LargeApprovalTest, StopsAndRestartsChangeNothing) {
  start();
  work_until_it_waits();
  approve(17);
  unsigned requests = 0, lives = 0;
  destination.set_on_request([&](StoreOperation, const std::string&) -> std::optional<Error> {
    if (++requests % 7 == 0) worker->request_stop();
    return std::nullopt;
  });
  for (; lives < 200 && !is_drained(); ++lives) work();
  EXPECT_GT(lives, 2u);
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 17);
}

TEST_F(LargeApprovalTest, AWorkerThatDiesAfterTheApprovalLeavesNoMoreToDelete) {
  start();
  work_until_it_waits();
  approve(17);
  ASSERT_EQ(claim_and_die(kind_find_extra).size(), 1u);
  extras(17, 1);
  clock.advance(std::chrono::hours(1));
  work_until_it_waits();
  EXPECT_EQ(removes(), 0u);
  EXPECT_EQ(plan()->count, 18);
}

}  // namespace
}  // namespace dth::object_copy::testing
