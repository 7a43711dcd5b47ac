// Runs that do the failed items of another run again.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;

class RetryTest : public RunFixture {
 protected:
  // An earlier run, of which these keys failed; the run is to try them again, or those that are
  // given. `not_removed`: keys of the source whose objects could not be removed from the
  // destination.
  void retry(const std::vector<std::string>& failed, const std::vector<std::string>& keys = {},
             const std::vector<std::string>& not_removed = {}) {
    state::NewJob job;
    job.kind = "any";
    const state::NewRun old{.id = "old", .kind = "object_copy", .spec = "{}"};
    ASSERT_TRUE(state->runs().create_run(old, {job}, clock.now()).has_value());
    const auto claimed = claim("any");
    ASSERT_EQ(claimed.size(), 1u);
    state::Effects effects;
    const auto fail = [&](const std::string& key, const std::string& step) {
      state::Failure failure;
      failure.key = key;
      failure.size = 3;
      failure.at = clock.now();
      failure.step = step;
      effects.failures.push_back(failure);
      effects.counts[Counter::failed] += 1;
    };
    for (const std::string& key : failed) fail(key, "");
    for (const std::string& key : not_removed) fail(key, step_remove);
    ASSERT_TRUE(state->jobs().finish(claimed.at(0).lease, effects, clock.now()).has_value());
    const auto close_job = claim(std::string(state::close_job_kind));
    ASSERT_EQ(close_job.size(), 1u);
    ASSERT_TRUE(state->runs().end_run(close_job[0].lease, clock.now()).has_value());
    slots.push_back({kind_retry, 1});
    jobs = {retry_job({"old", 0, keys})};
  }
};

TEST_F(RetryTest, TouchesOnlyWhatFailed) {
  const std::string awkward = "n\xff\n";
  for (const std::string& key : {std::string("bad"), std::string("good"), awkward})
    put(key, "bytes of " + key);
  retry({"bad", awkward});
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::selected], 2);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::proof_source_checksum], 2);
  EXPECT_EQ(destination.bytes("bad"), "bytes of bad");
  EXPECT_EQ(destination.bytes(awkward), "bytes of " + awkward);
  EXPECT_FALSE(destination.head("good"));
  EXPECT_EQ(source_requests(StoreOperation::list) + destination_requests(StoreOperation::list), 0u);
}

TEST_F(RetryTest, TakesChosenKeysOnly) {
  for (const char* key : {"a", "b", "c"}) put(key, key);
  retry({"a", "b", "c"}, {"b"});
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::selected], 1);
  EXPECT_EQ(destination.keys(), std::vector<std::string>{"b"});
}

TEST_F(RetryTest, LooksAtEachItemAfresh) {
  put("same", "bytes");
  put("changed", "new bytes");
  put("large", std::string(170, 'x'));
  destination.put("same", "bytes");
  destination.put("changed", "old bytes, of somebody");
  retry({"changed", "gone", "large", "same"});
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::scanned], 4);
  EXPECT_EQ(done.counts[Counter::selected], 4);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::unchanged], 1);
  EXPECT_EQ(done.counts[Counter::deleted_at_source], 1);
  EXPECT_EQ(destination.bytes("changed"), "new bytes") << "the condition is the ETag of today";
  EXPECT_EQ(destination.bytes("large"), source.bytes("large"));
}

TEST_F(RetryTest, WhatSomebodyElseWritesAfterTheLookIsLeftAlone) {
  put("k", "ours");
  retry({"k"});
  source.set_on_request(before(StoreOperation::get, 1, [this] { destination.put("k", "theirs"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(destination.bytes("k"), "theirs");
}

TEST_F(RetryTest, WhatFailsAgainIsAFailureOfThisRun) {
  put("bad", "bytes");
  put("good", "bytes");
  retry({"bad", "good"});
  source.set_on_request(fail_always(StoreOperation::head, "bad",
                                    Error{ErrorCode::permission_denied, "no", "AccessDenied"}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  ASSERT_EQ(failures().size(), 1u);
  EXPECT_EQ(failures()[0].key, "bad");
  EXPECT_EQ(failures()[0].detail, "AccessDenied");
}

class RetriedMirrorTest : public RetryTest {
 protected:
  RetriedMirrorTest() {
    copy.action = options::Action::sync;
    copy.deletes.percent_max = 100;
    put("in/kept", "same");
    destination.put("out/kept", "same");
    copy.source_key = "in/";
    copy.destination_key = "out/";
  }
};

// Nobody approved it for this run.
TEST_F(RetriedMirrorTest, RemovalsThatAreTriedAgainWaitForAnApprovalOfTheirOwn) {
  copy.deletes.need_approval = true;
  destination.put("out/bad", "extra");
  destination.put("out/another", "extra too, but it did not fail");
  retry({}, {}, {"in/bad"});
  start();
  enough = [this] { return state->runs().find_run("run")->state == RunState::waiting; };
  work();
  enough = [] { return false; };
  EXPECT_EQ(destination_requests(objects::StoreOperation::remove), 0u);
  EXPECT_EQ(state->runs().planned_deletions("run").value()->count, 1);
  ASSERT_TRUE(state->runs().approve_deletions("run", 1, {"alice", clock.now()}).has_value());
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 1);
  EXPECT_TRUE(destination.head("out/another").has_value());
}

TEST_F(RetriedMirrorTest, RemovalsAreTriedAgainAsRemovals) {
  destination.put("out/bad", "extra");
  destination.put("out/another", "extra too, but it did not fail");
  destination.put("out/back", "the source has it again");
  put("in/back", "again");
  put("in/copy", "bytes");
  destination.put("out/lost", "copying failed, not removing, and now the source has lost it");
  retry({"in/copy", "in/lost"}, {}, {"in/bad", "in/back", "in/gone"});
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::deleted], 1);
  EXPECT_EQ(done.counts[Counter::extra], 1);
  EXPECT_EQ(done.counts[Counter::deleted_at_source], 1);
  EXPECT_EQ(destination.keys(), (std::vector<std::string>{"out/another", "out/back", "out/copy",
                                                          "out/kept", "out/lost"}));
  EXPECT_EQ(destination.bytes("out/back"), "the source has it again")
      << "what else changed is the business of a new run";
}

TEST_F(RetriedMirrorTest, ChosenKeysOnly) {
  destination.put("out/a", "extra");
  destination.put("out/b", "extra");
  retry({}, {"in/b"}, {"in/a", "in/b"});
  EXPECT_EQ(run().counts[Counter::deleted], 1);
  EXPECT_EQ(destination.keys(), (std::vector<std::string>{"out/a", "out/kept"}));
}

TEST_F(RetriedMirrorTest, TheLimitsHold) {
  destination.put("out/a", "extra");
  destination.put("out/b", "extra");
  source.erase("in/kept");
  retry({}, {}, {"in/a", "in/b"});
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_NE(done.error.find("--allow-empty-source"), std::string::npos) << done.error;
  EXPECT_EQ(destination.keys().size(), 3u);
}

TEST_F(RetriedMirrorTest, NothingIsRemovedWhereACopyFailsAgain) {
  destination.put("out/a", "extra");
  put("in/bad", "bytes");
  source.set_on_request(fail_always(StoreOperation::get, "in/bad",
                                    Error{ErrorCode::permission_denied, "no", "AccessDenied"}));
  retry({"in/bad"}, {}, {"in/a"});
  EXPECT_EQ(run().state, RunState::failed);
  EXPECT_TRUE(destination.head("out/a"));
}

TEST_F(RetriedMirrorTest, WhatIsWrittenAfterTheListingStays) {
  destination.put("out/a", "extra");
  destination.set_on_request(
      before(StoreOperation::remove, 1, [this] { destination.put("out/a", "somebody's, new"); }));
  retry({}, {}, {"in/a"});
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(failures().at(0).step, step_remove);
  EXPECT_EQ(destination.bytes("out/a"), "somebody's, new");
}

TEST_F(RetriedMirrorTest, MoreThanItRemembersAreListedTwice) {
  tuning.extras_kept_max = 1;
  for (const char* key : {"a", "b", "c", "d"}) destination.put(std::string("out/") + key, "extra");
  retry({}, {}, {"in/a", "in/c"});
  EXPECT_EQ(run().counts[Counter::deleted], 2);
  EXPECT_EQ(destination.keys(), (std::vector<std::string>{"out/b", "out/d", "out/kept"}));
}

TEST_F(RetriedMirrorTest, MoreThanCanBeHeldSaysWhatToDo) {
  std::vector<std::string> keys;
  for (int i = 0; i < 1'000; ++i) keys.push_back("in/" + std::to_string(i));
  tuning.sort_bytes_max = 1'000;
  retry({}, {}, keys);
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_NE(done.error.find("give the sync again"), std::string::npos) << done.error;
}

TEST_F(RetryTest, ManyPagesAreCountedOnceAlsoWhenInterrupted) {
  std::vector<std::string> keys;
  for (int i = 0; i < 1'234; ++i) {
    keys.push_back("k" + std::to_string(i));
    put(keys.back(), keys.back());
  }
  retry(keys);
  start();
  // Each life of the worker ends in the middle of its work.
  int lives = 0;
  while (!is_drained()) {
    ASSERT_LT(++lives, 100);
    source.set_on_request(before(StoreOperation::get, 300, [this] { worker->request_stop(); }));
    work();
  }
  EXPECT_GT(lives, 3);
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::selected], 1'234);
  EXPECT_EQ(done.counts[Counter::copied], 1'234);
  EXPECT_EQ(lines().size(), 1'234u);
  EXPECT_EQ(destination.keys().size(), 1'234u);
}

}  // namespace
}  // namespace dth::object_copy::testing
