#include <set>

#include "state/testing/state_conformance.h"

namespace dth::state::testing {

using namespace std::string_literals;

TEST_P(StateConformance, DepthsOfTheQueueAreByKind) {
  EXPECT_TRUE(state().jobs().depths(at(0))->empty());
  create_run("r1", 3);
  create_run("r2", 1);
  ASSERT_EQ(take(0, 1).size(), 1u);
  // Ages are by the database's clock.
  const auto depths = state().jobs().depths(SystemClock().now());
  ASSERT_OK(depths);
  ASSERT_EQ(depths->size(), 1u);
  const QueueDepth& found = depths->front();
  EXPECT_EQ(found.run_kind, "object_copy");
  EXPECT_EQ(found.kind, "copy");
  EXPECT_EQ(found.ready, 3);
  EXPECT_EQ(found.leased, 1);
  ASSERT_TRUE(found.oldest_age.has_value());
  EXPECT_LT(*found.oldest_age, std::chrono::minutes(5));
  ASSERT_EQ(take(0, 9).size(), 3u);
  EXPECT_EQ(state().jobs().depths(SystemClock().now())->at(0).oldest_age, std::nullopt);
}

TEST_P(StateConformance, ClaimGivesTheJobAsItWasMade) {
  const std::string payload = "\0\xff\n'\"\\ payload"s;
  ASSERT_OK(state().runs().create_run({.id = "r1", .kind = "object_copy", .spec = ""},
                                      {{.kind = "scan", .payload = payload, .items = 42}}, at(0)));
  reopen();
  const Job job = claim_one(7, "scan");
  EXPECT_EQ(job.run, "r1");
  EXPECT_EQ(job.run_kind, "object_copy");
  EXPECT_EQ(job.kind, "scan");
  EXPECT_EQ(job.payload, payload);
  EXPECT_EQ(job.items, 42);
  EXPECT_EQ(job.group, std::nullopt);
  EXPECT_EQ(job.attempts, 1);
  EXPECT_EQ(job.lease_until, at(67));
}

TEST_P(StateConformance, AJobMayWaitForItsTime) {
  create_run("r1", 1);
  NewJob later;
  later.kind = "copy";
  later.payload = "later";
  later.items = 3;
  later.not_before = at(200);
  finish(claim_one(0), {.jobs = {later}});
  reopen();
  EXPECT_EQ(state().jobs().backlog("r1", "copy")->items, 3);
  EXPECT_TRUE(claim(199, 1).empty());
  auto jobs = claim(200, 1);
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].payload, "later");
}

TEST_P(StateConformance, ClaimTakesNoOtherKind) {
  create_run("r1", 1);
  EXPECT_TRUE(claim(0, 5, "scan").empty());
  EXPECT_EQ(claim(0, 5, "copy").size(), 1u);
}

TEST_P(StateConformance, ClaimHasBounds) {
  create_run("r1", 100);
  EXPECT_EQ(claim(0, 64).size(), 64u);
  EXPECT_EQ(claim(0, 64).size(), 36u);
  EXPECT_EQ(claim(0, 64).size(), 0u);
}

TEST_P(StateConformance, ClaimsOfARunAreByPriorityThenAge) {
  ASSERT_OK(state().runs().create_run(
      {.id = "r1", .kind = "k", .spec = ""},
      {{.kind = "copy", .payload = "d"},
       {.kind = "copy", .payload = "a", .items = 0, .group = {}, .priority = 5},
       {.kind = "copy", .payload = "f", .items = 0, .group = {}, .priority = -1},
       {.kind = "copy", .payload = "e"},
       {.kind = "copy", .payload = "b", .items = 0, .group = {}, .priority = 5},
       {.kind = "copy", .payload = "c", .items = 0, .group = {}, .priority = 1}},
      at(0)));
  std::string order;
  for (const Job& job : claim(0, 2)) order += job.payload;
  for (const Job& job : claim(0, 9)) order += job.payload;
  EXPECT_EQ(order, "abcdef");
}

TEST_P(StateConformance, NoJobIsClaimedTwice) {
  create_run("r1", 30);
  std::set<JobId> seen;
  for (int i = 0; i < 10; ++i) {
    for (const Job& job : claim(0, 3)) EXPECT_TRUE(seen.insert(job.lease.job).second);
  }
  EXPECT_EQ(seen.size(), 30u);
  EXPECT_TRUE(claim(0).empty());
}

TEST_P(StateConformance, ExpiredLeaseIsGivenAwayAndTheOldHolderChangesNothing) {
  create_run("r1", 1);
  const Job first = claim_one(0);  // until 60
  EXPECT_TRUE(claim(60).empty()) << "a lease that ends now holds still";
  const Job second = claim_one(61);
  EXPECT_EQ(second.lease.job, first.lease.job);
  EXPECT_GT(second.lease.epoch, first.lease.epoch);
  EXPECT_EQ(second.attempts, 2);

  const Effects effects{.jobs = {{.kind = "copy", .payload = "x"}},
                        .groups = {{.members = {{.kind = "part", .payload = "p"}},
                                    .continuation = {.kind = "f", .payload = ""}}},
                        .counts = count(Counter::copied, 1),
                        .failures = {{.key = "k"}},
                        .segment = Segment{.file = "f", .length = 1},
                        .run_error = "no"};
  EXPECT_CODE(state().jobs().finish(first.lease, effects, at(62)), precondition_failed);
  EXPECT_CODE(state().jobs().advance(first.lease, "new", effects, at(62)), precondition_failed);
  EXPECT_CODE(state().jobs().release(first.lease, at(62), true), precondition_failed);
  EXPECT_CODE(state().uploads().record_upload_intent(first.lease, {.key = "k", .plan = ""}, at(62)),
              precondition_failed);
  auto renewals = state().jobs().renew({first.lease, second.lease}, at(62), at(200));
  ASSERT_OK(renewals);
  EXPECT_FALSE(renewals->at(0).held);
  EXPECT_TRUE(renewals->at(1).held);

  EXPECT_EQ(backlog("r1").jobs, 1);
  EXPECT_EQ(backlog("r1", "part").jobs, 0);
  EXPECT_TRUE(counts("r1").empty());
  EXPECT_TRUE(state().records().failures("r1", 0, 9)->empty());
  EXPECT_TRUE(state().records().segments("r1")->empty());
  EXPECT_TRUE(state().uploads().open_uploads("r1", "")->empty());
  EXPECT_EQ(state().runs().find_run("r1")->error, "");
  finish(second, {.counts = count(Counter::copied, 1)});
  EXPECT_EQ(counts("r1")[Counter::copied], 1);
}

TEST_P(StateConformance, LeaseThatRanOutButWasNotGivenAwayStillHolds) {
  create_run("r1", 1);
  const Job job = claim_one(0);
  auto renewals = state().jobs().renew({job.lease}, at(500), at(560));
  ASSERT_OK(renewals);
  EXPECT_TRUE(renewals->at(0).held);
  EXPECT_TRUE(claim(559).empty());
  finish(job);
}

TEST_P(StateConformance, FinishedJobCannotBeFinishedAgain) {
  create_run("r1", 1);
  const Job job = claim_one(0);
  finish(job, {.counts = count(Counter::copied, 1)});
  EXPECT_CODE(state().jobs().finish(job.lease, {.counts = count(Counter::copied, 1)}, at(1)),
              precondition_failed);
  EXPECT_CODE(state().jobs().advance(job.lease, "", {}, at(1)), precondition_failed);
  EXPECT_FALSE(state().jobs().renew({job.lease}, at(1), at(2))->at(0).held);
  EXPECT_EQ(counts("r1")[Counter::copied], 1);
}

TEST_P(StateConformance, IdsOfFinishedJobsAreNotUsedAgain) {
  create_run("r1", 1);
  const Job first = claim_one(0);
  finish(first);
  reopen();
  create_run("r2", 1);
  const Job second = claim_one(0);
  EXPECT_NE(first.lease.job, second.lease.job) << "a stale lease would fit a stranger's job";
}

TEST_P(StateConformance, LeaseWithAMadeUpEpochDoesNotHold) {
  create_run("r1", 1);
  Job job = claim_one(0);
  job.lease.epoch += 1;
  EXPECT_CODE(state().jobs().finish(job.lease, {}, at(1)), precondition_failed);
  job.lease.epoch -= 2;
  EXPECT_CODE(state().jobs().finish(job.lease, {}, at(1)), precondition_failed);
  EXPECT_CODE(state().jobs().finish({.job = 999'999, .epoch = 1}, {}, at(1)), precondition_failed);
}

TEST_P(StateConformance, AdvanceKeepsTheLeaseAndChangesThePayload) {
  create_run("r1", 1);
  const Job job = claim_one(0);
  ASSERT_OK(state().jobs().advance(job.lease, "\0page 2"s,
                                   {.jobs = {{.kind = "copy", .payload = "batch", .items = 10}},
                                    .counts = count(Counter::scanned, 1000)},
                                   at(1)));
  ASSERT_OK(state().jobs().advance(job.lease, "\0page 3"s, {.counts = count(Counter::scanned, 500)},
                                   at(2)));
  EXPECT_EQ(counts("r1")[Counter::scanned], 1500);
  EXPECT_EQ(backlog("r1").items, 11);
  auto again = claim(100, 9);  // the job's own lease ran out: it goes on from its last payload
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[0].payload, "\0page 3"s);
  EXPECT_EQ(again[1].payload, "batch");
}

TEST_P(StateConformance, ReleasedJobWaitsUntilItsTime) {
  create_run("r1", 1);
  const Job first = claim_one(0);
  ASSERT_OK(state().jobs().release(first.lease, at(30), false));
  EXPECT_CODE(state().jobs().finish(first.lease, {}, at(1)), precondition_failed);
  EXPECT_CODE(state().jobs().release(first.lease, at(1), false), precondition_failed);
  EXPECT_FALSE(state().jobs().renew({first.lease}, at(1), at(99))->at(0).held);
  EXPECT_TRUE(claim(29).empty());
  EXPECT_EQ(backlog("r1").jobs, 1);
  const Job second = claim_one(30);
  EXPECT_EQ(second.attempts, 2);
  EXPECT_GT(second.lease.epoch, first.lease.epoch);
  ASSERT_OK(state().jobs().release(second.lease, at(31), true));
  EXPECT_EQ(claim_one(31).attempts, 2) << "handing back in good order does not count";
}

TEST_P(StateConformance, NothingIsKeptOfAStepWithAWrongPart) {
  create_run("r1", 1);
  const Job job = claim_one(0);
  const Effects wrong{.jobs = {{.kind = "copy", .payload = "good"},
                               {.kind = "copy", .payload = "bad", .items = 0, .group = 12345}},
                      .counts = count(Counter::copied, 1),
                      .failures = {{.key = "k"}}};
  EXPECT_CODE(state().jobs().finish(job.lease, wrong, at(1)), invalid_argument);
  EXPECT_CODE(state().jobs().advance(job.lease, "new", wrong, at(1)), invalid_argument);
  EXPECT_CODE(state().jobs().finish(job.lease, {.group_result = "of no group"}, at(1)),
              invalid_argument);
  EXPECT_CODE(state().jobs().advance(job.lease, "new", {.group_result = "too early"}, at(1)),
              invalid_argument);
  EXPECT_CODE(
      state().jobs().finish(
          job.lease, {.groups = {{.members = {}, .continuation = {.kind = "f", .payload = ""}}}},
          at(1)),
      invalid_argument);
  EXPECT_EQ(backlog("r1").jobs, 1);
  EXPECT_TRUE(counts("r1").empty());
  EXPECT_TRUE(state().records().failures("r1", 0, 9)->empty());
  finish(job);  // the lease still holds
}

TEST_P(StateConformance, JobsOfAnOverRunAreNotClaimed) {
  create_run("r1", 2);
  ASSERT_OK(state().runs().request_cancel("r1", at(0)));
  ASSERT_TRUE(end("r1", 0));
  EXPECT_TRUE(claim(10, 9).empty());
}

TEST_P(StateConformance, AHundredThousandJobsComeInOrder) {
  constexpr int total = 100'000;
  std::vector<NewJob> jobs;
  for (int i = 0; i < total; ++i) {
    jobs.push_back(
        {.kind = "copy", .payload = std::to_string(i), .items = 1, .group = {}, .priority = i % 3});
  }
  ASSERT_OK(state().runs().create_run({.id = "r1", .kind = "k", .spec = ""}, jobs, at(0)));
  // The middle of each priority is reached by finishing what comes before it; here the first of
  // each is enough to see the order, and the rest to see that a claim stays quick under a great
  // backlog.
  int expected = 2;
  for (int i = 0; i < 100; ++i) {
    for (const Job& job : claim(0, 64)) {
      ASSERT_EQ(job.payload, std::to_string(expected));
      expected += 3;
    }
  }
  EXPECT_EQ(expected, 2 + 3 * 6400);
  EXPECT_EQ(backlog("r1").jobs, total);
}

}  // namespace dth::state::testing
