#include "engine/testing/worker_fixture.h"

namespace dth::engine::testing {
namespace {

TEST_F(WorkerTest, JobsAreClaimedAndFinished) {
  create(5);
  scripts_["job"] = [](JobContext*) { return succeed(one_copied()); };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_EQ(executions_, 5);
  const state::Run run = end_run();
  EXPECT_EQ(run.counts[Counter::copied], 5);
  EXPECT_EQ(run.state, state::RunState::succeeded);
}

TEST_F(WorkerTest, SlotsAreRespected) {
  create(7);
  options_.slots = {{"job", 2}};
  std::size_t most = 0;
  scripts_["job"] = [&](JobContext* context) {
    most = std::max(most, worker_->jobs_in_hand());
    return sleep_then_succeed(context, 1s);
  };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(most, 2u);
  EXPECT_EQ(copied(), 7);
  stop_and_drain();
}

// By itself it would look again when it has waited as long as all the times before.

TEST_F(WorkerTest, WhatAJobLeavesIsBegunWhenItEnds) {
  create(1);
  options_.slots = {{"job", 2}};
  options_.poll_interval_max = 1h;
  scripts_["job"] = [this](JobContext* context) {
    Finished finished = one_copied();
    if (executions_ == 1) finished.effects.jobs.push_back({.kind = "job", .payload = "second"});
    return sleep_then_finish(context, 20s, std::move(finished));
  };
  start();
  ASSERT_TRUE(drive([this] { return executions_ == 2; }));
  EXPECT_LT(executed_at_[1] - executed_at_[0], 21s);
  ASSERT_TRUE(drive_until_drained());
  stop_and_drain();
}

TEST_F(WorkerTest, SaysOnceThatItIsOutOfWork) {
  create(3);
  int said = 0;
  options_.on_out_of_work = [&] {
    ++said;
    EXPECT_EQ(copied(), 3);
  };
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 1s); };
  start();
  ASSERT_TRUE(drive([&] { return said > 0; }));
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 5s; }));
  EXPECT_EQ(said, 1);
  stop_and_drain();
}

TEST_F(WorkerTest, ARetryableErrorIsTriedAgainLater) {
  create(1);
  scripts_["job"] = [this](JobContext* context) {
    EXPECT_FALSE(context->last_try());
    if (executions_ == 1) return fail({ErrorCode::unavailable, "down", ""});
    return succeed(one_copied());
  };
  start();
  ASSERT_TRUE(drive_until_drained());
  ASSERT_EQ(executions_, 2);
  EXPECT_GE(executed_at_[1] - executed_at_[0], 5s);
  EXPECT_EQ(attempts_, (std::vector<int>{1, 2}));
  stop_and_drain();
  EXPECT_EQ(end_run().state, state::RunState::succeeded);
}

TEST_F(WorkerTest, RetryableErrorsAreBounded) {
  create(1);
  std::vector<bool> last_tries;
  scripts_["job"] = [&](JobContext* context) {
    last_tries.push_back(context->last_try());
    return fail({ErrorCode::unavailable, "the store is down", "503"});
  };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(last_tries, (std::vector<bool>{false, false, true}));
  EXPECT_TRUE(stop_and_drain().has_value());
  const state::Run run = end_run();
  EXPECT_EQ(run.state, state::RunState::failed);
  EXPECT_EQ(run.error, "the store is down (503)");
}

TEST_F(WorkerTest, AnotherErrorFailsTheRunAtOnce) {
  create(1);
  scripts_["job"] = [](JobContext*) { return fail({ErrorCode::permission_denied, "no", ""}); };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(executions_, 1);
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_EQ(end_run().error, "no");
}

TEST_F(WorkerTest, ARunThatIsNotLetInAnyMoreWaitsAndFailsNothing) {
  create(3);
  options_.slots = {{"job", 2}};
  bool is_let_in = false;
  scripts_["job"] = [&](JobContext* context) {
    if (context->job().lease.job == 1 && !is_let_in)
      return fail({ErrorCode::unauthenticated, "expired", ""});
    return sleep_then_succeed(context, 2s);
  };
  std::vector<std::string> stopped;
  options_.on_run_stopped = [&](const std::string& run, const Error& why) {
    stopped.push_back(run + " " + why.message);
  };
  start();
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 50s; }));
  EXPECT_EQ(stopped, (std::vector<std::string>{"run expired"}));
  EXPECT_EQ(executions_, 2) << "nothing more was claimed";
  EXPECT_EQ(copied(), 1) << "what was in hand ended in good order";
  const state::Run run = state_.runs().find_run("run").value();
  EXPECT_EQ(run.state, state::RunState::waiting);
  EXPECT_EQ(run.waiting->what, state::WaitingFor::credential);
  EXPECT_EQ(run.waiting->text, "expired");
  EXPECT_EQ(run.error, "");
  EXPECT_EQ(state_.jobs().backlog("run", "job")->jobs, 2);
  is_let_in = true;
  ASSERT_TRUE(drive_until_drained()) << "it is tried again by itself";
  EXPECT_EQ(copied(), 3);
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_EQ(end_run().state, state::RunState::succeeded);
}

TEST_F(WorkerTest, ALateFailureDoesNotStopARunThatWasResumedSince) {
  create(2);
  options_.slots = {{"job", 2}};
  scripts_["job"] = [](JobContext* context) {
    if (context->attempted_before()) return succeed(one_copied());
    if (context->job().lease.job == 1) return fail({ErrorCode::unauthenticated, "expired", ""});
    return sleep_then_fail(context, 20s, {ErrorCode::unauthenticated, "expired", ""});
  };
  int stops = 0;
  options_.on_run_stopped = [&](const std::string&, const Error&) { ++stops; };
  start();
  ASSERT_TRUE(drive([&] { return stops == 1; }));
  ASSERT_TRUE(state_.runs().resume("run").has_value());
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(copied(), 2);
  EXPECT_EQ(stops, 1) << "what was begun before the resumption failed late";
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::running);
  EXPECT_TRUE(stop_and_drain().has_value());
}

TEST_F(WorkerTest, AFullDestinationIsWaitedFor) {
  create(3);
  scripts_["job"] = [](JobContext*) {
    return fail({ErrorCode::permission_denied, ErrorReason::destination_full, "full", ""});
  };
  start();
  ASSERT_TRUE(drive([this] { return state_.runs().find_run("run")->waiting.has_value(); }));
  EXPECT_EQ(state_.runs().find_run("run")->waiting->what, state::WaitingFor::space);
  EXPECT_EQ(executions_, 1);
  stop_and_drain();
  EXPECT_EQ(state_.jobs().backlog("run", "job")->jobs, 3);
}

TEST_F(WorkerTest, ARunWhoseStoresCannotBeOpenedWaitsAndOthersGoOn) {
  create(3);
  create(3, "job", "other");
  opening_failures_["run"] = Error{ErrorCode::not_found, "there is no bucket", ""};
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 1s); };
  start();
  ASSERT_TRUE(drive([this] { return copied("other") == 3; }));
  const state::Run run = state_.runs().find_run("run").value();
  EXPECT_EQ(run.state, state::RunState::waiting);
  EXPECT_EQ(run.waiting->what, state::WaitingFor::store);
  EXPECT_EQ(run.waiting->text, "there is no bucket");
  opening_failures_.clear();
  ASSERT_TRUE(drive([this] { return copied() == 3; }));
  stop_and_drain();
}

TEST_F(WorkerTest, APausedRunHandsBackAndIsResumed) {
  create(1);
  create(1, "job", "other");
  scripts_["job"] = [](JobContext* context) {
    if (context->job().run == "other") return sleep_then_succeed(context, 3min);
    return work_until_stopped(context, true, nullptr);
  };
  start();
  ASSERT_TRUE(drive([this] { return executions_ == 2; }));
  ASSERT_TRUE(state_.runs().pause("run").has_value());
  ASSERT_TRUE(drive([this] { return worker_->jobs_in_hand() == 1; })) << "only the other's is left";
  ASSERT_TRUE(drive([this] { return copied("other") == 1; }));
  EXPECT_EQ(executions_, 2) << "nothing of a paused run is claimed";
  ASSERT_TRUE(state_.runs().resume("run").has_value());
  ASSERT_TRUE(drive([this] { return executions_ == 3; }));
  stop_and_drain();
}

TEST_F(WorkerTest, TheJobsOfOneRunAreCutOff) {
  create(2);
  create(1, "job", "other");
  options_.slots = {{"job", 2}};
  options_.poll_interval_max = 1s;
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 10min); };
  start();
  ASSERT_TRUE(drive([this] { return executions_ == 3; }));
  ASSERT_TRUE(state_.runs().pause("run").has_value());
  worker_->cancel_run("run");
  ASSERT_TRUE(drive([this] { return worker_->jobs_in_hand() == 1; }));
  EXPECT_EQ(copied(), 0);
  ASSERT_TRUE(drive([this] { return copied("other") == 1; }));
  stop_and_drain();
}

TEST_F(WorkerTest, JobsThatWaitForOthersHoldNoPlace) {
  create({{.kind = "job", .payload = ""},
          {.kind = "other", .payload = "", .items = 2},
          {.kind = "other", .payload = "", .items = 2}});
  options_.slots = {{"job", 1}, {"other", 1}};
  options_.jobs_max = 1;
  scripts_["job"] = [](JobContext* context) { return wait_for_room(context); };
  scripts_["other"] = [](JobContext* context) { return sleep_then_succeed(context, 1s); };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(copied(), 3);
  stop_and_drain();
}

TEST_F(WorkerTest, ARunIsClosedWhenItsLastJobIsDone) {
  create(2);
  CountingSealer sealer;
  options_.sealer = &sealer;
  std::vector<std::string> ended;
  options_.on_run_ended = [&](const std::string& run) { ended.push_back(run); };
  scripts_["job"] = [](JobContext*) {
    Finished finished = one_copied();
    finished.lines.add({.key = "k", .outcome = ledger::Outcome::copied});
    return succeed(std::move(finished));
  };
  start();
  ASSERT_TRUE(drive([&] { return !ended.empty(); }));
  EXPECT_EQ(ended, (std::vector<std::string>{"run"}));
  EXPECT_EQ(sealer.states, (std::vector{state::RunState::succeeded}));
  EXPECT_EQ(sealer.segment_count, 2u);
  EXPECT_EQ(settled_, 0) << "it left nothing open";
  const state::Run run = state_.runs().find_run("run").value();
  EXPECT_EQ(run.state, state::RunState::succeeded);
  EXPECT_EQ(run.counts[Counter::copied], 2);
  EXPECT_TRUE(run.ended_at.has_value());
  stop_and_drain();
}

TEST_F(WorkerTest, ALedgerThatCannotBeSealedKeepsTheRunOpen) {
  create(1);
  CountingSealer sealer;
  sealer.failure = Error{ErrorCode::unavailable, "no space for the manifest", ""};
  options_.sealer = &sealer;
  scripts_["job"] = [](JobContext*) { return succeed(one_copied()); };
  start();
  ASSERT_TRUE(drive([this] { return state_.runs().find_run("run")->waiting.has_value(); }));
  EXPECT_EQ(state_.runs().find_run("run")->waiting->text, "no space for the manifest");
  sealer.failure.reset();
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  EXPECT_EQ(sealer.states.size(), 1u);
  stop_and_drain();
}

TEST_F(WorkerTest, ACancelledRunIsClosedWhenWhatIsInHandHasEnded) {
  create(5);
  CountingSealer sealer;
  options_.sealer = &sealer;
  scripts_["job"] = [](JobContext* context) { return work_until_stopped(context, false, nullptr); };
  start();
  ASSERT_TRUE(drive([this] { return executions_ == 1; }));
  ASSERT_TRUE(state_.runs().request_cancel("run", clock_.now()).has_value());
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::cancelled);
  EXPECT_EQ(executions_, 1);
  EXPECT_EQ(copied(), 1) << "what was done counts";
  EXPECT_EQ(sealer.states, (std::vector{state::RunState::cancelled}));
  stop_and_drain();
}

// A job that was interrupted leaves the rest of its work as new jobs.

TEST_F(WorkerTest, WhatAJobOfACancelledRunLeavesIsDropped) {
  create(1);
  CountingSealer sealer;
  options_.sealer = &sealer;
  scripts_["job"] = [](JobContext* context) { return hand_on_when_stopped(context); };
  start();
  ASSERT_TRUE(drive([this] { return executions_ == 1; }));
  ASSERT_TRUE(state_.runs().request_cancel("run", clock_.now()).has_value());
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::cancelled);
  EXPECT_EQ(executions_, 1);
  stop_and_drain();
}

// A continuation belongs to a group, but is no member of it: it must not leave a result.

TEST_F(WorkerTest, AContinuationMayFailTheRun) {
  create(1, "plan");
  options_.slots = {{"plan", 1}, {"member", 1}, {"last", 1}};
  scripts_["plan"] = [](JobContext*) {
    Finished finished;
    finished.effects.groups.push_back({.members = {{.kind = "member", .payload = ""}},
                                       .continuation = {.kind = "last", .payload = ""}});
    return succeed(std::move(finished));
  };
  scripts_["member"] = [](JobContext*) { return fail({ErrorCode::internal, "member", ""}); };
  scripts_["last"] = [](JobContext*) { return fail({ErrorCode::internal, "last", ""}); };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(executions_, 3);
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_EQ(end_run().error, "member");
}

TEST_F(WorkerTest, AJobThatAlwaysKillsItsWorkerIsGivenUp) {
  create(1);
  options_.attempts_max = 2;
  for (int i = 0; i < 2; ++i) {
    const std::vector<state::Job> jobs = claim_as_another();
    ASSERT_EQ(jobs.size(), 1u);
    ASSERT_TRUE(state_.jobs().release(jobs[0].lease, clock_.now(), false).has_value());
  }
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(executions_, 0);
  stop_and_drain();
  EXPECT_NE(end_run().error.find("never ended"), std::string::npos);
}

TEST_F(WorkerTest, AStopHandsBack) {
  create(1);
  scripts_["job"] = [](JobContext* context) { return work_until_stopped(context, true, nullptr); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  EXPECT_TRUE(stop_and_drain().has_value());
  const std::vector<state::Job> ready = claim_as_another();
  ASSERT_EQ(ready.size(), 1u) << "ready at once, without waiting for the lease to run out";
  EXPECT_EQ(ready[0].attempts, 2) << "something may have been done: the attempt counts";
}

TEST_F(WorkerTest, AStopLetsARunningJobFinish) {
  create(2);
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 2min); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  const MonotonicTime asked_at = clock_.monotonic_now();
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_GE(clock_.monotonic_now() - asked_at, 110s);
  EXPECT_EQ(copied(), 1) << "its lease was renewed meanwhile";
  EXPECT_EQ(executions_, 1) << "nothing more is begun";
}

TEST_F(WorkerTest, CancelCutsOff) {
  create(1);
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 1h); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  const MonotonicTime asked_at = clock_.monotonic_now();
  EXPECT_TRUE(stop_and_drain(true).has_value());
  EXPECT_LT(clock_.monotonic_now() - asked_at, 1s);
  EXPECT_EQ(copied(), 0);
  EXPECT_EQ(claim_as_another().size(), 1u);
}

TEST_F(WorkerTest, TheBacklogIsBounded) {
  create({{.kind = "job", .payload = ""},
          {.kind = "other", .payload = "", .items = 2},
          {.kind = "other", .payload = "", .items = 2}});
  scripts_["job"] = [](JobContext* context) { return wait_for_room(context); };
  start();
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 1min; }));
  EXPECT_EQ(copied(), 0);
  EXPECT_LE(state_.calls["backlog"], 180) << "it asks the less often the longer it waits";
  const std::vector<state::Job> others = claim_as_another("other");
  ASSERT_TRUE(state_.jobs().finish(others.at(0).lease, {}, clock_.now()).has_value());
  ASSERT_TRUE(drive([&] { return copied() == 1; }));
  stop_and_drain();
}

TEST_F(WorkerTest, WhoWaitsForRoomIsStopped) {
  create({{.kind = "job", .payload = ""}, {.kind = "other", .payload = "", .items = 5}});
  scripts_["job"] = [](JobContext* context) { return wait_for_room(context); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_EQ(claim_as_another().size(), 1u);
}

// The worker's share: the margin, counted from before the claim was asked for.

}  // namespace
}  // namespace dth::engine::testing
