// Stores that go away in the middle of a run.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::HasSubstr;

enum class Side { source, destination };

class OutageRunTest : public RunFixture {
 protected:
  OutageRunTest() {
    outlasts = true;
    for (int i = 0; i < 30; ++i) put("small" + std::to_string(i), "bytes");
    put("large", std::string(170, 'l'));
  }

  // From the `first`-th request on (from 1) nothing answers, for `time`.
  void go_away(Side side, int first, Duration time) {
    objects::MemoryBucket& bucket = side == Side::source ? source : destination;
    bucket.set_on_request(
        [this, first, time](StoreOperation, const std::string&) -> std::optional<Error> {
          if (++seen_ == first) back_at_ = clock.monotonic_now() + time;
          if (seen_ < first || clock.monotonic_now() >= back_at_) return std::nullopt;
          return Error{ErrorCode::unavailable, ErrorReason::unreachable, "connection refused", ""};
        });
  }

  int seen_ = 0;
  MonotonicTime back_at_{};
};

// Each stretch of the run meets the outage, on either side.
class OutageAt : public OutageRunTest,
                 public ::testing::WithParamInterface<std::tuple<bool, int>> {};

TEST_P(OutageAt, NothingFailsAndTheRunGoesOnByItself) {
  const auto [at_source, first] = GetParam();
  start();
  go_away(at_source ? Side::source : Side::destination, first, std::chrono::minutes(12));
  const MonotonicTime began = clock.monotonic_now();
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 31);
  EXPECT_TRUE(failures().empty());
  if (seen_ >= first) {
    EXPECT_GE(clock.monotonic_now() - began, std::chrono::minutes(12));
  }
  for (const std::string& key : source.keys())
    EXPECT_EQ(destination.bytes(key), source.bytes(key)) << key;
  EXPECT_TRUE(destination.open_uploads().empty());
}

INSTANTIATE_TEST_SUITE_P(AnyRequest, OutageAt,
                         ::testing::Combine(::testing::Bool(),
                                            ::testing::Values(1, 2, 3, 5, 20, 31, 33, 34, 35, 36,
                                                              37, 38, 39, 40)));

TEST_F(OutageRunTest, AStoreThatStaysAwayStopsTheRunAndNoObjectFails) {
  start();
  go_away(Side::destination, 10, std::chrono::hours(48));
  const MonotonicTime began = clock.monotonic_now();
  work();
  ASSERT_TRUE(halted) << "its items are not tried without end";
  EXPECT_TRUE(is_given_up(*halted)) << halted->to_string();
  EXPECT_LT(clock.monotonic_now() - began, std::chrono::minutes(16));
  EXPECT_THAT(outages.given_up().value_or(""), HasSubstr("destination cannot be reached since "));
  const state::Run stopped = state->runs().find_run("run").value();
  EXPECT_EQ(stopped.state, RunState::waiting);
  EXPECT_EQ(stopped.error, "");
  EXPECT_EQ(stopped.counts[Counter::failed], 0);
}

TEST_F(OutageRunTest, AVerificationWaitsToo) {
  copy.action = options::Action::verify;
  for (const std::string& key : source.keys()) destination.put(key, source.bytes(key).value());
  start();
  go_away(Side::destination, 12, std::chrono::minutes(5));
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::matched], 31);
}

TEST_F(OutageRunTest, RemovalsWaitToo) {
  copy.action = options::Action::sync;
  copy.deletes.percent_max = 100;
  for (int i = 0; i < 20; ++i) destination.put("x" + std::to_string(i), "bytes");
  start();
  go_away(Side::destination, 60, std::chrono::minutes(5));
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 20);
  EXPECT_EQ(destination.keys(), source.keys());
}

// One object that the store cannot give is that object's failure, though nothing else is under way
// any more.
TEST_F(OutageRunTest, AnObjectThatFailsAloneFails) {
  start();
  source.set_on_request(
      fail_always(StoreOperation::get, "small7", Error{ErrorCode::unavailable, "HTTP 503", ""}));
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(done.counts[Counter::copied], 30);
  EXPECT_EQ(failures().at(0).attempts, 8);
}

}  // namespace
}  // namespace dth::object_copy::testing
