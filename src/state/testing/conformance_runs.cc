#include "state/testing/state_conformance.h"

namespace dth::state::testing {

TEST(RunStateNames, GoBothWays) {
  for (int i = 0; i <= static_cast<int>(RunState::cancelled); ++i) {
    const auto state = static_cast<RunState>(i);
    EXPECT_EQ(parse_run_state(to_string(state)), state);
  }
  EXPECT_EQ(parse_run_state("done"), std::nullopt);
}

TEST_P(StateConformance, WeightOfARunIsChangedWhileItRuns) {
  create_run("r1", 1);
  ASSERT_OK(state().runs().change_weight("r1", 7));
  EXPECT_EQ(state().runs().find_run("r1")->weight, 7);
  EXPECT_CODE(state().runs().change_weight("r1", 0), invalid_argument);
  EXPECT_CODE(state().runs().change_weight("r1", weight_max + 1), invalid_argument);
  EXPECT_CODE(state().runs().change_weight("r2", 1), not_found);
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  ASSERT_TRUE(end("r1", 2));
  EXPECT_CODE(state().runs().change_weight("r1", 1), precondition_failed);
  EXPECT_EQ(state().runs().find_run("r1")->weight, 7);
}

TEST_P(StateConformance, RunIsFoundAsItWasCreated) {
  ASSERT_OK(state().runs().create_run(
      {.id = "r1", .kind = "object_copy", .spec = R"({"source": "é"})"}, {}, at(5)));
  reopen();
  auto run = state().runs().find_run("r1");
  ASSERT_OK(run);
  EXPECT_EQ(run->id, "r1");
  EXPECT_EQ(run->kind, "object_copy");
  EXPECT_EQ(run->spec, R"({"source": "é"})");
  EXPECT_EQ(run->state, RunState::queued);
  EXPECT_EQ(run->created_at, at(5));
  EXPECT_EQ(run->ended_at, std::nullopt);
  EXPECT_EQ(run->error, "");
  EXPECT_FALSE(run->cancel_requested);
  EXPECT_TRUE(run->counts.empty());
}

TEST_P(StateConformance, RunIdIsTakenOnce) {
  create_run("r1", 2);
  EXPECT_CODE(state().runs().create_run({.id = "r1", .kind = "x", .spec = "y"},
                                        {{.kind = "copy", .payload = "p"}}, at(1)),
              already_exists);
  EXPECT_EQ(backlog("r1").jobs, 2) << "the refused run left a job";
}

TEST_P(StateConformance, CreateRunRefusesAnEmptyIdAndAGroupThatCannotBe) {
  EXPECT_CODE(state().runs().create_run({.id = "", .kind = "x", .spec = ""}, {}, at(0)),
              invalid_argument);
  EXPECT_CODE(
      state().runs().create_run({.id = "r1", .kind = "x", .spec = ""},
                                {{.kind = "copy", .payload = "p", .items = 0, .group = 7}}, at(0)),
      invalid_argument);
  EXPECT_CODE(state().runs().find_run("r1"), not_found);
}

TEST_P(StateConformance, UnknownRunIsNotFoundByAnyMethod) {
  EXPECT_CODE(state().runs().find_run("nope"), not_found);
  EXPECT_CODE(state().runs().progress("nope"), not_found);
  EXPECT_CODE(state().runs().list_runs_after("nope", 10), not_found);
  EXPECT_CODE(state().runs().request_cancel("nope", at(0)), not_found);
  EXPECT_CODE(state().runs().pause("nope"), not_found);
  EXPECT_CODE(state().runs().resume("nope"), not_found);
  EXPECT_CODE(state().jobs().backlog("nope", "copy"), not_found);
  EXPECT_CODE(state().uploads().open_uploads("nope", ""), not_found);
  EXPECT_CODE(state().records().failures("nope", 0, 10), not_found);
  EXPECT_CODE(state().records().failure_groups("nope"), not_found);
  EXPECT_CODE(state().records().segments("nope"), not_found);
}

TEST_P(StateConformance, ListRunsGivesTheNewestFirst) {
  for (int i = 0; i < 5; ++i) {
    // The clock ran ahead when r1 was created.
    ASSERT_OK(state().runs().create_run({.id = "r" + std::to_string(i), .kind = "k", .spec = ""},
                                        {}, at(i == 1 ? 1000 : 3)));
  }
  auto runs = state().runs().list_runs(3);
  ASSERT_OK(runs);
  ASSERT_EQ(runs->size(), 3u);
  EXPECT_EQ((*runs)[0].id, "r4");
  EXPECT_EQ((*runs)[1].id, "r3");
  EXPECT_EQ((*runs)[2].id, "r2");
  auto all = state().runs().list_runs(std::numeric_limits<std::size_t>::max());
  ASSERT_OK(all);
  EXPECT_EQ(all->size(), 5u);
  auto none = state().runs().list_runs(0);
  ASSERT_OK(none);
  EXPECT_TRUE(none->empty());
}

TEST_P(StateConformance, UnfinishedRunsAreFoundBehindThoseThatAreOverAndWhateverTheClockSaid) {
  ASSERT_OK(state().runs().create_run({.id = "r1", .kind = "k", .spec = ""}, {}, at(5)));
  create_run("r2", 1);
  ASSERT_OK(state().runs().create_run({.id = "r3", .kind = "k", .spec = ""}, {}, at(1000)));
  ASSERT_TRUE(end("r3", 1001));
  auto unfinished = state().runs().unfinished_runs(10);
  ASSERT_OK(unfinished);
  ASSERT_EQ(unfinished->size(), 2u);
  EXPECT_EQ((*unfinished)[0].id, "r2");
  EXPECT_EQ((*unfinished)[1].id, "r1");
  EXPECT_EQ(state().runs().unfinished_runs(1)->size(), 1u);
  ASSERT_TRUE(end("r1", 6));
  finish(claim_one(0), {.counts = count(Counter::copied, 3)});
  EXPECT_EQ(state().runs().unfinished_runs(10)->at(0).counts[Counter::copied], 3);
  ASSERT_TRUE(end("r2", 9));
  EXPECT_TRUE(state().runs().unfinished_runs(10)->empty());
}

TEST_P(StateConformance, ListRunsAfterGoesOnWhereAPageEnded) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK(state().runs().create_run({.id = "r" + std::to_string(i), .kind = "k", .spec = ""},
                                        {}, at(i == 1 ? 1000 : 3)));
  }
  auto ids = [&](const std::string& after, std::size_t count_max) {
    std::string joined;
    auto runs = state().runs().list_runs_after(after, count_max);
    EXPECT_TRUE(runs.has_value());
    if (runs.has_value()) {
      for (const auto& run : *runs) joined += run.id + " ";
    }
    return joined;
  };
  EXPECT_EQ(ids("r4", 2), "r3 r2 ");
  EXPECT_EQ(ids("r2", std::numeric_limits<std::size_t>::max()), "r1 r0 ");
  EXPECT_EQ(ids("r0", 9), "");
  EXPECT_EQ(ids("r4", 0), "");
  ASSERT_OK(state().runs().create_run({.id = "r9", .kind = "k", .spec = ""}, {}, at(100)));
  EXPECT_EQ(ids("r3", 1), "r2 ") << "a newer run changed the page";
}

TEST_P(StateConformance, APageOfRunsHasTheCountsOfThoseThatGoOn) {
  create_run("r1", 2);
  ASSERT_OK(state().runs().create_run({.id = "r2", .kind = "k", .spec = ""}, {}, at(100)));
  finish(claim_one(0), {.counts = count(Counter::copied, 3)});
  auto runs = state().runs().list_runs_after("r2", 10);
  ASSERT_OK(runs);
  ASSERT_EQ(runs->size(), 1u);
  EXPECT_EQ(runs->front().counts[Counter::copied], 3);
}

TEST_P(StateConformance, DrainedRunSucceedsAndStaysOver) {
  create_run("r1", 2);
  auto jobs = claim(0, 2);
  ASSERT_EQ(jobs.size(), 2u);
  finish(jobs[0], {.counts = count(Counter::copied, 3)});
  EXPECT_FALSE(end("r1", 8)) << "ended while a job is held";
  EXPECT_EQ(state().runs().find_run("r1")->ended_at, std::nullopt);
  finish(jobs[1], {.counts = count(Counter::copied, 4)});
  EXPECT_TRUE(end("r1", 9));
  EXPECT_FALSE(end("r1", 10));
  reopen();
  auto run = state().runs().find_run("r1");
  ASSERT_OK(run);
  EXPECT_EQ(run->state, RunState::succeeded);
  EXPECT_EQ(run->ended_at, at(9)) << "ended twice";
  EXPECT_EQ(run->counts[Counter::copied], 7);
}

TEST_P(StateConformance, DrainedRunWithAFailedItemIsCompletedWithFailures) {
  create_run("r1", 1);
  finish(claim_one(0),
         {.counts = count(Counter::failed, 1), .failures = {{.key = "k", .code = "timeout"}}});
  ASSERT_TRUE(end("r1", 9));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::completed_with_failures);
  auto failures = state().records().failures("r1", 0, 10);
  ASSERT_OK(failures);
  EXPECT_EQ(failures->size(), 1u) << "failures outlive the run";
}

TEST_P(StateConformance, DrainedRunWithAnErrorFailedAndNamesTheFirst) {
  create_run("r1", 2);
  finish(claim_one(0), {.counts = count(Counter::failed, 1), .run_error = "the bucket is gone"});
  finish(claim_one(0), {.run_error = "a consequence"});
  EXPECT_EQ(state().runs().find_run("r1")->error, "the bucket is gone");
  EXPECT_FALSE(is_over(state().runs().find_run("r1")->state))
      << "an error by itself does not end the run";
  ASSERT_TRUE(end("r1", 9));
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::failed);
  EXPECT_EQ(state().runs().find_run("r1")->error, "the bucket is gone");
}

TEST_P(StateConformance, DelayedJobKeepsItsRunGoing) {
  create_run("r1", 1);
  ASSERT_OK(state().jobs().release(claim_one(0).lease, at(1000), false));
  EXPECT_FALSE(end("r1", 1));
}

TEST_P(StateConformance, ProgressGivesCountsAndBacklogByKind) {
  ASSERT_OK(state().runs().create_run({.id = "r1", .kind = "object_copy", .spec = ""},
                                      {{.kind = "scan", .payload = "s", .items = 0},
                                       {.kind = "copy", .payload = "a", .items = 500},
                                       {.kind = "copy", .payload = "b", .items = 250}},
                                      at(0)));
  create_run("r2", 9);
  const Job scan = claim_one(0, "scan");
  ASSERT_OK(
      state().jobs().advance(scan.lease, "s2", {.counts = count(Counter::scanned, 750)}, at(1)));
  auto progress = state().runs().progress("r1");
  ASSERT_OK(progress);
  EXPECT_EQ(progress->run.id, "r1");
  EXPECT_EQ(progress->run.counts[Counter::scanned], 750);
  ASSERT_EQ(progress->backlog.size(), 2u);
  std::map<std::string, Backlog> kinds(progress->backlog.begin(), progress->backlog.end());
  EXPECT_EQ(kinds["scan"].jobs, 1) << "a held job is still to be done";
  EXPECT_EQ(kinds["scan"].items, 0);
  EXPECT_EQ(kinds["copy"].jobs, 2);
  EXPECT_EQ(kinds["copy"].items, 750);
}

}  // namespace dth::state::testing
