// How runs end that have left something open, and whose stores cannot be used.
#include "engine/testing/worker_fixture.h"

namespace dth::engine::testing {
namespace {

// Uploads that a run left open, as its close job finds them.
class ClosingTest : public WorkerTest {
 protected:
  ClosingTest() {
    options_.sealer = &sealer_;
    options_.retry_pause = 1s;
    scripts_["job"] = [](JobContext* context) { return leave_upload_open(context); };
  }

  // Records the intent of an upload, and ends.
  static Answer leave_upload_open(JobContext* context) {
    const TimePoint now = context->clock().now();
    const state::Lease lease = context->job().lease;
    auto recorded = co_await context->with_state([&](state::State& state) {
      return state.uploads().record_upload_intent(lease, {"key", "plan"}, now);
    });
    if (recorded.has_error()) co_return recorded.error();
    co_return one_copied();
  }

  CountingSealer sealer_;
};

TEST_F(ClosingTest, UploadsThatCannotBeAbortedAreLeftOpenForPeople) {
  create(1);
  settle_result_ = Error{ErrorCode::unavailable, "the store hangs up", ""};
  start();
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  EXPECT_EQ(settled_, options_.errors_max);
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::completed_with_failures);
  const auto uploads = state_.uploads().open_uploads("run", "").value();
  ASSERT_EQ(uploads.size(), 1u);
  EXPECT_EQ(uploads[0].left_open, "the store hangs up");
  stop_and_drain();
}

TEST_F(ClosingTest, WhatEndsARunIsNotCutOffWithIt) {
  create(1);
  options_.on_run_ended = [this](const auto&) { worker_->request_stop(); };
  start();
  ASSERT_TRUE(drive([this] {
    worker_->cancel_run("run");
    return is_over(state_.runs().find_run("run")->state);
  }));
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::succeeded);
}

TEST_F(ClosingTest, WithoutCredentialsTheRunWaitsWithItsEnd) {
  create(1);
  settle_result_ = Error{ErrorCode::unauthenticated, "expired", ""};
  start();
  ASSERT_TRUE(drive([this] { return state_.runs().find_run("run")->waiting.has_value(); }));
  EXPECT_EQ(state_.runs().find_run("run")->waiting->what, state::WaitingFor::credential);
  EXPECT_TRUE(sealer_.states.empty());
  settle_result_ = Result<void>();
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  stop_and_drain();
}

TEST_F(ClosingTest, AStoreThatIsGivenUpIsAskedAgainAfterAPause) {
  create(1);
  Error gone = cancelled_error();
  gone.reason = ErrorReason::unreachable;
  settle_result_ = gone;
  start();
  ASSERT_TRUE(drive([this] { return settled_ > 0; }));
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 50s; }));
  EXPECT_EQ(settled_, 1);
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::waiting);
  settle_result_ = Result<void>();
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  stop_and_drain();
}

TEST_F(ClosingTest, ALedgerThatIsGivenUpWhileItIsSealedIsAskedAgainAfterAPause) {
  create(1);
  scripts_["job"] = [](JobContext*) { return succeed(one_copied()); };
  sealer_.failure = Error{ErrorCode::cancelled, ErrorReason::unreachable, "the ledger is gone", ""};
  start();
  ASSERT_TRUE(drive([this] { return state_.runs().find_run("run")->waiting.has_value(); }));
  EXPECT_EQ(state_.runs().find_run("run")->waiting->text, "the ledger is gone");
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 50s; }));
  EXPECT_EQ(sealer_.refusals, 1) << "not again and again";
  sealer_.failure.reset();
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  stop_and_drain();
}

// That they cannot be opened says nothing of the uploads.
TEST_F(ClosingTest, WhileStoresCannotBeOpenedTheRunWaitsWithItsEnd) {
  create(1);
  scripts_["job"] = [this](JobContext* context) {
    opening_failures_["run"] = Error{ErrorCode::throttled, "slow down", ""};
    return leave_upload_open(context);
  };
  start();
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 10min; }));
  const state::Run run = state_.runs().find_run("run").value();
  ASSERT_EQ(run.state, state::RunState::waiting);
  EXPECT_EQ(run.waiting->what, state::WaitingFor::store);
  EXPECT_EQ(state_.uploads().open_uploads("run", "")->at(0).left_open, "");
  opening_failures_.clear();
  ASSERT_TRUE(drive([this] { return settled_ == 1; }));
  stop_and_drain();
}

// Nobody will let us in again, it may be, and that is why it was cancelled.
TEST_F(ClosingTest, ACancelledRunIsNotHeldUpByItsCredential) {
  create(1);
  settle_result_ = Error{ErrorCode::unauthenticated, "expired", ""};
  start();
  ASSERT_TRUE(drive([this] { return state_.runs().find_run("run")->waiting.has_value(); }));
  ASSERT_TRUE(state_.runs().request_cancel("run", clock_.now()).has_value());
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  EXPECT_LE(settled_, 1 + options_.errors_max) << "it is asked now and then, not all the time";
  EXPECT_LT(clock_.now() - begun, 5min);
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::cancelled);
  EXPECT_EQ(state_.uploads().open_uploads("run", "")->at(0).left_open, "expired");
  stop_and_drain();
}

TEST_F(ClosingTest, ACancelledRunIsNotHeldUpByStoresThatCannotBeOpened) {
  create(1);
  scripts_["job"] = [this](JobContext* context) {
    opening_failures_["run"] = Error{ErrorCode::unauthenticated, "expired", ""};
    return leave_upload_open(context);
  };
  start();
  ASSERT_TRUE(drive([this] { return state_.runs().find_run("run")->waiting.has_value(); }));
  ASSERT_TRUE(state_.runs().request_cancel("run", clock_.now()).has_value());
  ASSERT_TRUE(drive([this] { return is_over(state_.runs().find_run("run")->state); }));
  EXPECT_EQ(state_.runs().find_run("run")->state, state::RunState::cancelled);
  EXPECT_EQ(state_.uploads().open_uploads("run", "")->at(0).left_open, "expired");
  stop_and_drain();
}

// Over a weekend, say.
TEST_F(WorkerTest, WhileARunWaitsItsJobsAreNotBegun) {
  create(1);
  options_.attempts_max = 3;
  opening_failures_["run"] = Error{ErrorCode::unauthenticated, "expired", ""};
  scripts_["job"] = [](JobContext*) { return succeed(one_copied()); };
  start();
  const TimePoint begun = clock_.now();
  ASSERT_TRUE(drive([&] { return clock_.now() > begun + 10min; }));
  opening_failures_.clear();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_EQ(attempts_, std::vector<int>{1});
  stop_and_drain();
  EXPECT_EQ(end_run().state, state::RunState::succeeded);
}

// Of a ledger that is full, or of a destination: each time the job is begun, and goes back.
TEST_F(WorkerTest, HoweverOftenARunWaitsItsJobsAreNotGivenUp) {
  create(1);
  options_.attempts_max = 3;
  ledger_.failure = Error{ErrorCode::unavailable, "no space for the ledger", ""};
  std::vector<bool> attempted_before;
  scripts_["job"] = [&](JobContext* context) {
    attempted_before.push_back(context->attempted_before());
    if (executions_ % 2 == 0)
      return fail({ErrorCode::permission_denied, ErrorReason::destination_full, "full", ""});
    Finished finished = one_copied();
    finished.lines.add({.key = "k", .outcome = ledger::Outcome::copied});
    return succeed(std::move(finished));
  };
  const std::vector<std::string> warnings = {"what was learnt at first"};
  warnings_ = warnings;
  start();
  ASSERT_TRUE(drive([this] { return executions_ == 2; }));
  EXPECT_EQ(state_.records().warnings("run").value(), warnings) << "the ledger only takes lines";
  ASSERT_TRUE(drive([this] { return executions_ == 10; }));
  ledger_.failure.reset();
  ASSERT_TRUE(drive_until_drained());
  EXPECT_FALSE(attempted_before.at(0));
  EXPECT_TRUE(attempted_before.at(1)) << "something may have been written in the first";
  EXPECT_TRUE(attempted_before.at(9));
  stop_and_drain();
  const state::Run run = end_run();
  EXPECT_EQ(run.state, state::RunState::succeeded) << run.error;
  EXPECT_EQ(run.counts[Counter::copied], 1);
}

}  // namespace
}  // namespace dth::engine::testing
