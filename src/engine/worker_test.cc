#include "engine/worker.h"

#include <functional>
#include <map>

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "engine/testing/breakable_state.h"
#include "state/sqlite_state.h"

namespace dth::engine {
namespace {

using namespace std::chrono_literals;
using state::Counter;
using testing::BreakableState;

using Answer = Async<Result<Finished>>;

Finished one_copied() {
  Finished finished;
  finished.effects.counts[Counter::copied] = 1;
  return finished;
}

// What the jobs of these tests do. None of them captures anything.
Answer succeed(Finished finished) { co_return finished; }
Answer fail(Error error) { co_return error; }

Answer sleep_then_finish(JobContext* context, std::chrono::milliseconds time, Finished finished) {
  auto slept = co_await context->clock().sleep_for(time);
  if (slept.has_error()) co_return slept.error();
  co_return finished;
}
Answer sleep_then_succeed(JobContext* context, std::chrono::milliseconds time) {
  return sleep_then_finish(context, time, one_copied());
}

// Looks once a second whether it is to stop; then does as `hand_back` says.
Answer work_until_stopped(JobContext* context, bool hand_back, bool* may_start) {
  while (!context->stop_requested()) {
    auto slept = co_await context->clock().sleep_for(1s);
    if (slept.has_error()) co_return slept.error();
  }
  if (may_start) *may_start = context->may_start();
  if (hand_back) co_return cancelled_error();
  co_return one_copied();
}

Answer advance_then_work(JobContext* context) {
  Finished step = one_copied();
  ledger::Line line;
  line.key = "k";
  line.outcome = "copied";
  step.lines.add(line);
  std::string payload = "second";
  auto advanced = co_await context->advance(std::move(payload), std::move(step.effects), std::move(step.lines));
  if (advanced.has_error()) co_return advanced.error();
  co_return co_await work_until_stopped(context, true, nullptr);
}

Answer wait_for_room(JobContext* context) {
  auto room = co_await context->wait_for_room("other", 3);
  if (room.has_error()) co_return room.error();
  co_return one_copied();
}

// Looks at the state while it is appended to.
class WatchingLedger final : public ledger::Ledger {
 public:
  explicit WatchingLedger(state::State& state) : state_(state) {}
  Result<state::Segment> append(const std::string& run, const ledger::LineBuffer& lines) override {
    if (failure) return *failure;
    copied_when_written.push_back(state_.find_run(run)->counts[Counter::copied]);
    state::Segment segment;
    segment.file = "f";
    segment.items = lines.items();
    return segment;
  }
  std::vector<std::int64_t> copied_when_written;
  std::optional<Error> failure;

 private:
  state::State& state_;
};

class WorkerTest : public ::testing::Test, public RunnerProvider, public JobRunner {
 protected:
  WorkerTest() : work_(context_.get_executor()) {
    options_.name = "worker";
    options_.slots = {{"job", 1}};
  }

  ~WorkerTest() override {
    if (worker_ && !result_) stop_and_drain(true);
  }

  // A run of `count` jobs.
  void create(int count, const std::string& kind = "job") {
    std::vector<state::NewJob> jobs;
    for (int i = 0; i < count; ++i) jobs.push_back({.kind = kind, .payload = "first"});
    ASSERT_TRUE(state_.create_run({"run", "kind", "{}"}, jobs, clock_.now()).has_value());
  }

  void start() {
    worker_ = std::make_unique<Worker>(EngineServices{clock_, state_, ledger_, blocking_}, context_.get_executor(), *this, options_);
    scope_ = std::make_unique<AsyncScope>(context_.get_executor());
    scope_->spawn(serve());
  }

  // Drives everything until `done`; false where that does not come.
  bool drive(const std::function<bool()>& done) {
    for (int step = 0; step < 200'000; ++step) {
      if (done()) return true;
      if (context_.poll_one() == 0 && !clock_.wake_next()) return false;
    }
    return false;
  }
  bool drive_until_drained() {
    return drive([this] { return result_ || state_.progress("run")->backlog.empty(); });
  }
  Result<void> stop_and_drain(bool cut_off = false) {
    if (cut_off) {
      worker_->cancel();
    } else {
      worker_->request_stop();
    }
    EXPECT_TRUE(drive([this] { return result_.has_value() && scope_->size() == 0; }));
    return result_.value_or(cancelled_error());
  }

  std::vector<state::Job> claim_as_another() {
    return state_.claim({.worker = "another", .run = "run", .kind = "job", .count_max = 10, .now = clock_.now(), .lease_until = clock_.now() + 60s})
        .value();
  }
  std::int64_t copied() { return state_.find_run("run")->counts[Counter::copied]; }
  state::Run end_run() {
    EXPECT_TRUE(state_.end_run_if_drained("run", clock_.now()).value());
    return state_.find_run("run").value();
  }

  Async<Result<JobRunner*>> runner_for(const state::Job&) override { co_return this; }
  Async<Result<Finished>> execute(JobContext& context) override {
    ++executions_;
    executed_at_.push_back(clock_.monotonic_now());
    attempts_.push_back(context.job().attempts);
    return scripts_.at(context.job().kind)(&context);
  }
  state::Counts take_request_counts() override { return {}; }
  Async<Result<void>> settle(EngineServices, std::string) override { co_return Result<void>(); }

  SimulatedClock clock_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::unique_ptr<state::State> sqlite_ = state::open_sqlite_state({":memory:", false, false}).value();
  BreakableState state_{*sqlite_};
  WatchingLedger ledger_{*sqlite_};
  InlineExecutor blocking_;
  WorkerOptions options_;
  std::map<std::string, std::function<Answer(JobContext*)>> scripts_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<AsyncScope> scope_;
  std::optional<Result<void>> result_;
  int executions_ = 0;
  std::vector<MonotonicTime> executed_at_;
  std::vector<int> attempts_;

 private:
  Async<void> serve() { result_ = co_await worker_->run(); }
};

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
  scripts_["job"] = [&](JobContext* context) { return work_until_stopped(context, false, &may_start); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  clock_.advance(100s);  // this process stood still
  const std::vector<state::Job> stolen = claim_as_another();
  ASSERT_EQ(stolen.size(), 1u);
  ASSERT_TRUE(drive([&] { return (ended = worker_->jobs_in_hand() == 0); }));
  EXPECT_FALSE(may_start);
  EXPECT_EQ(copied(), 0);
  EXPECT_FALSE(result_.has_value()) << "the worker goes on with other jobs";
  EXPECT_TRUE(state_.finish(stolen[0].lease, one_copied().effects, clock_.now()).has_value());
  EXPECT_EQ(copied(), 1);
  EXPECT_TRUE(stop_and_drain().has_value());
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

TEST_F(WorkerTest, WhoIsNotLetInAnyMoreStopsAndFailsNothing) {
  create(3);
  options_.slots = {{"job", 2}};
  scripts_["job"] = [](JobContext* context) {
    if (context->job().lease.job == 1) return fail({ErrorCode::unauthenticated, "expired", ""});
    return sleep_then_succeed(context, 2s);
  };
  start();
  ASSERT_TRUE(drive([this] { return result_.has_value(); }));
  EXPECT_EQ(result_->error().message, "expired");
  EXPECT_EQ(executions_, 2) << "nothing more was claimed";
  EXPECT_EQ(copied(), 1) << "what was in hand ended in good order";
  const state::Run run = state_.find_run("run").value();
  EXPECT_FALSE(is_over(run.state));
  EXPECT_EQ(run.error, "");
  EXPECT_EQ(state_.backlog("run", "job")->jobs, 2);
}

// A continuation belongs to a group, but is no member of it: it must not leave a result.
TEST_F(WorkerTest, AContinuationMayFailTheRun) {
  create(1, "plan");
  options_.slots = {{"plan", 1}, {"member", 1}, {"last", 1}};
  scripts_["plan"] = [](JobContext*) {
    Finished finished;
    finished.effects.groups.push_back({.members = {{.kind = "member", .payload = ""}}, .continuation = {.kind = "last", .payload = ""}});
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
    ASSERT_EQ(claim_as_another().size(), 1u);
    ASSERT_TRUE(state_.release_all_leases(clock_.now()).has_value());
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
  line.outcome = "copied";
  finished.lines.add(line);
  scripts_["job"] = [&](JobContext*) { return succeed(finished); };
  start();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(ledger_.copied_when_written, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(copied(), 1);
  EXPECT_EQ(state_.segments("run")->size(), 1u);
  stop_and_drain();
}

TEST_F(WorkerTest, WhatTheLedgerDidNotTakeIsNotCounted) {
  create(1);
  Finished finished = one_copied();
  finished.lines.add({.key = "k", .outcome = "copied"});
  scripts_["job"] = [&](JobContext*) { return succeed(finished); };
  ledger_.failure = Error{ErrorCode::unavailable, "no space", ""};
  start();
  ASSERT_TRUE(drive([&] { return result_.has_value(); }));
  EXPECT_EQ(result_->error().message, "no space");
  EXPECT_EQ(copied(), 0);
}

TEST_F(WorkerTest, TheBacklogIsBounded) {
  std::vector<state::NewJob> jobs = {{.kind = "job", .payload = ""},
                                     {.kind = "other", .payload = "", .items = 2},
                                     {.kind = "other", .payload = "", .items = 2}};
  ASSERT_TRUE(state_.create_run({"run", "kind", "{}"}, jobs, clock_.now()).has_value());
  scripts_["job"] = [](JobContext* context) { return wait_for_room(context); };
  start();
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 1min; }));
  EXPECT_EQ(copied(), 0);
  auto others = state_.claim({.worker = "another", .kind = "other", .now = clock_.now(), .lease_until = clock_.now() + 60s});
  ASSERT_TRUE(state_.finish(others->at(0).lease, {}, clock_.now()).has_value());
  ASSERT_TRUE(drive([&] { return copied() == 1; }));
  stop_and_drain();
}

TEST_F(WorkerTest, WhoWaitsForRoomIsStopped) {
  std::vector<state::NewJob> jobs = {{.kind = "job", .payload = ""}, {.kind = "other", .payload = "", .items = 5}};
  ASSERT_TRUE(state_.create_run({"run", "kind", "{}"}, jobs, clock_.now()).has_value());
  scripts_["job"] = [](JobContext* context) { return wait_for_room(context); };
  start();
  ASSERT_TRUE(drive([&] { return executions_ == 1; }));
  EXPECT_TRUE(stop_and_drain().has_value());
  EXPECT_EQ(claim_as_another().size(), 1u);
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

// The worker's share: the margin, counted from before the claim was asked for.
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
}  // namespace dth::engine
