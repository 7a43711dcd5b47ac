#include "engine/testing/worker_fixture.h"

namespace dth::engine::testing {
namespace {

// What the worker owes the state: leases, what it records and when, and what it does when the state
// breaks.
TEST_F(WorkerTest, LeasesAreRenewedDuringALongJob) {
  create(1);
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 10min); };
  start();
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 5min; }));
  EXPECT_TRUE(claim_as_another().empty());
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(executions_, 1);
  EXPECT_EQ(copied(), 1);
  stop_and_drain();
}

TEST_F(WorkerTest, ALostLeaseStopsTheJobAndRecordsNothing) {
  create(1);
  bool may_start = true;
  bool ended = false;
  scripts_["job"] = [&](JobContext* context) {
    return work_until_stopped(context, false, &may_start);
  };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  clock_.advance(100s);  // this process stood still
  const std::vector<state::Job> stolen = claim_as_another();
  ASSERT_EQ(stolen.size(), 1u);
  ASSERT_TRUE(drive([&] { return (ended = worker_->jobs_in_hand() == 0); }));
  EXPECT_FALSE(may_start);
  EXPECT_EQ(copied(), 0);
  EXPECT_FALSE(result_.has_value()) << "the worker goes on with other jobs";
  EXPECT_TRUE(
      state_.jobs().finish(stolen[0].lease, one_copied().effects, clock_.now()).has_value());
  EXPECT_EQ(copied(), 1);
  EXPECT_TRUE(stop_and_drain().has_value());
}

TEST_F(WorkerTest, ABrokenStateEndsTheWorkerAndCutsOffItsJobs) {
  create(1);
  options_.slots = {{"job", 2}};
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 1h); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  const MonotonicTime broken_at = clock_.monotonic_now();
  state_.broken = Error{ErrorCode::unavailable, "the disk is full", ""};
  ASSERT_TRUE(drive([&] { return result_.has_value(); }));
  EXPECT_LT(clock_.monotonic_now() - broken_at, 1s);
  ASSERT_TRUE(result_->has_error());
  EXPECT_EQ(result_->error().message, "the disk is full");
}

TEST_F(WorkerTest, AnEndThatCannotBeRecordedEndsTheWorker) {
  create(1);
  scripts_["job"] = [this](JobContext*) {
    state_.broken = Error{ErrorCode::unavailable, "the disk is full", ""};
    return succeed(one_copied());
  };
  start();
  ASSERT_TRUE(drive([&] { return result_.has_value(); }));
  EXPECT_EQ(result_->error().message, "the disk is full");
  state_.broken.reset();
  EXPECT_EQ(copied(), 0);
}

const Error busy{ErrorCode::unavailable, ErrorReason::state_unreachable, "it is busy", ""};

TEST_F(WorkerTest, ABusyStateIsWaitedForByClaimsAndByEnds) {
  create(4);
  options_.slots = {{"job", 2}};
  scripts_["job"] = [this](JobContext* context) {
    EXPECT_TRUE(context->may_start()) << "its lease began when the state answered";
    if (executions_ == 1) state_.broken = busy;
    return succeed(one_copied());
  };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 2; }));
  const MonotonicTime begun = clock_.monotonic_now();
  ASSERT_TRUE(drive([&] { return clock_.monotonic_now() > begun + 4min; }));
  EXPECT_FALSE(result_.has_value());
  EXPECT_EQ(worker_->jobs_in_hand(), 2u) << "their ends are not recorded yet";
  state_.broken.reset();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(copied(), 4);
  EXPECT_EQ(executions_, 4);
  EXPECT_TRUE(stop_and_drain().has_value());
}

TEST_F(WorkerTest, AJobThatAnotherTookWhileTheStateWasBusyIsNotRecorded) {
  create(1);
  scripts_["job"] = [this](JobContext*) {
    state_.broken = busy;
    return succeed(one_copied());
  };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  clock_.advance(100s);
  const std::vector<state::Job> stolen = sqlite_->jobs()
                                             .claim({.worker = "another",
                                                     .scope = {.anybody = true},
                                                     .kinds = {{"job", 10}},
                                                     .count_max = 10,
                                                     .now = clock_.now(),
                                                     .lease_until = clock_.now() + 60s})
                                             .value();
  ASSERT_EQ(stolen.size(), 1u);
  state_.broken.reset();
  ASSERT_TRUE(drive([&] { return worker_->jobs_in_hand() == 0; }));
  EXPECT_EQ(copied(), 0);
  EXPECT_TRUE(
      state_.jobs().finish(stolen[0].lease, one_copied().effects, clock_.now()).has_value());
  EXPECT_EQ(copied(), 1);
  EXPECT_TRUE(stop_and_drain().has_value());
}

TEST_F(WorkerTest, AStateThatIsBusyForLongEndsTheWorkerThatCanRecordNothing) {
  create(1);
  scripts_["job"] = [this](JobContext*) {
    state_.broken = busy;
    return succeed(one_copied());
  };
  start();
  const MonotonicTime begun = clock_.monotonic_now();
  ASSERT_TRUE(drive([&] { return result_.has_value(); }));
  EXPECT_GE(clock_.monotonic_now() - begun, state_wait_max);
  EXPECT_LE(clock_.monotonic_now() - begun, state_wait_max + 10s);
  EXPECT_EQ(result_->error().message, "the state was waited for, 300 s: it is busy");
  state_.broken.reset();
  EXPECT_EQ(copied(), 0);
}

TEST_F(WorkerTest, AWorkerWithoutJobsStopsAtOnceWhileTheStateIsBusy) {
  create(0);
  state_.broken = busy;
  start();
  const MonotonicTime begun = clock_.monotonic_now();
  ASSERT_TRUE(drive([&] { return clock_.monotonic_now() > begun + 20s; }));
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_LE(clock_.monotonic_now() - begun, 22s);
}

TEST_F(WorkerTest, ARenewalThatFailsOnceIsMadeUpFor) {
  create(1);
  scripts_["job"] = [](JobContext* context) { return sleep_then_succeed(context, 5min); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  state_.renewals_to_fail = 1;
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(state_.renewals_to_fail, 0);
  EXPECT_EQ(copied(), 1);
  EXPECT_EQ(executions_, 1);
  stop_and_drain();
}

TEST_F(WorkerTest, TheLedgerIsWrittenBeforeTheState) {
  create(1);
  Finished finished = one_copied();
  ledger::Line line;
  line.key = "k";
  line.outcome = ledger::Outcome::copied;
  finished.lines.add(line);
  scripts_["job"] = [&](JobContext*) { return succeed(finished); };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(ledger_.copied_when_written, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(copied(), 1);
  EXPECT_EQ(state_.records().segments("run")->size(), 1u);
  stop_and_drain();
}

TEST_F(WorkerTest, WhatTheLedgerDidNotTakeIsNotCounted) {
  create(1);
  Finished finished = one_copied();
  finished.lines.add({.key = "k", .outcome = ledger::Outcome::copied});
  scripts_["job"] = [&](JobContext*) { return succeed(finished); };
  ledger_.failure = Error{ErrorCode::permission_denied, "not yours", ""};
  start();
  ASSERT_TRUE(drive([&] { return state_.runs().find_run("run")->waiting.has_value(); }));
  EXPECT_EQ(copied(), 0);
  EXPECT_EQ(state_.runs().find_run("run")->waiting->text, "not yours");
  EXPECT_FALSE(result_.has_value());  // it serves other runs, too
  ledger_.failure.reset();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(copied(), 1);
  stop_and_drain();
}

TEST_F(WorkerTest, AnAdvanceThatTheLedgerDidNotTakeLetsTheRunWait) {
  create(1);
  scripts_["job"] = [](JobContext* context) { return advance_then_work(context); };
  ledger_.failure = Error{ErrorCode::unavailable, "no space", ""};
  start();
  ASSERT_TRUE(drive([&] { return state_.runs().find_run("run")->waiting.has_value(); }));
  EXPECT_EQ(copied(), 0);
  EXPECT_FALSE(result_.has_value());
  ledger_.failure.reset();
  ASSERT_TRUE(drive([&] { return copied() == 1; }));
  stop_and_drain();
}

TEST_F(WorkerTest, AdvanceKeepsTheLeaseAndWhatWasDone) {
  create(1);
  scripts_["job"] = [](JobContext* context) { return advance_then_work(context); };
  start();
  ASSERT_TRUE(drive([&] { return copied() == 1; }));
  EXPECT_EQ(ledger_.copied_when_written, (std::vector<std::int64_t>{0}));
  const TimePoint advanced_at = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > advanced_at + 2min; }));
  EXPECT_TRUE(claim_as_another().empty());
  EXPECT_TRUE(stop_and_drain().has_value());
  const std::vector<state::Job> rest = claim_as_another();
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].payload, "second");
  EXPECT_EQ(copied(), 1);
}

TEST_F(WorkerTest, NothingIsStartedNearTheEndOfTheLease) {
  state::Job job;
  JobContext context({clock_, state_, ledger_, blocking_}, job, clock_.monotonic_now() + 10s);
  EXPECT_TRUE(context.may_start());
  clock_.advance(10s);
  EXPECT_FALSE(context.may_start());
  context.extend_lease(clock_.monotonic_now() + 10s);
  EXPECT_TRUE(context.may_start());
  context.lose_lease();
  EXPECT_FALSE(context.may_start());
}

TEST_F(WorkerTest, TheMarginOfTheLeaseIsKept) {
  create(1);
  JobContext* held = nullptr;
  scripts_["job"] = [&](JobContext* context) {
    held = context;
    return work_until_stopped(context, true, nullptr);
  };
  start();
  ASSERT_TRUE(drive([&] { return held != nullptr; }));
  clock_.advance(options_.lease - options_.lease_margin - 1ms);
  EXPECT_TRUE(held->may_start());
  clock_.advance(1ms);
  EXPECT_FALSE(held->may_start());
  stop_and_drain();
}

}  // namespace
}  // namespace dth::engine::testing
