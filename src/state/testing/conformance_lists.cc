// Pages of runs and failures, series of points, and who steered a run.
#include "state/testing/state_conformance.h"

namespace dth::state::testing {
namespace {

NewRun new_run(const std::string& id, const std::string& action, const std::string& source) {
  return {.id = id,
          .kind = "object_copy",
          .spec = "{}",
          .action = action,
          .source = source,
          .destination = "s3://to"};
}

// The ids of all pages of `size`, separated by spaces; a "|" between pages.
std::string pages(RunLists& lists, const RunFilter& filter, const RunOrder& order,
                  std::size_t size) {
  std::string text;
  std::optional<RunPosition> after;
  for (int page = 0; page < 20; ++page) {
    auto runs = lists.runs(filter, order, after, size);
    if (runs.has_error()) return runs.error().to_string();
    if (page > 0 && !runs->empty()) text += "|";
    for (const ListedRun& listed : *runs) text += listed.run.id + " ";
    if (runs->size() < size) break;
    after = runs->back().position;
  }
  return text;
}

}  // namespace

TEST_P(StateConformance, RunsAreListedByFilterAndOrder) {
  auto& runs = state().runs();
  ASSERT_OK(runs.create_run(new_run("a", "COPY", "s3://Photos/2026"), {}, at(1)));
  ASSERT_OK(runs.create_run(new_run("b", "SYNC", "s3://logs"), {}, at(2)));
  ASSERT_OK(runs.create_run(new_run("c", "COPY", "s3://photos/50%_off"), {}, at(3)));
  ASSERT_OK(runs.create_run(new_run("d", "VERIFY", "/home"), {}, at(4)));
  ASSERT_OK(runs.pause("d"));
  ASSERT_TRUE(end("b", 10));
  ASSERT_TRUE(end("a", 20));
  auto& lists = state().control().run_lists();
  const auto list = [&](const RunFilter& filter, const RunOrder& order = {}) {
    return pages(lists, filter, order, 3);
  };
  EXPECT_EQ(list({}), "d c b |a ");
  EXPECT_EQ(list({}, {.descending = false}), "a b c |d ");
  EXPECT_EQ(list({}, {.field = RunOrder::Field::ended}), "d c a |b ") << "not over: the latest";
  EXPECT_EQ(list({}, {.field = RunOrder::Field::ended, .descending = false}), "b a c |d ");
  EXPECT_EQ(list({.states = {RunState::succeeded, RunState::paused}}), "d b a ");
  EXPECT_EQ(list({.actions = {"COPY"}}), "c a ");
  EXPECT_EQ(list({.kinds = {"image_copy"}}), "");
  EXPECT_EQ(list({.kinds = {"x", "y", "object_copy"}, .actions = {"COPY"}}), "c a ");
  EXPECT_EQ(list({.text = "PHOTOS"}), "c a ");
  EXPECT_EQ(list({.text = "50%_"}), "c ") << "no wildcards";
  EXPECT_EQ(list({.text = "%"}), "c ");
  EXPECT_EQ(list({.text = std::string("a\0b", 3)}), "");
  EXPECT_EQ(list({.created_from = at(2), .created_before = at(4)}), "c b ");
  EXPECT_EQ(list({.states = {RunState::succeeded}, .actions = {"SYNC"}, .text = "s3://to"}), "b ");
  EXPECT_EQ(lists.count({.actions = {"COPY"}}).value(), 2);
  EXPECT_EQ(lists.count({}).value(), 4);
}

TEST_P(StateConformance, RunsThatAreCreatedMeanwhileMoveNoPage) {
  for (int i = 0; i < 4; ++i)
    ASSERT_OK(state().runs().create_run(new_run("r" + std::to_string(i), "COPY", "s"), {}, at(i)));
  auto& lists = state().control().run_lists();
  auto first = lists.runs({}, {}, std::nullopt, 2);
  ASSERT_OK(first);
  ASSERT_OK(state().runs().create_run(new_run("late", "COPY", "s"), {}, at(9)));
  auto second = lists.runs({}, {}, first->back().position, 2);
  ASSERT_OK(second);
  ASSERT_EQ(second->size(), 2u);
  EXPECT_EQ(second->at(0).run.id + second->at(1).run.id, "r1r0");
}

TEST_P(StateConformance, PreviousRunDidTheSameWorkToItsEnd) {
  const auto create = [&](const std::string& id, const std::string& work) {
    NewRun run = new_run(id, "COPY", "s");
    run.identity = work;
    ASSERT_OK(state().runs().create_run(run, {}, at(0)));
  };
  create("first", "w");
  ASSERT_TRUE(end("first", 1));
  create("other", "v");
  ASSERT_TRUE(end("other", 1));
  create("cancelled", "w");
  ASSERT_OK(state().runs().request_cancel("cancelled", at(2)));
  ASSERT_TRUE(end("cancelled", 2));
  create("now", "w");
  create("alone", "");
  create("alone, too", "");
  auto& lists = state().control().run_lists();
  auto previous = lists.previous("now");
  ASSERT_OK(previous);
  ASSERT_TRUE(previous->has_value());
  EXPECT_EQ((*previous)->id, "first");
  EXPECT_FALSE(lists.previous("first")->has_value());
  EXPECT_FALSE(lists.previous("alone, too")->has_value());
  EXPECT_CODE(lists.previous("nope"), not_found);
}

TEST_P(StateConformance, TotalsAreThoseOfRunsThatEndedSince) {
  create_run("r1", 1);
  create_run("r2", 1);
  create_run("r3", 0);
  Effects good, bad;
  good.counts = count(Counter::copied, 5);
  bad.counts = count(Counter::failed, 1);
  for (const Job& job : claim(0, 2)) finish(job, job.run == "r1" ? good : bad);
  ASSERT_TRUE(end("r1", 100));
  ASSERT_TRUE(end("r2", 110));
  auto totals = state().control().run_lists().totals(at(50));
  ASSERT_OK(totals);
  EXPECT_EQ(totals->runs, 2);
  EXPECT_EQ(totals->with_failures, 1);
  EXPECT_EQ(totals->counts[Counter::copied], 5);
  EXPECT_EQ(state().control().run_lists().totals(at(105))->runs, 1);
}

TEST_P(StateConformance, FailuresAreListedByGroupAndText) {
  create_run("r1", 1);
  Effects effects;
  const auto fail = [&](const std::string& key, const std::string& code, const std::string& reason,
                        const std::string& message) {
    effects.failures.push_back({.key = key,
                                .code = code,
                                .reason = reason,
                                .message = message,
                                .at = at(static_cast<int>(effects.failures.size()) / 2)});
  };
  fail("a/1", "not_found", "object_missing", "gone");
  fail("a/2", "throttled", "", "Slow down");
  fail("b\xff/1", "not_found", "object_missing", "gone, too");
  fail("b\xff/2", "not_found", "", "404");
  finish(claim_one(0), effects);
  auto& lists = state().control().run_lists();
  const auto keys = [&](const FailureFilter& filter) {
    std::string text;
    std::optional<FailurePosition> after;
    for (;;) {
      auto page = lists.failures("r1", filter, after, 1);
      if (page.has_error()) return page.error().to_string();
      if (page->empty()) return text;
      text += page->front().failure.key + " ";
      after = page->front().position;
    }
  };
  EXPECT_EQ(keys({}), "a/1 a/2 b\xff/1 b\xff/2 ");
  EXPECT_EQ(keys({.code = "not_found", .reason = "object_missing", .step = ""}), "a/1 b\xff/1 ");
  EXPECT_EQ(keys({.reason = "throttled"}), "a/2 ") << "without a reason: the code";
  EXPECT_EQ(keys({.key_prefix = "b\xff"}), "b\xff/1 b\xff/2 ");
  EXPECT_EQ(keys({.key_prefix = "b\xff/2"}), "b\xff/2 ");
  EXPECT_EQ(keys({.key_prefix = "\xff"}), "");
  EXPECT_EQ(keys({.key_prefix = std::string(2'000, 'a')}), "");
  EXPECT_EQ(keys({.text = "slow"}), "a/2 ");
  EXPECT_CODE(lists.failures("nope", {}, std::nullopt, 1), not_found);
}

TEST_P(StateConformance, SeriesAreAddedUpByStepAndBounded) {
  create_run("r1", 0);
  auto& series = state().control().run_series();
  const TimePoint hour{std::chrono::hours(500'000)};
  const auto sample = [&](std::chrono::seconds after, std::int64_t bytes) {
    return SeriesSample{"r1", {.at = hour + after, .bytes = bytes, .items = 1}};
  };
  using std::chrono::seconds;
  ASSERT_OK(series.add({sample(seconds(1), 15), sample(seconds(1), 5), sample(seconds(61), 1)}));
  ASSERT_OK(series.add({sample(seconds(2), 100), sample(seconds(1), 7), {"unknown", {}}}));
  const auto points = [&](SeriesStep step) {
    std::string text;
    auto all = series.points("r1", step, hour, hour + std::chrono::hours(1));
    if (all.has_error()) return all.error().to_string();
    for (const SeriesPoint& point : *all) {
      const auto after = std::chrono::duration_cast<seconds>(point.at - hour).count();
      text += std::to_string(after) + ":" + std::to_string(point.bytes) + " ";
    }
    return text;
  };
  EXPECT_EQ(points(SeriesStep::second), "1:15 2:100 61:1 ");
  EXPECT_EQ(points(SeriesStep::minute), "0:115 60:1 ");
  EXPECT_EQ(points(SeriesStep::hour), "0:116 ");
  ASSERT_OK(series.add({sample(seconds(602), 1)}));
  EXPECT_EQ(points(SeriesStep::second), "61:1 602:1 ") << "ten minutes are kept";
  EXPECT_EQ(points(SeriesStep::minute), "0:115 60:1 600:1 ");
  EXPECT_CODE(series.points("nope", SeriesStep::hour, hour, hour), not_found);
}

TEST_P(StateConformance, KeysLongerThanTheirIndexAreFound) {
  create_run("r1", 1);
  const std::string shared(1'500, '\xff');
  Effects effects;
  for (const std::string& key : {shared + "a", shared + "b"})
    effects.failures.push_back({.key = key, .code = "not_found", .at = at(1)});
  finish(claim_one(0), effects);
  auto& lists = state().control().run_lists();
  auto found = lists.failures("r1", {.key_prefix = shared + "b"}, std::nullopt, 10);
  ASSERT_OK(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().failure.key, shared + "b");
  EXPECT_EQ(lists.failures("r1", {.key_prefix = shared}, std::nullopt, 10)->size(), 2u);
}

TEST_P(StateConformance, SeriesOfRunsThatAreOverAreSweptByAge) {
  create_run("over", 0);
  create_run("later", 0);
  auto& series = state().control().run_series();
  const TimePoint hour{std::chrono::hours(500'000)};
  const auto add = [&](const std::string& run, std::chrono::seconds after) {
    ASSERT_OK(series.add({{run, {.at = hour + after, .bytes = 1}}}));
  };
  const auto points = [&] {
    std::string text;
    for (const SeriesStep step : {SeriesStep::second, SeriesStep::minute, SeriesStep::hour}) {
      auto all = series.points("over", step, hour, hour + std::chrono::hours(1));
      text += all.has_error() ? all.error().to_string() : std::to_string(all->size()) + " ";
    }
    return text;
  };
  add("over", std::chrono::seconds(1));
  EXPECT_EQ(points(), "1 1 1 ");
  add("later", std::chrono::minutes(11));
  EXPECT_EQ(points(), "0 1 1 ");
  add("later", std::chrono::hours(25));
  EXPECT_EQ(points(), "0 0 1 ");
  add("later", std::chrono::hours(24 * 91));
  EXPECT_EQ(points(), "0 0 0 ");
}

TEST_P(StateConformance, WhatChangesNothingIsNotWrittenDown) {
  AuditEntry entry;
  entry.at = at(1);
  entry.action = "x";
  const auto audited = [&] { return state().control().audit().list({}, std::nullopt, 10)->size(); };
  auto& runs = state().runs();
  ASSERT_OK(runs.create_run(new_run("ending", "COPY", "s"), {}, at(0)));
  take_close(0);
  EXPECT_CODE(runs.request_cancel("ending", at(2), &entry), precondition_failed);
  EXPECT_FALSE(runs.find_run("ending")->cancel_requested);
  EXPECT_EQ(audited(), 0u) << "it comes too late";
  ASSERT_OK(runs.create_run(new_run("r1", "COPY", "s"), {{.kind = "copy", .payload = ""}}, at(0)));
  ASSERT_OK(runs.resume("r1", &entry));
  EXPECT_EQ(audited(), 0u) << "it is not paused";
  for (int i = 0; i < 2; ++i) ASSERT_OK(runs.pause("r1", &entry));
  EXPECT_EQ(audited(), 1u);
  for (int i = 0; i < 2; ++i) ASSERT_OK(runs.request_cancel("r1", at(1), &entry));
  EXPECT_EQ(audited(), 2u);
}

TEST_P(StateConformance, SteeringARunThroughTheHubIsWrittenDown) {
  const auto audited = [&] {
    std::string text;
    auto list = state().control().audit().list({}, std::nullopt, 10);
    if (list.has_error()) return list.error().to_string();
    for (const AuditRecord& record : *list) text += record.action + " ";
    return text;
  };
  AuditEntry entry;
  const auto named = [&](const char* action) {
    entry.action = action;
    entry.at = at(1);
    return &entry;
  };
  ASSERT_OK(state().runs().create_run(new_run("r1", "COPY", "s"), {{.kind = "copy", .payload = ""}},
                                      at(0), named("create")));
  ASSERT_OK(state().runs().pause("r1", named("pause")));
  ASSERT_OK(state().runs().resume("r1", named("resume")));
  ASSERT_OK(state().runs().request_cancel("r1", at(1), named("cancel")));
  EXPECT_CODE(state().runs().pause("r1", named("refused")), precondition_failed);
  EXPECT_CODE(state().runs().create_run(new_run("r1", "COPY", "s"), {}, at(0), named("refused")),
              already_exists);
  EXPECT_CODE(state().workers().drain("nobody", named("refused")), not_found);
  EXPECT_EQ(audited(), "cancel resume pause create ");
}

}  // namespace dth::state::testing
