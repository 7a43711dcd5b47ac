#include <atomic>
#include <thread>

#include "state/testing/state_conformance.h"

// How runs end: by their close job, which comes once, whatever came before it.
namespace dth::state::testing {

TEST_P(StateConformance, LastJobBringsTheCloseJobWhichEndsTheRun) {
  create_run("r1", 2);
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::queued);
  auto jobs = take(0, 2);
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  finish(jobs[0], {.counts = count(Counter::copied, 3)});
  EXPECT_TRUE(take(0, 9).empty()) << "closed while a job is held";
  finish(jobs[1], {.counts = count(Counter::copied, 4)});
  reopen();
  const Job close = take_close(1);
  EXPECT_EQ(close.kind, close_job_kind);
  EXPECT_EQ(close.items, 0);
  EXPECT_EQ(close.run, "r1");
  auto ending = state().runs().ending_run(close.lease, at(5));
  ASSERT_OK(ending);
  EXPECT_EQ(ending->state, RunState::succeeded);
  EXPECT_EQ(ending->ended_at, at(5));
  EXPECT_EQ(ending->counts[Counter::copied], 7);
  EXPECT_FALSE(is_over(state().runs().find_run("r1")->state)) << "asking ended it";
  ASSERT_OK(state().runs().end_run(close.lease, *ending->ended_at));
  reopen();
  const auto run = state().runs().find_run("r1").value();
  EXPECT_EQ(run.state, ending->state);
  EXPECT_EQ(run.ended_at, ending->ended_at);
  EXPECT_EQ(run.counts, ending->counts);
  EXPECT_TRUE(state().runs().progress("r1")->backlog.empty());
  EXPECT_CODE(state().runs().end_run(close.lease, at(6)), precondition_failed);
}

TEST_P(StateConformance, RunWithoutJobsHasItsCloseJobFromTheStart) {
  create_run("r1", 0);
  const Job close = take_close(0);
  ASSERT_OK(state().runs().end_run(close.lease, at(1)));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::succeeded);
  EXPECT_EQ(*state().jobs().insert_missing_close_jobs(at(2)), 0);
}

TEST_P(StateConformance, EndOfARunIsToldByWhatItLeft) {
  const auto end_of = [&](const std::string& run, const Effects& effects) {
    create_run(run, 1);
    finish(take(0, 1).at(0), effects);
    const Job close = take_close(0);
    const RunState ending = state().runs().ending_run(close.lease, at(1))->state;
    EXPECT_TRUE(state().runs().end_run(close.lease, at(1)).has_value());
    EXPECT_EQ(state().runs().find_run(run)->state, ending);
    return ending;
  };
  EXPECT_EQ(end_of("r1", {}), RunState::succeeded);
  EXPECT_EQ(end_of("r2", {.counts = count(Counter::failed, 1)}), RunState::completed_with_failures);
  EXPECT_EQ(end_of("r3", {.counts = count(Counter::failed, 1), .run_error = "no"}),
            RunState::failed);
}

TEST_P(StateConformance, UploadLeftOpenMakesACompletionWithFailures) {
  create_run("r1", 1);
  const Job job = take(0, 1).at(0);
  auto upload = state().uploads().record_upload_intent(job.lease, {.key = "k", .plan = ""}, at(0));
  ASSERT_OK(upload);
  finish(job);
  const Job close = take_close(0);
  EXPECT_EQ(state().runs().ending_run(close.lease, at(1))->state, RunState::succeeded);
  ASSERT_OK(state().uploads().leave_upload_open(*upload, "u", "denied"));
  EXPECT_EQ(state().runs().ending_run(close.lease, at(1))->state,
            RunState::completed_with_failures);
}

TEST_P(StateConformance, GroupKeepsTheCloseJobBack) {
  create_run("r1", 1);
  const Job first = take(0, 1).at(0);
  finish(first, {.groups = {{.members = {{.kind = "copy", .payload = "m"}},
                             .continuation = {.kind = "copy", .payload = "last"}}}});
  const Job member = take(0, 1).at(0);
  finish(member);
  const Job last = take(0, 1).at(0);
  EXPECT_EQ(last.payload, "last");
  finish(last);
  take_close(0);
}

TEST_P(StateConformance, CloseJobDoesNothingButEndItsRun) {
  create_run("r1", 0);
  create_run("r2", 1);
  const Job close = take_close(0), other = take(0, 1).at(0);
  EXPECT_CODE(state().jobs().finish(close.lease, {}, at(1)), invalid_argument);
  EXPECT_CODE(
      state().jobs().advance(close.lease, "", {.jobs = {{.kind = "copy", .payload = ""}}}, at(1)),
      invalid_argument);
  EXPECT_CODE(state().runs().end_run(other.lease, at(1)), invalid_argument);
  EXPECT_CODE(state().runs().ending_run(other.lease, at(1)), invalid_argument);
  // What it counts while it settles is the run's.
  ASSERT_OK(state().jobs().advance(close.lease, "settled",
                                   {.counts = count(Counter::requests_other, 2)}, at(1)));
  EXPECT_EQ(state().runs().ending_run(close.lease, at(1))->counts[Counter::requests_other], 2);
  ASSERT_OK(state().jobs().release(close.lease, at(1), true));
  EXPECT_EQ(take_close(1).payload, "settled");
}

TEST_P(StateConformance, LostCloseJobEndsNothing) {
  create_run("r1", 0);
  const Job stale = take_close(0);
  const Job fresh = take_close(100, 1);
  EXPECT_CODE(state().runs().ending_run(stale.lease, at(101)), precondition_failed);
  EXPECT_CODE(state().runs().end_run(stale.lease, at(101)), precondition_failed);
  EXPECT_EQ(state().runs().find_run("r1")->ended_at, std::nullopt);
  ASSERT_OK(state().runs().end_run(fresh.lease, at(102)));
}

// Each of the two that finish the last jobs must not leave the close job to the other one.
TEST_P(StateConformance, TwoThatFinishTheLastJobsAtOnceBringOneCloseJob) {
  auto another = open_another();
  for (int round = 0; round < 50; ++round) {
    const std::string run = "r" + std::to_string(round);
    create_run(run, 2);
    auto jobs = take(0, 2);
    ASSERT_EQ(jobs.size(), 2u);
    std::atomic<int> ready = 0;
    const auto finish_one = [&](State& by, const Job& job) {
      ++ready;
      while (ready < 2) {
      }
      EXPECT_TRUE(
          by.jobs().finish(job.lease, {.counts = count(Counter::copied, 1)}, at(1)).has_value());
    };
    std::thread thread([&] { finish_one(*another, jobs[1]); });
    finish_one(state(), jobs[0]);
    thread.join();
    EXPECT_EQ(state().jobs().backlog(run, std::string(close_job_kind))->jobs, 1);
    EXPECT_EQ(*another->jobs().insert_missing_close_jobs(at(1)), 0);
    ASSERT_OK(state().runs().end_run(take_close(1).lease, at(2)));
    EXPECT_EQ(counts(run)[Counter::copied], 2);
  }
}

TEST_P(StateConformance, CancelDropsWhatNobodyHoldsAndEndsAfterTheRest) {
  create_run("r1", 4);
  create_run("r2", 1);
  const Job held = take(0, 1).at(0);
  ASSERT_EQ(held.run, "r1");
  for (int i = 0; i < 2; ++i) ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  EXPECT_TRUE(state().runs().find_run("r1")->cancel_requested);
  EXPECT_EQ(backlog("r1").jobs, 1) << "only what is held stays";
  EXPECT_EQ(state().jobs().renew({held.lease}, at(1), at(60))->at(0).stop, Renewal::Stop::cancel);
  finish(held, {.jobs = {{.kind = "copy", .payload = "late"}},
                .groups = {{.members = {{.kind = "copy", .payload = ""}},
                            .continuation = {.kind = "copy", .payload = ""}}},
                .counts = count(Counter::copied, 1)});
  const Job close = take_close(2);
  EXPECT_EQ(close.run, "r1");
  EXPECT_EQ(state().jobs().renew({close.lease}, at(2), at(60))->at(0).stop, Renewal::Stop::none);
  EXPECT_EQ(state().runs().ending_run(close.lease, at(3))->state, RunState::cancelled);
  ASSERT_OK(state().runs().end_run(close.lease, at(3)));
  EXPECT_EQ(counts("r1")[Counter::copied], 1);
  EXPECT_CODE(state().runs().request_cancel("r1", at(4)), precondition_failed);
  EXPECT_EQ(backlog("r2").jobs, 1);
}

TEST_P(StateConformance, CancelOfARunThatNobodyWorksOnBringsTheCloseJobAtOnce) {
  create_run("r1", 3);
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  ASSERT_OK(state().runs().end_run(take_close(1).lease, at(2)));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::cancelled);
}

TEST_P(StateConformance, JobOfACancelledRunThatIsHandedBackIsDropped) {
  create_run("r1", 1);
  const Job held = take(0, 1).at(0);
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  ASSERT_OK(state().jobs().release(held.lease, at(1), true));
  EXPECT_EQ(backlog("r1").jobs, 0);
  take_close(1);
}

TEST_P(StateConformance, MembersOfACancelledRunsGroupsBringNothing) {
  create_run("r1", 1);
  finish(take(0, 1).at(0),
         {.groups = {{.members = {{.kind = "copy", .payload = ""}, {.kind = "copy", .payload = ""}},
                      .continuation = {.kind = "copy", .payload = "last"}}}});
  auto members = take(0, 2);
  ASSERT_EQ(members.size(), 2u);
  finish(members[0], {.group_result = "one"});
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  finish(members[1], {.group_result = "two"});
  EXPECT_TRUE(state().jobs().group_results(*members[1].group)->empty());
  take_close(1);
}

TEST_P(StateConformance, CancelledRunWhoseHoldersNeverComeBackIsClosed) {
  create_run("r1", 1);
  const Job held = take(0, 1).at(0);  // until 60
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  EXPECT_EQ(*state().jobs().insert_missing_close_jobs(at(60)), 0) << "a lease that holds";
  EXPECT_EQ(*state().jobs().insert_missing_close_jobs(at(61)), 1);
  EXPECT_CODE(state().jobs().finish(held.lease, {}, at(62)), precondition_failed);
  take_close(62);
}

// A member may leave its result, and a job hand on a group, while the run is being cancelled.
TEST_P(StateConformance, CancelMeetsJobsThatFinishAndLeavesNothing) {
  auto another = open_another();
  const NewJob member{.kind = "copy", .payload = "m"};
  const NewGroup group{.members = {member, member}, .continuation = member};
  for (int round = 0; round < 10; ++round) {
    const std::string run = "r" + std::to_string(round);
    create_run(run, 2);
    auto jobs = take(0, 2);
    ASSERT_EQ(jobs.size(), 2u);
    finish(jobs[0], {.groups = {group}});
    const Job part = take(0, 1).at(0);
    ASSERT_TRUE(part.group.has_value());
    std::atomic<int> ready = 0;
    const auto meet = [&] {
      ++ready;
      while (ready < 3) {
      }
    };
    std::thread results([&] {
      auto by = another.get();
      meet();
      EXPECT_TRUE(by->jobs().finish(part.lease, {.group_result = "r"}, at(1)).has_value());
    });
    std::thread groups([&] {
      meet();
      EXPECT_TRUE(state().jobs().finish(jobs[1].lease, {.groups = {group}}, at(1)).has_value());
    });
    meet();
    EXPECT_TRUE(another->runs().request_cancel(run, at(1)).has_value());
    results.join();
    groups.join();
    // Some of what is left is given back, some finished, some nobody takes.
    auto left = take(1, 2);
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (i == 0) ASSERT_OK(state().jobs().release(left[i].lease, at(1), true));
      if (i != 0) finish(left[i]);
    }
    ASSERT_OK(state().jobs().insert_missing_close_jobs(at(1)));
    EXPECT_TRUE(state().jobs().group_results(*part.group)->empty());
    ASSERT_OK(state().runs().end_run(take_close(1).lease, at(2)));
    EXPECT_EQ(state().runs().find_run(run)->state, RunState::cancelled);
  }
}

TEST_P(StateConformance, RunThatIsBeingClosedIsNotCancelledAnyMore) {
  create_run("r1", 0);
  const Job close = take_close(0);
  const RunState signed_as = state().runs().ending_run(close.lease, at(1))->state;
  ASSERT_OK(state().runs().request_cancel("r1", at(2)));
  ASSERT_OK(state().runs().end_run(close.lease, at(3)));
  EXPECT_EQ(state().runs().find_run("r1")->state, signed_as);
  // Handed back, as by one that could not settle, it can be.
  create_run("r2", 0);
  ASSERT_OK(state().jobs().release(take_close(0).lease, at(0), true));
  ASSERT_OK(state().runs().request_cancel("r2", at(2)));
  EXPECT_EQ(state().runs().ending_run(take_close(2).lease, at(3))->state, RunState::cancelled);
}

}  // namespace dth::state::testing
