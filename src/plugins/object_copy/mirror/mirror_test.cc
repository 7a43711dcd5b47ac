// Runs that delete: what goes, what stays, and when nothing may go.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MirrorTest : public RunFixture {
 protected:
  MirrorTest() {
    copy.action = options::Action::sync;
    copy.deletes.percent_max = 100;
  }

  void extra(const std::string& key, const std::string& bytes = "extra") {
    destination.put(key, bytes);
  }
  // Both sides have these; the destination has so many more, "x00" on.
  void fill(int common, int extras) {
    for (int i = 0; i < common; ++i) {
      put(numbered("k", i), "same");
      destination.put(numbered("k", i), "same");
    }
    for (int i = 0; i < extras; ++i) extra(numbered("x", i));
  }
  static std::string numbered(const char* letter, int number) {
    return letter + std::to_string(100 + number);
  }
  std::uint64_t removes() const { return destination_requests(StoreOperation::remove); }
  std::map<std::string, ledger::Line> lines_by_key() {
    std::map<std::string, ledger::Line> found;
    for (const ledger::Line& line : lines()) found[line.key] = line;
    return found;
  }
  // Stops the worker every other moment until the run is over.
  void stop_again_and_again(std::uint32_t extras_kept_max) {
    fill(20, 17);
    source_options.page_size_max = destination_options.page_size_max = 4;
    tuning.batch_items_max = 2;
    tuning.scan_keys_per_step_max = 5;
    tuning.extras_kept_max = extras_kept_max;
    start();
    unsigned requests = 0, lives = 0;
    for (objects::MemoryBucket* bucket : {&source, &destination}) {
      bucket->set_on_request([&](StoreOperation, const std::string&) -> std::optional<Error> {
        if (++requests % 7 == 0) worker->request_stop();
        return std::nullopt;
      });
    }
    for (; lives < 200 && !is_drained(); ++lives) work();
    EXPECT_GT(lives, 3u);
    const state::Run done = end();
    EXPECT_EQ(done.state, RunState::succeeded) << done.error;
    EXPECT_EQ(done.counts[Counter::deleted], 17);
    EXPECT_EQ(destination.keys(), source.keys());
  }
  // Works until there are jobs that remove, and lets none of them be taken.
  void work_until_removals() {
    std::erase_if(slots, [](const engine::JobSlots& slot) { return slot.kind == kind_remove; });
    enough = [this] {
      return state->jobs().backlog("run", kind_remove).value().jobs > 0 &&
             state->jobs().backlog("run", kind_find_extra).value().jobs == 0;
    };
    work();
    slots.push_back({kind_remove, 2});
    enough = [] { return false; };
  }
};

TEST_F(MirrorTest, TheDestinationBecomesTheSource) {
  copy.source_key = "in/";
  copy.destination_key = "out/";
  put("in/new", "bytes");
  put("in/same", "bytes");
  destination.put("out/same", "bytes");
  extra("out/gone", "four");
  extra("out/gone/beneath");
  extra("elsewhere");
  extra("out", "no slash");
  const std::string etag = destination.head("out/gone")->info.etag;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_EQ(done.counts[Counter::extra], 2);
  EXPECT_EQ(done.counts[Counter::deleted], 2);
  EXPECT_THAT(destination.keys(), ElementsAre("elsewhere", "out", "out/new", "out/same"));
  const ledger::Line line = lines_by_key()["in/gone"];
  EXPECT_EQ(line.outcome, ledger::Outcome::deleted);
  EXPECT_EQ(line.destination_key, "out/gone");
  EXPECT_EQ(line.size, 4u);
  EXPECT_EQ(line.destination_etag, etag);
  EXPECT_EQ(destination_requests(StoreOperation::head), 0u);
  EXPECT_EQ(removes(), 2u);
}

TEST_F(MirrorTest, NothingExtraIsNothingToDo) {
  fill(5, 0);
  EXPECT_EQ(run().state, RunState::succeeded);
  EXPECT_EQ(removes(), 0u);
}

TEST_F(MirrorTest, CopyDeletesNothing) {
  copy.action = options::Action::copy;
  fill(5, 5);
  EXPECT_EQ(run().counts[Counter::deleted], 0);
  EXPECT_EQ(destination.size(), 10u);
}

TEST_F(MirrorTest, TheMarkerOfTheDestinationsOwnPrefixStays) {
  copy.source_key = "in/";
  copy.destination_key = "out/";
  put("in/a", "bytes");
  extra("out/", "");
  extra("out/folder/", "");
  EXPECT_EQ(run().counts[Counter::deleted], 1);
  EXPECT_THAT(destination.keys(), ElementsAre("out/", "out/a"));
}

// ----- rules

TEST_F(MirrorTest, WhatTheRulesForKeysLeaveOutIsNeverDeleted) {
  copy.selection = Selection::make({.exclude_globs = {"*.tmp"}}).value();
  put("a", "bytes");
  extra("b.tmp");
  extra("c");
  EXPECT_EQ(run().counts[Counter::deleted], 1);
  EXPECT_THAT(destination.keys(), ElementsAre("a", "b.tmp"));
}

TEST_F(MirrorTest, OnlyWhatLiesBeneathThePrefixesIsDeleted) {
  copy.source_key = "in/";
  copy.destination_key = "out/";
  copy.list = SourceList::prefixes;
  copy.prefixes = {"in/a/", "in/c", "in/none/"};
  source_options.page_size_max = destination_options.page_size_max = 2;
  for (const char* key : {"a/1", "a/2", "c/1", "elsewhere"}) put(std::string("in/") + key, "bytes");
  for (const char* key :
       {"a/1", "a/extra", "a/extra2", "b/extra", "c", "c/extra", "d", "none/extra"})
    extra(std::string("out/") + key, "bytes");
  extra("out/a/", "");  // a marker beneath a prefix is an object like others
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::extra], 6);
  EXPECT_EQ(done.counts[Counter::deleted], 6);
  EXPECT_THAT(destination.keys(),
              ElementsAre("out/a/1", "out/a/2", "out/b/extra", "out/c/1", "out/d"));
}

TEST_F(MirrorTest, BrakesAreForAllPrefixesTogether) {
  copy.list = SourceList::prefixes;
  copy.prefixes = {"a/", "b/"};
  copy.deletes.count_max = 3;
  put("a/kept", "bytes");
  for (const char* key : {"a/1", "a/2", "b/1", "b/2"}) extra(key);
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("4 objects are only there"));
  EXPECT_EQ(removes(), 0u);
}

TEST_F(MirrorTest, PrefixesAreSweptAcrossStops) {
  copy.list = SourceList::prefixes;
  copy.prefixes = {"k", "x10", "x11"};
  stop_again_and_again(3);
}

TEST_F(MirrorTest, WhatTheSourceHasIsNeverDeletedWhateverTheRules) {
  copy.selection = Selection::make({.size_max = 3}).value();
  put("large", "bytes");
  put("a", "abc");
  extra("large");
  extra("left out");  // by its size there
  destination.put("gone", "abc");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::deleted], 1);
  EXPECT_THAT(destination.keys(), ElementsAre("a", "large", "left out"));
  EXPECT_EQ(destination.bytes("large"), "extra");
}

TEST_F(MirrorTest, ASourceOfWhichTheRulesTakeNothingIsAnEmptyOne) {
  copy.selection = Selection::make({.include_globs = {"x*"}}).value();
  fill(3, 2);
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("--allow-empty-source"));
}

// ----- brakes

TEST_F(MirrorTest, MoreThanAllowedIsNotDeletedAndTheCopiesStay) {
  put("new", "bytes");
  fill(3, 6);
  copy.deletes.count_max = 5;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("6 objects"));
  EXPECT_THAT(done.error, HasSubstr("--delete-max"));
  EXPECT_EQ(removes(), 0u);
  EXPECT_EQ(destination.bytes("new"), "bytes");
  EXPECT_EQ(done.counts[Counter::extra], 6);
}

TEST_F(MirrorTest, ALargerShareThanAllowedIsNotDeleted) {
  fill(4, 6);
  copy.deletes.percent_max = 50;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("6 of its 10 objects"));
  EXPECT_EQ(removes(), 0u);
}

TEST_F(MirrorTest, AnEmptySourceDeletesNothingUnlessItMay) {
  fill(0, 3);
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("--allow-empty-source"));
  EXPECT_EQ(destination.size(), 3u);
}

TEST_F(MirrorTest, AnEmptySourceThatMayBeEmptyEmptiesTheDestination) {
  fill(0, 3);
  copy.deletes.allow_empty_source = true;
  EXPECT_EQ(run().counts[Counter::deleted], 3);
  EXPECT_EQ(destination.size(), 0u);
}

TEST_F(MirrorTest, WhereAnObjectCouldNotBeCopiedNothingIsDeleted) {
  put("bad", "bytes");
  fill(3, 2);
  source.set_on_request(
      fail_always(StoreOperation::get, "bad", Error{ErrorCode::permission_denied, "denied", ""}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("1 objects could not be copied"));
  EXPECT_THAT(done.error, HasSubstr("--delete-despite-failures"));
  EXPECT_EQ(removes(), 0u);
}

TEST_F(MirrorTest, UnlessThatIsAskedFor) {
  put("bad", "bytes");
  fill(3, 2);
  copy.deletes.despite_failures = true;
  source.set_on_request(
      fail_always(StoreOperation::get, "bad", Error{ErrorCode::permission_denied, "denied", ""}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::deleted], 2);
}

// ----- listings

// A listing that breaks off, at whatever page, of the scan or of the survey: what was not seen is
// not gone.
class MirrorBreakTest : public MirrorTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(AtPage, MirrorBreakTest,
                         ::testing::Range(1, 9));  // 4 pages by the scan, 4 by the survey

TEST_P(MirrorBreakTest, ASourceListingThatBreaksOffDeletesNothing) {
  source_options.page_size_max = 2;
  fill(7, 3);
  int pages = 0;
  source.set_on_request([&](StoreOperation operation, const std::string&) -> std::optional<Error> {
    if (operation == StoreOperation::list && ++pages >= GetParam())
      return Error{ErrorCode::permission_denied, "listing denied", ""};
    return std::nullopt;
  });
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("listing denied"));
  EXPECT_EQ(destination.size(), 10u);
  EXPECT_EQ(removes(), 0u);
}

TEST_F(MirrorTest, ADestinationListingThatBreaksOffDeletesNothing) {
  destination_options.page_size_max = 2;
  fill(3, 7);
  // The scan reads the destination no further than the source goes; the survey reads all of it.
  int pages = 0;
  destination.set_on_request(
      [&](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation == StoreOperation::list && ++pages == 7)
          return Error{ErrorCode::permission_denied, "listing denied", ""};
        return std::nullopt;
      });
  EXPECT_EQ(run().state, RunState::failed);
  EXPECT_GE(pages, 7);
  EXPECT_EQ(removes(), 0u);
}

TEST_F(MirrorTest, AnInversionDeletesNothing) {
  fill(4, 3);
  start();
  int listings = 0;
  corrupting_source().answer_list =
      [&](const objects::ListRequest&) -> std::optional<objects::ListPage> {
    if (++listings == 1) return std::nullopt;  // the scan's
    objects::ListPage page;
    for (const char* key : {"k100", "k102", "k101", "k103"})
      page.objects.push_back(source.head(key)->info);
    return page;
  };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("byte order"));
  EXPECT_EQ(removes(), 0u);
}

TEST_F(MirrorTest, ATokenThatRepeatsDeletesNothing) {
  fill(4, 3);
  start();
  int listings = 0;
  corrupting_source().answer_list =
      [&](const objects::ListRequest&) -> std::optional<objects::ListPage> {
    if (++listings == 1) return std::nullopt;
    objects::ListPage page;
    if (listings == 2) page.objects.push_back(source.head("k100")->info);
    page.truncated = true;
    page.next_token = "again";
    return page;
  };
  work();
  EXPECT_EQ(end().state, RunState::failed);
  EXPECT_EQ(removes(), 0u);
}

// ----- what changes meanwhile

class MirrorConditionTest : public MirrorTest, public ::testing::WithParamInterface<bool> {
 protected:
  MirrorConditionTest() { destination_options.limits.conditional_remove = GetParam(); }
  // The request that looks at the object for the last time.
  StoreOperation last_look() const {
    return GetParam() ? StoreOperation::remove : StoreOperation::head;
  }
};

INSTANTIATE_TEST_SUITE_P(Store, MirrorConditionTest, ::testing::Bool(), [](const auto& info) {
  return std::string(info.param ? "ThatChecks" : "ThatDoesNotCheck");
});

TEST_P(MirrorConditionTest, AnObjectWrittenSinceItWasListedIsLeftAlone) {
  fill(5, 1);
  destination.set_on_request(before(last_look(), 1, [this] { extra("x100", "written since"); }));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(destination.bytes("x100"), "written since");
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(done.counts[Counter::deleted], 0);
  EXPECT_THAT(failures().at(0).message, HasSubstr("written to since it was listed"));
  EXPECT_EQ(lines().at(0).outcome, ledger::Outcome::failed);
}

TEST_P(MirrorConditionTest, AnObjectThatSomebodyElseRemovedIsUnchanged) {
  fill(5, 1);
  destination.set_on_request(before(last_look(), 1, [this] { destination.erase("x100"); }));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::unchanged], 5 + 1);
  EXPECT_EQ(done.counts[Counter::deleted], 0);
}

TEST_P(MirrorConditionTest, ARemovalWhoseAnswerWasLostIsCountedOnce) {
  fill(5, 3);
  start();
  std::set<std::string> lost;
  corrupting_destination().lose_answer = [&](StoreOperation operation,
                                             const std::string& key) -> std::optional<Error> {
    if (operation != StoreOperation::remove || !lost.insert(key).second) return std::nullopt;
    return Error{ErrorCode::unavailable, "the answer was lost", ""};
  };
  work();
  const state::Run done = end();
  EXPECT_EQ(lost.size(), 3u);
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::deleted], 3);
  EXPECT_EQ(done.counts[Counter::retries], 3);
}

TEST_P(MirrorConditionTest, RemovalsOfADeadWorkerAreCountedOnce) {
  fill(5, 3);
  start();
  work_until_removals();
  EXPECT_EQ(claim_and_die(kind_remove).size(), 1u);
  destination.erase("x101");  // it got so far
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::deleted], 3);
  EXPECT_EQ(destination.size(), 5u);
}

TEST_P(MirrorConditionTest, AnObjectThatMayNotBeRemovedIsAFailureAndTheOthersGo) {
  fill(5, 3);
  destination.set_on_request(
      fail_always(StoreOperation::remove, "x101",
                  Error{ErrorCode::permission_denied, "denied by policy", "AccessDenied"}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::deleted], 2);
  EXPECT_EQ(failures().at(0).key, "x101");
  EXPECT_THAT(failures().at(0).message, HasSubstr("denied by policy"));
}

TEST_F(MirrorTest, AStoreThatRefusesConditionsIsLookedAtFirst) {
  fill(5, 3);
  start();
  bool refused = false;
  destination.set_on_request(
      [&](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation != StoreOperation::remove || std::exchange(refused, true))
          return std::nullopt;
        return Error{ErrorCode::unsupported, "no conditions here", "NotImplemented"};
      });
  work();
  EXPECT_EQ(end().counts[Counter::deleted], 3);
  EXPECT_GE(destination_requests(StoreOperation::head), 1u);
}

// ----- more than is kept

TEST_F(MirrorTest, WhatIsMoreThanCanBeKeptIsListedOnceMore) {
  fill(20, 17);
  source_options.page_size_max = destination_options.page_size_max = 4;
  tuning.extras_kept_max = 3;
  tuning.batch_items_max = 5;
  tuning.scan_keys_per_step_max = 6;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::extra], 17);
  EXPECT_EQ(done.counts[Counter::deleted], 17);
  EXPECT_EQ(destination.keys(), source.keys());
}

// The brakes hold for what is deleted, whatever was counted before.
TEST_F(MirrorTest, ASourceThatShrinksMeanwhileMeetsTheBrake) {
  fill(20, 8);
  source_options.page_size_max = 4;
  tuning.extras_kept_max = 3;
  tuning.batch_items_max = 4;
  tuning.scan_keys_per_step_max = 6;
  copy.deletes.count_max = 10;
  // 5 pages by the scan, 5 by the survey; then most of the source goes.
  source.set_on_request(before(StoreOperation::list, 11, [this] {
    for (int i = 1; i < 20; ++i) source.erase(numbered("k", i));
  }));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("--delete-max"));
  EXPECT_LE(done.counts[Counter::deleted], 10);
  EXPECT_EQ(done.counts[Counter::deleted], done.counts[Counter::extra]);
  EXPECT_GE(destination.size(), 18u);
}

// What a crash leaves of the second search tells how much it has handed out already, or the brakes
// would hold for the rest only.
TEST_F(MirrorTest, WhatWasHandedOutBeforeACrashCountsForTheBrakes) {
  fill(20, 17);
  source_options.page_size_max = destination_options.page_size_max = 4;
  tuning.extras_kept_max = 3;
  tuning.batch_items_max = 2;
  tuning.scan_keys_per_step_max = 3;
  copy.deletes.count_max = 17;
  std::vector<std::uint64_t> told;
  std::vector<std::int64_t> handed_out;
  destination.set_on_request(
      [&](StoreOperation operation, const std::string&) -> std::optional<Error> {
        const std::int64_t extra = state->runs().progress("run")->run.counts[Counter::extra];
        const bool is_new = extra > 0 && (handed_out.empty() || handed_out.back() != extra);
        if (operation != StoreOperation::list || !is_new) return std::nullopt;
        const std::vector<state::Job> left = claim_and_die(kind_find_extra, std::chrono::hours(1));
        if (left.size() != 1) return std::nullopt;
        told.push_back(parse_find_extra_payload(left[0].payload).value().removals);
        handed_out.push_back(extra);
        return std::nullopt;
      });
  const state::Run done = run();
  ASSERT_FALSE(told.empty());
  for (std::size_t i = 0; i < told.size(); ++i)
    EXPECT_EQ(told[i], static_cast<std::uint64_t>(handed_out[i])) << i;
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 17);
}

TEST_F(MirrorTest, ASurveyGoesOnWhereItStopped) { stop_again_and_again(1'000); }
TEST_F(MirrorTest, ASecondSearchGoesOnWhereItStopped) { stop_again_and_again(2); }

// ----- previews

TEST_F(MirrorTest, ADryRunTellsAndDeletesNothing) {
  put("new", "bytes");
  fill(20, 5);
  copy.dry_run = true;
  tuning.extras_kept_max = 3;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::extra], 5);
  EXPECT_EQ(done.counts[Counter::deleted], 0);
  EXPECT_EQ(destination.size(), 25u);
  std::vector<std::string> told;
  for (const ledger::Line& line : lines()) {
    EXPECT_EQ(line.outcome, ledger::Outcome::would_delete);
    told.push_back(line.destination_key.empty() ? line.key : line.destination_key);
  }
  EXPECT_THAT(told, ElementsAre("x100", "x101", "x102")) << "the first of them";
  EXPECT_EQ(removes() + destination_requests(StoreOperation::put), 0u);
}

TEST_F(MirrorTest, ADryRunTellsThatABrakeWouldTrip) {
  fill(3, 6);
  copy.dry_run = true;
  copy.deletes.count_max = 5;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_THAT(done.error, HasSubstr("--delete-max"));
  EXPECT_EQ(lines().size(), 6u);
}

}  // namespace
}  // namespace dth::object_copy::testing
