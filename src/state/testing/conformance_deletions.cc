#include "state/testing/state_conformance.h"

// Deletions of a run that wait until somebody decides.
namespace dth::state::testing {
namespace {

Effects planned(std::int64_t count, int now) {
  Effects effects;
  effects.deletions = PlannedDeletions{.count = count,
                                       .destination_count = 10,
                                       .counted_at = TimePoint(std::chrono::seconds(now)),
                                       .sample_keys = {"a", std::string("b\0\xff", 3)}};
  effects.jobs.push_back({.kind = "copy", .payload = "again"});
  return effects;
}

AuditEntry by_alice() {
  AuditEntry entry;
  entry.actor_kind = ActorKind::user;
  entry.actor_name = "alice";
  entry.action = "decide";
  return entry;
}

}  // namespace

TEST_P(StateConformance, RunThatWouldDeleteWaitsForAnApprovalThatNamesTheNumber) {
  create_run("r1", 1);
  EXPECT_FALSE(state().runs().planned_deletions("r1")->has_value());
  EXPECT_CODE(state().runs().planned_deletions("none"), not_found);
  finish(claim_one(0), planned(3, 1));
  reopen();
  const state::Run waits = state().runs().find_run("r1").value();
  EXPECT_EQ(waits.state, RunState::waiting);
  ASSERT_TRUE(waits.waiting);
  EXPECT_EQ(waits.waiting->what, WaitingFor::approval);
  EXPECT_NE(waits.waiting->text.find("3 of 10 objects"), std::string::npos) << waits.waiting->text;
  auto plan = state().runs().planned_deletions("r1").value();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->count, 3);
  EXPECT_EQ(plan->destination_count, 10);
  EXPECT_EQ(plan->sample_keys, (std::vector<std::string>{"a", std::string("b\0\xff", 3)}));
  EXPECT_FALSE(plan->decision);
  EXPECT_TRUE(take(1'000'000'000, 5).empty()) << "nobody is asked to try it again";

  const AuditEntry audit = by_alice();
  EXPECT_EQ(state().runs().approve_deletions("r1", 4, {"alice", at(5)}, &audit).value(), 3);
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::waiting);
  EXPECT_TRUE(state().control().audit().list({}, {}, 9)->empty());

  EXPECT_EQ(state().runs().approve_deletions("r1", 3, {"alice", at(5)}, &audit).value(), 3);
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  EXPECT_EQ(state().runs().find_run("r1")->epoch, waits.epoch + 1);
  plan = state().runs().planned_deletions("r1").value();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->decision, DeletionDecision::approved);
  EXPECT_EQ(plan->decided_by, "alice");
  EXPECT_EQ(state().control().audit().list({}, {}, 9)->size(), 1u);
  EXPECT_EQ(state().runs().approve_deletions("r1", 3, {"bob", at(6)}, &audit).value(), 3);
  EXPECT_EQ(state().runs().approve_deletions("r1", 2, {"bob", at(6)}, &audit).value(), 3);
  EXPECT_EQ(state().control().audit().list({}, {}, 9)->size(), 1u) << "nothing changed";
  EXPECT_CODE(state().runs().reject_deletions("r1", "", {"bob", at(7)}, &audit),
              precondition_failed);
  EXPECT_EQ(claim_one(1'000'000'000).payload, "again");
}

TEST_P(StateConformance, DeletionsThatAreApprovedAlreadyDoNotWaitAndMoreDo) {
  create_run("r1", 1);
  finish(claim_one(0), planned(3, 1));
  ASSERT_OK(state().runs().approve_deletions("r1", 3, {"alice", at(5)}));
  finish(claim_one(1'000), planned(2, 6));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  EXPECT_EQ(state().runs().planned_deletions("r1").value()->count, 3) << "what was approved";
  finish(claim_one(1'000), planned(4, 7));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::waiting);
  EXPECT_EQ(state().runs().planned_deletions("r1").value()->count, 4);
  EXPECT_FALSE(state().runs().planned_deletions("r1").value()->decision);
}

TEST_P(StateConformance, DeletionsAreWithdrawnWithTheirApproval) {
  create_run("r1", 1);
  finish(claim_one(0), planned(3, 1));
  ASSERT_OK(state().runs().approve_deletions("r1", 3, {"alice", at(5)}));
  finish(claim_one(1'000), planned(0, 6));
  EXPECT_FALSE(state().runs().planned_deletions("r1")->has_value());
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  EXPECT_CODE(state().runs().approve_deletions("r1", 3, {"alice", at(7)}), precondition_failed);
  finish(claim_one(1'000), planned(3, 8));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::waiting) << "asked again";
}

TEST_P(StateConformance, RejectedDeletionsCancelTheRun) {
  create_run("r1", 1);
  finish(claim_one(0), planned(3, 1));
  const AuditEntry audit = by_alice();
  ASSERT_OK(state().runs().reject_deletions("r1", "too many", {"alice", at(5)}, &audit));
  EXPECT_EQ(state().control().audit().list({}, {}, 9)->size(), 1u);
  const auto plan = state().runs().planned_deletions("r1").value();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->decision, DeletionDecision::rejected);
  EXPECT_EQ(plan->comment, "too many");
  EXPECT_CODE(state().runs().approve_deletions("r1", 3, {"alice", at(6)}), precondition_failed);
  EXPECT_CODE(state().runs().resume("r1"), precondition_failed);
  EXPECT_TRUE(take(1'000, 5).empty());
  EXPECT_TRUE(end("r1", 2'000));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::cancelled);
  const auto warnings = state().records().warnings("r1").value();
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("alice rejected the deletion of 3 objects (too many)"),
            std::string::npos)
      << warnings[0];
}

TEST_P(StateConformance, PausedResumedOrCancelledRunsKeepTheirDeletionsUndecided) {
  create_run("r1", 1);
  finish(claim_one(0), planned(3, 1));
  ASSERT_OK(state().runs().pause("r1"));
  ASSERT_OK(state().runs().approve_deletions("r1", 3, {"alice", at(5)}));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::paused) << "approved, not resumed";
  ASSERT_OK(state().runs().resume("r1"));
  const Job job = claim_one(1'000);
  ASSERT_OK(state().runs().pause("r1"));
  finish(job, planned(5, 6));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::paused);
  ASSERT_OK(state().runs().resume("r1"));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running) << "it counts again";
  ASSERT_OK(state().runs().request_cancel("r1", at(7)));
  EXPECT_FALSE(state().runs().planned_deletions("r1")->has_value()) << "nobody decides any more";
  EXPECT_CODE(state().runs().approve_deletions("r1", 5, {"alice", at(8)}), precondition_failed);
}

TEST_P(StateConformance, DeletionsOfACancelledRunAreNotPlanned) {
  create_run("r1", 1);
  const Job job = claim_one(0);
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  finish(job, planned(3, 2));
  EXPECT_FALSE(state().runs().planned_deletions("r1")->has_value());
  EXPECT_TRUE(end("r1", 100));
}

}  // namespace dth::state::testing
