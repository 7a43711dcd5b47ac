// Runs that do the failed items of another run again.
#include <gmock/gmock.h>

#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::Counter;
using state::RunState;

class RetryTest : public RunFixture {
 protected:
  // An earlier run, of which these keys failed; the run is to try them again, or those that are given.
  void retry(const std::vector<std::string>& failed, const std::vector<std::string>& keys = {}) {
    state::NewJob job;
    job.kind = "any";
    ASSERT_TRUE(state->create_run({"old", "object_copy", "{}"}, {job}, clock.now()).has_value());
    state::ClaimRequest claim;
    claim.worker = "w";
    claim.run = "old";
    claim.kind = "any";
    claim.now = clock.now();
    claim.lease_until = clock.now() + std::chrono::seconds(60);
    auto claimed = state->claim(claim);
    ASSERT_TRUE(claimed.has_value());
    state::Effects effects;
    for (const std::string& key : failed) {
      state::Failure failure;
      failure.key = key;
      failure.size = 3;
      failure.at = clock.now();
      effects.failures.push_back(failure);
      effects.counts[Counter::failed] += 1;
    }
    ASSERT_TRUE(state->finish(claimed->at(0).lease, effects, clock.now()).has_value());
    ASSERT_TRUE(state->end_run_if_drained("old", clock.now()).value());
    slots.push_back({kind_retry, 1});
    jobs = {retry_job({"old", 0, keys})};
  }
};

TEST_F(RetryTest, TouchesOnlyWhatFailed) {
  const std::string awkward = "n\xff\n";
  for (const std::string& key : {std::string("bad"), std::string("good"), awkward}) put(key, "bytes of " + key);
  retry({"bad", awkward});
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::selected], 2);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::proof_declared], 2);
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
  EXPECT_EQ(done.counts[Counter::skipped], 1);
  EXPECT_EQ(done.counts[Counter::vanished], 1);
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
  source.set_on_request(fail_always(StoreOperation::head, "bad", Error{ErrorCode::permission_denied, "no", "AccessDenied"}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  ASSERT_EQ(failures().size(), 1u);
  EXPECT_EQ(failures()[0].key, "bad");
  EXPECT_EQ(failures()[0].detail, "AccessDenied");
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
  while (!state->progress("run")->backlog.empty()) {
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
