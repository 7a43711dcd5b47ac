// Runs that are stopped, cut off or killed in the middle of a batch: what becomes of the rest.
#include <gtest/gtest.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;

class StopTest : public RunFixture {};

TEST_F(StopTest, AStopInMidBatchHandsOnTheRest) {
  tuning.objects_in_flight_per_job_max = 1;
  for (int i = 0; i < 10; ++i) put("k" + std::to_string(i), "bytes");
  start();
  destination.set_on_request(before(StoreOperation::put, 4, [this] { worker->request_stop(); }));
  work();
  EXPECT_EQ(destination.size(), 4u) << "what was begun was finished, and nothing more";
  EXPECT_EQ(state->runs().find_run("run")->counts[Counter::copied], 4);
  EXPECT_EQ(state->jobs().backlog("run", kind_copy)->items, 6);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 10);
  EXPECT_EQ(destination_requests(StoreOperation::put), 10u);
}

// Cut off between a PUT whose answer was lost and the next try: no failure, and what is there is
// not taken for somebody else's.
TEST_F(StopTest, WhatIsCutOffInFlightIsHandedOnAsPerhapsWritten) {
  put("k", "bytes");
  start();
  corrupting_destination().lose_answer =
      [this, once = times(1)](StoreOperation, const std::string&) -> std::optional<Error> {
    if (!once()) return std::nullopt;
    worker->cancel();
    return Error{ErrorCode::unavailable, "the answer was lost", ""};
  };
  work();
  EXPECT_EQ(destination.bytes("k"), "bytes");
  EXPECT_EQ(state->jobs().backlog("run", kind_copy)->items, 1);
  EXPECT_EQ(state->runs().find_run("run")->counts[Counter::failed], 0);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 1);
}

// A worker died after its PUTs and before their record; the next one is stopped before it comes to
// them.
TEST_F(StopTest, WhatIsHandedOnMayHaveBeenWrittenByAWorkerThatDied) {
  tuning.objects_in_flight_per_job_max = 1;
  put("a", "bytes of a");
  put("b", "bytes of b");
  slots = {{kind_scan, 1}};
  enough = [this] { return state->jobs().backlog("run", kind_scan)->jobs == 0; };
  start();
  work();
  ASSERT_EQ(claim_and_die(kind_copy).size(), 1u);
  destination.put("b", "bytes of b");
  slots = {{kind_copy, 1}};
  enough = [] { return false; };
  destination.set_on_request(before(StoreOperation::put, 1, [this] { worker->request_stop(); }));
  work();
  EXPECT_EQ(state->jobs().backlog("run", kind_copy)->items, 1);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 2);
}

}  // namespace
}  // namespace dth::object_copy::testing
