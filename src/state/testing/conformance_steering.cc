#include <random>

#include "state/testing/state_conformance.h"

// What is decided of a run from outside while others work on it.
namespace dth::state::testing {
namespace {

NewRun alike(const std::string& id) {
  return {.id = id, .kind = "object_copy", .spec = "{}", .identity = "copy a b"};
}

}  // namespace

TEST_P(StateConformance, SecondUnfinishedRunOfOneIdentityIsRefused) {
  ASSERT_OK(state().runs().create_run(alike("r1"), {}, at(0)));
  auto another = open_another();
  auto refused = another->runs().create_run(alike("r2"), {}, at(1));
  EXPECT_CODE(refused, already_exists);
  EXPECT_NE(why(refused).find("run r1 "), std::string::npos) << why(refused);
  EXPECT_CODE(state().runs().find_run("r2"), not_found);
  NewRun other = alike("r3");
  other.identity = "copy a c";
  ASSERT_OK(another->runs().create_run(other, {}, at(1)));
}

TEST_P(StateConformance, RunOfTheSameIdentityFollowsOneThatIsOverOrCancelled) {
  ASSERT_OK(state().runs().create_run(alike("r1"), {}, at(0)));
  ASSERT_OK(state().runs().end_run(take_close(1).lease, at(1)));
  ASSERT_OK(state().runs().create_run(alike("r2"), {{.kind = "copy", .payload = ""}}, at(2)));
  take(2, 1);
  ASSERT_OK(state().runs().request_cancel("r2", at(3)));
  ASSERT_OK(state().runs().create_run(alike("r3"), {}, at(4)));
  EXPECT_CODE(state().runs().create_run(alike("r4"), {}, at(5)), already_exists);
}

// What an index of PostgreSQL does not take as it is.
TEST_P(StateConformance, IdentityMayBeLong) {
  NewRun run = alike("r1");
  std::minstd_rand random(1);
  for (int i = 0; i < 20'000; ++i) run.identity += static_cast<char>('!' + random() % 90);
  ASSERT_OK(state().runs().create_run(run, {}, at(0)));
  run.id = "r2";
  EXPECT_CODE(state().runs().create_run(run, {}, at(1)), already_exists);
  run.identity += "!";
  ASSERT_OK(state().runs().create_run(run, {}, at(1)));
}

TEST_P(StateConformance, RunsWithoutAnIdentityHaveTheirLike) {
  NewRun run = alike("r1");
  run.identity = "";
  ASSERT_OK(state().runs().create_run(run, {}, at(0)));
  run.id = "r2";
  ASSERT_OK(state().runs().create_run(run, {}, at(0)));
}

TEST_P(StateConformance, WhereARunComesFromIsKept) {
  NewRun run = alike("r1");
  run.origin = {.trigger = RunTrigger::schedule, .by = "hub", .task = "task_1", .number = 3};
  ASSERT_OK(state().runs().create_run(run, {}, at(0)));
  EXPECT_EQ(state().runs().find_run("r1")->origin, run.origin);
  ASSERT_OK(state().runs().create_run({.id = "r2", .kind = "k", .spec = "{}"}, {}, at(0)));
  EXPECT_EQ(state().runs().find_run("r2")->origin, RunOrigin{});
}

TEST_P(StateConformance, NumberOfATasksRunIsUsedOnce) {
  NewRun run{.id = "r1", .kind = "k", .spec = "{}"};
  run.origin = {.trigger = RunTrigger::manual, .task = "task_1", .number = 1};
  ASSERT_OK(state().runs().create_run(run, {}, at(0)));
  run.id = "r2";
  EXPECT_TRUE(state().runs().create_run(run, {}, at(0)).has_error());
  EXPECT_CODE(state().runs().find_run("r2"), not_found);
  run.origin.number = 2;
  ASSERT_OK(state().runs().create_run(run, {}, at(0)));
}

TEST_P(StateConformance, RunMayWaitForAnApproval) {
  create_run("r1", 1);
  const Waiting waiting{WaitingFor::approval, "approve", at(0), at(1000)};
  ASSERT_OK(state().runs().wait("r1", 0, waiting));
  EXPECT_EQ(state().runs().find_run("r1")->waiting, waiting);
}

TEST_P(StateConformance, RunThatIsTriedAndWaitsForTheSameAgainWaitsSinceTheFirstTime) {
  create_run("r1", 2);
  const auto wait = [&](WaitingFor what, int since) {
    ASSERT_OK(state().runs().wait("r1", 0, {what, "why", at(since), at(since + 60)}));
  };
  const auto since = [&] { return state().runs().find_run("r1")->waiting->since; };
  wait(WaitingFor::credential, 5);
  ASSERT_EQ(take(65, 1).size(), 1u);
  wait(WaitingFor::credential, 70);
  EXPECT_EQ(since(), at(5));
  ASSERT_OK(state().runs().resume("r1"));
  ASSERT_OK(state().runs().wait("r1", 1, {WaitingFor::credential, "why", at(80), at(140)}));
  EXPECT_EQ(since(), at(5)) << "it still waits for the same thing";
  ASSERT_OK(state().runs().wait("r1", 1, {WaitingFor::space, "why", at(90), at(150)}));
  EXPECT_EQ(since(), at(90));
  ASSERT_EQ(take(150, 1).size(), 1u);
  const int later =
      150 +
      static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(waiting_gap_max).count());
  ASSERT_OK(state().runs().wait("r1", 1, {WaitingFor::space, "why", at(later), at(later + 60)}));
  EXPECT_EQ(since(), at(later)) << "it worked in between";
}

TEST_P(StateConformance, WhatFailedBeforeARunWasResumedDoesNotLetItWait) {
  create_run("r1", 2);
  const Job old = take(0, 1).at(0);
  const Waiting waiting{WaitingFor::credential, "denied", at(1), at(1000)};
  EXPECT_EQ(old.run_epoch, 0);
  ASSERT_OK(state().runs().resume("r1"));
  EXPECT_EQ(state().runs().find_run("r1")->epoch, 0) << "there was nothing to resume";
  ASSERT_OK(state().runs().wait("r1", old.run_epoch, waiting));
  ASSERT_OK(state().runs().resume("r1"));
  EXPECT_EQ(state().runs().find_run("r1")->epoch, 1);
  EXPECT_CODE(state().runs().wait("r1", old.run_epoch, waiting), precondition_failed);
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  reopen();
  const Job fresh = take(2, 1).at(0);
  EXPECT_EQ(fresh.run_epoch, 1);
  ASSERT_OK(state().runs().wait("r1", fresh.run_epoch, waiting));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::waiting);
}

TEST_P(StateConformance, TryAgainByItselfIsNotResumed) {
  create_run("r1", 2);
  ASSERT_OK(state().runs().wait("r1", 0, {WaitingFor::store, "away", at(0), at(10)}));
  EXPECT_EQ(take(10, 1).at(0).run_epoch, 0);
  EXPECT_EQ(state().runs().find_run("r1")->epoch, 0);
}

TEST_P(StateConformance, WorkerLearnsThatItIsToDrain) {
  ASSERT_OK(state().workers().register_worker({.id = "w1"}, at(0)));
  EXPECT_EQ(state().workers().is_draining("w1").value(), false);
  ASSERT_OK(open_another()->workers().drain("w1"));
  EXPECT_EQ(state().workers().is_draining("w1").value(), true);
  ASSERT_OK(state().workers().remove("w1", at(1)));
  EXPECT_CODE(state().workers().is_draining("w1"), not_found);
  EXPECT_CODE(state().workers().drain("w1"), not_found);
}

}  // namespace dth::state::testing
