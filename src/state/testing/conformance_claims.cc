#include <thread>

#include "state/testing/state_conformance.h"

// Claims of many runs by many lanes, and what keeps a run from being claimed.
namespace dth::state::testing {

TEST_P(StateConformance, RunsTakeTurnsHoweverManyJobsOneHas) {
  create_run("great", 10'000);
  create_run("small", 1);
  auto jobs = take(0, 8);
  ASSERT_EQ(jobs.size(), 8u);
  EXPECT_EQ(jobs[0].run, "great");
  EXPECT_EQ(jobs[1].run, "small");
  // What is held counts: another lane begins with the run that has least.
  create_run("late", 3);
  auto more = take(0, 3, 1);
  ASSERT_EQ(more.size(), 3u);
  for (const Job& job : more) EXPECT_EQ(job.run, "late");
}

TEST_P(StateConformance, WeightsShareTheClaims) {
  create_run("one", 100, {}, 1);
  create_run("three", 100, {}, 3);
  std::map<std::string, int> taken;
  for (int lane = 0; lane < 5; ++lane) {
    for (const Job& job : take(0, 8, lane)) ++taken[job.run];
  }
  EXPECT_EQ(taken["one"], 10);
  EXPECT_EQ(taken["three"], 30);
  EXPECT_EQ(state().runs().find_run("three")->weight, 3);
  for (const int weight : {0, -1, weight_max + 1}) {
    EXPECT_CODE(state().runs().create_run({.id = "r", .kind = "k", .spec = "", .weight = weight},
                                          {}, at(0)),
                invalid_argument);
  }
}

TEST_P(StateConformance, KindsAreTakenInTheOrderAskedAndUpToTheRoomOfALane) {
  ASSERT_OK(state().runs().create_run(
      {.id = "r1", .kind = "k", .spec = ""},
      {{.kind = "copy", .payload = "c1"},
       {.kind = "scan", .payload = "s1"},
       {.kind = "copy", .payload = "c3", .items = 0, .group = {}, .priority = 1},
       {.kind = "scan", .payload = "s2"},
       {.kind = "copy", .payload = "c2"}},
      at(0)));
  ClaimRequest request{
      .worker = "w", .scope = {.anybody = true}, .kinds = {{"scan", 1}, {"copy", 2}}};
  request.count_max = 8;
  request.now = at(0);
  request.lease_until = at(60);
  const auto payloads = [&] {
    std::string all;
    auto jobs = state().jobs().claim(request);
    EXPECT_TRUE(jobs.has_value());
    if (jobs.has_value()) {
      for (const Job& job : *jobs) all += job.payload + " ";
    }
    return all;
  };
  EXPECT_EQ(payloads(), "s1 c3 c1 ");
  EXPECT_EQ(payloads(), "") << "what the lane holds counts";
  request.lane = 1;
  EXPECT_EQ(payloads(), "s2 c2 ");
  request.worker = "another";
  EXPECT_EQ(payloads(), "");
  request.now = at(61);
  request.lease_until = at(120);
  EXPECT_EQ(payloads(), "s1 c3 c1 ") << "expired leases are given away";
}

TEST_P(StateConformance, TurnsHaveBounds) {
  create_run("r1", 1);
  ClaimRequest request{.worker = "w", .scope = {.anybody = true}, .kinds = {{"copy", 9}}};
  for (const std::uint32_t wrong : {0u, claim_count_max + 1}) {
    request.count_max = wrong;
    EXPECT_CODE(state().jobs().claim(request), invalid_argument);
  }
}

TEST_P(StateConformance, ClaimThatFindsNothingWritesNothing) {
  create_run("r1", 1);
  take(0, 1);
  const auto before = state().transactions();
  EXPECT_TRUE(take(0, 1).empty());
  EXPECT_EQ(*state().jobs().insert_missing_close_jobs(at(0)), 0);
  EXPECT_TRUE(state().workers().free_dead(at(0))->empty());
  EXPECT_EQ(state().transactions(), before);
}

TEST_P(StateConformance, PlacementSaysWhoMayClaim) {
  create_run("anybody", 1);
  create_run("eu", 1, {Placement::Kind::label, "eu"});
  create_run("p1", 1, {Placement::Kind::process, "p1"});
  const auto claimable = [&](const ClaimScope& scope) {
    std::string runs;
    for (const Job& job : take(0, 9, 0, scope)) {
      runs += job.run + " ";
      EXPECT_TRUE(state().jobs().release(job.lease, at(0), true).has_value());
    }
    return runs;
  };
  EXPECT_EQ(claimable({.process = "p2", .labels = {}, .anybody = true}), "anybody ");
  EXPECT_EQ(claimable({.process = "p1", .labels = {}, .anybody = false}), "p1 ");
  EXPECT_EQ(claimable({.process = "", .labels = {"us", "eu"}, .anybody = true}), "anybody eu ");
  EXPECT_EQ(claimable({.process = "eu", .labels = {"p1"}, .anybody = false}), "");

  const Placement first{Placement::Kind::process, "p1"}, second{Placement::Kind::process, "p2"};
  EXPECT_EQ(state().runs().find_run("p1")->placement, first);
  ASSERT_OK(state().runs().place("p1", first, second));
  EXPECT_CODE(state().runs().place("p1", first, {}), precondition_failed);
  EXPECT_EQ(state().runs().find_run("p1")->placement, second);
  EXPECT_CODE(state().runs().place("nope", first, second), not_found);
}

TEST_P(StateConformance, PausedRunIsNotClaimedAndItsHoldersLearnOfIt) {
  create_run("r1", 2);
  const Job held = take(0, 1).at(0);
  for (int i = 0; i < 2; ++i) ASSERT_OK(state().runs().pause("r1"));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::paused);
  EXPECT_TRUE(take(0, 9).empty());
  EXPECT_TRUE(take(500, 9).empty()) << "an expired lease of a paused run was given away";
  EXPECT_EQ(state().jobs().renew({held.lease}, at(1), at(60))->at(0).stop, Renewal::Stop::pause);
  ASSERT_OK(state().jobs().release(held.lease, at(1), true));
  EXPECT_EQ(backlog("r1").jobs, 2);
  for (int i = 0; i < 2; ++i) ASSERT_OK(state().runs().resume("r1"));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  EXPECT_EQ(take(2, 9).size(), 2u);
}

TEST_P(StateConformance, PausedRunIsNotClosedUntilItIsResumed) {
  create_run("r1", 1);
  const Job held = take(0, 1).at(0);
  ASSERT_OK(state().runs().pause("r1"));
  finish(held);
  EXPECT_TRUE(take(0, 9).empty());
  ASSERT_OK(state().runs().resume("r1"));
  ASSERT_OK(state().runs().end_run(take_close(0).lease, at(1)));
}

TEST_P(StateConformance, PausedRunCanBeCancelled) {
  create_run("r1", 1);
  ASSERT_OK(state().runs().pause("r1"));
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  EXPECT_CODE(state().runs().resume("r1"), precondition_failed);
  EXPECT_CODE(state().runs().pause("r1"), precondition_failed);
  ASSERT_OK(state().runs().end_run(take_close(1).lease, at(2)));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::cancelled);
  EXPECT_CODE(state().runs().resume("r1"), precondition_failed);
  EXPECT_CODE(state().runs().pause("r1"), precondition_failed);
  EXPECT_CODE(state().runs().place("r1", {}, {}), precondition_failed);
}

TEST_P(StateConformance, WaitingRunIsClaimedAgainWhenItsTimeHasCome) {
  create_run("r1", 2);
  create_run("r2", 1);
  take(0, 1);
  Waiting waiting{WaitingFor::credential, "denied: renew it", at(5), at(100)};
  ASSERT_OK(state().runs().wait("r1", 0, waiting));
  reopen();
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::waiting);
  EXPECT_EQ(state().runs().find_run("r1")->waiting, waiting);
  auto jobs = take(99, 9, 1);
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].run, "r2");
  // Another lane meets the same: since when it waits stays.
  waiting.since = at(7);
  waiting.until = at(120);
  ASSERT_OK(state().runs().wait("r1", 0, waiting));
  EXPECT_EQ(state().runs().find_run("r1")->waiting->since, at(5));
  EXPECT_TRUE(take(119, 9, 1).empty());
  EXPECT_FALSE(take(120, 9, 1).empty());
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  EXPECT_EQ(state().runs().find_run("r1")->waiting, std::nullopt);
}

TEST_P(StateConformance, WaitingRunGoesOnAtOnceWhenItIsResumed) {
  create_run("r1", 1);
  ASSERT_OK(state().runs().wait("r1", 0, {WaitingFor::space, "full", at(0), at(1000)}));
  EXPECT_TRUE(take(1, 1).empty());
  ASSERT_OK(state().runs().resume("r1"));
  EXPECT_EQ(take(1, 1).size(), 1u);
}

TEST_P(StateConformance, RunThatIsPausedCancelledOrOverDoesNotBeginToWait) {
  const Waiting waiting{WaitingFor::store, "away", at(0), at(1000)};
  create_run("r1", 1);
  ASSERT_OK(state().runs().pause("r1"));
  ASSERT_OK(state().runs().wait("r1", 0, waiting));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::paused);
  create_run("r2", 1);
  ASSERT_OK(state().runs().wait("r2", 0, waiting));
  ASSERT_OK(state().runs().request_cancel("r2", at(1)));
  ASSERT_OK(state().runs().wait("r2", 0, waiting));
  ASSERT_OK(state().runs().end_run(take_close(2).lease, at(3)));
  ASSERT_OK(state().runs().wait("r2", 0, waiting));
  EXPECT_EQ(state().runs().find_run("r2")->state, RunState::cancelled);
  EXPECT_EQ(state().runs().find_run("r2")->waiting, std::nullopt);
  EXPECT_CODE(state().runs().wait("nope", 0, waiting), not_found);
}

// Another's clock is an hour ahead: it takes what is held here for expired. The work is done twice
// at worst, and counted once.
TEST_P(StateConformance, ClocksThatDifferByAnHourCountNothingTwice) {
  auto another = open_another();
  create_run("r1", 1);
  const Job ours = take(0, 1).at(0);
  ClaimRequest request = claim_request(3600, 1, 0);
  request.worker = "ahead";
  auto theirs = another->jobs().claim(request);
  ASSERT_OK(theirs);
  ASSERT_EQ(theirs->size(), 1u);
  EXPECT_FALSE(state().jobs().renew({ours.lease}, at(1), at(61))->at(0).held);
  EXPECT_CODE(state().jobs().finish(ours.lease, {.counts = count(Counter::copied, 1)}, at(1)),
              precondition_failed);
  ASSERT_OK(
      another->jobs().finish(theirs->at(0).lease, {.counts = count(Counter::copied, 1)}, at(3601)));
  ASSERT_OK(state().runs().end_run(take_close(1).lease, at(2)));
  EXPECT_EQ(counts("r1")[Counter::copied], 1);
}

TEST_P(StateConformance, TwoConnectionsShareTheJobsOfARun) {
  auto another = open_another();
  constexpr int total = 200;
  create_run("r1", total);
  const auto work = [&](State* by, const std::string& worker) {
    ClaimRequest request = claim_request(0, 4, 0);
    request.worker = worker;
    for (;;) {
      auto jobs = by->jobs().claim(request);
      ASSERT_OK(jobs);
      if (jobs->empty()) break;
      for (const Job& job : *jobs) {
        if (job.kind == close_job_kind) {
          ASSERT_OK(by->runs().end_run(job.lease, at(1)));
          return;
        }
        ASSERT_OK(by->jobs().finish(job.lease, {.counts = count(Counter::copied, 1)}, at(1)));
      }
    }
  };
  std::thread thread(work, another.get(), "two");
  work(&state(), "one");
  thread.join();
  work(&state(), "one");
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::succeeded);
  EXPECT_EQ(counts("r1")[Counter::copied], total);
}

}  // namespace dth::state::testing
