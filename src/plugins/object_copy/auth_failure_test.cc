// Credentials that come to their end in the middle of a run: it stops, and goes on with others
// where it stopped.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::HasSubstr;

const Error expired{ErrorCode::unauthenticated, "the session has expired", "ExpiredToken"};

class AuthFailureTest : public RunFixture {
 protected:
  // From the `first`-th request on (from 1) nobody is let in.
  static objects::MemoryBucket::RequestHook lock_from(int first, int* seen) {
    return [=](StoreOperation, const std::string&) -> std::optional<Error> {
      if (++*seen < first) return std::nullopt;
      return expired;
    };
  }
  void fill() {
    for (int i = 0; i < 4; ++i) put("small" + std::to_string(i), "bytes");
    put("large", std::string(170, 'l'));
  }
};

TEST_F(AuthFailureTest, AtTheSourceNothingFails) {
  fill();
  start();
  int seen = 0;
  source.set_on_request(lock_from(3, &seen));
  work();
  ASSERT_TRUE(halted);
  EXPECT_EQ(halted->detail, "ExpiredToken");
  const state::Run stopped = state->runs().find_run("run").value();
  EXPECT_FALSE(is_over(stopped.state));
  EXPECT_EQ(stopped.counts[Counter::failed], 0);
  EXPECT_EQ(stopped.error, "");
}

TEST_F(AuthFailureTest, NotEachObjectIsTriedInVain) {
  for (int i = 0; i < 500; ++i) put("k" + std::to_string(i), "bytes");
  tuning.objects_in_flight_per_job_max = 8;
  start();
  int seen = 0;
  source.set_on_request(lock_from(2, &seen));  // after its listing
  work();
  ASSERT_TRUE(halted);
  EXPECT_LE(seen, 1 + 8 * 2) << "two jobs with eight in flight each";
}

// Each stretch of the run meets the end of the credentials, on either side.
class AuthFailureAt : public AuthFailureTest,
                      public ::testing::WithParamInterface<std::tuple<bool, int>> {};

TEST_P(AuthFailureAt, TheRunGoesOnWithOthers) {
  const auto [at_source, first] = GetParam();
  objects::MemoryBucket& locked = at_source ? source : destination;
  fill();
  start();
  int seen = 0;
  locked.set_on_request(lock_from(first, &seen));
  work();
  EXPECT_EQ(halted.has_value(), seen >= first);
  locked.set_on_request({});
  work();
  EXPECT_FALSE(halted);
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 5);
  for (const std::string& key : source.keys())
    EXPECT_EQ(destination.bytes(key), source.bytes(key)) << key;
  EXPECT_TRUE(destination.open_uploads().empty());
}

TEST_P(AuthFailureAt, ARunThatVerifiesGoesOnWithOthers) {
  const auto [at_source, first] = GetParam();
  objects::MemoryBucket& locked = at_source ? source : destination;
  copy.action = options::Action::verify;
  if (first % 2 == 0) copy.verify.method = VerifyMethod::read_back;
  for (int i = 0; i < 8; ++i) {
    put("k" + std::to_string(i), "bytes");
    destination.put("k" + std::to_string(i), "bytes");
  }
  start();
  int seen = 0;
  locked.set_on_request(lock_from(first, &seen));
  work();
  EXPECT_EQ(halted.has_value(), seen >= first);
  EXPECT_EQ(state->runs().find_run("run")->counts[Counter::failed], 0);
  locked.set_on_request({});
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::matched], 8);
}

TEST_P(AuthFailureAt, ARunThatDeletesGoesOnWithOthers) {
  const auto [at_source, first] = GetParam();
  objects::MemoryBucket& locked = at_source ? source : destination;
  copy.action = options::Action::sync;
  copy.deletes.percent_max = 100;
  destination_options.limits.conditional_remove = first % 2 == 0;
  put("kept", "bytes");
  for (int i = 0; i < 8; ++i) destination.put("x" + std::to_string(i), "bytes");
  start();
  int seen = 0;
  locked.set_on_request(lock_from(first, &seen));
  work();
  EXPECT_EQ(halted.has_value(), seen >= first);
  EXPECT_EQ(state->runs().find_run("run")->counts[Counter::failed], 0);
  locked.set_on_request({});
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 8);
  EXPECT_EQ(destination.keys(), source.keys());
}

INSTANTIATE_TEST_SUITE_P(AnyRequest, AuthFailureAt,
                         ::testing::Combine(::testing::Bool(), ::testing::Range(1, 14)));

// A destination that is full, from one of its writes on.
class FullFrom : public AuthFailureTest, public ::testing::WithParamInterface<int> {};

TEST_P(FullFrom, TheRunStopsAndGoesOnOnceThereIsSpace) {
  fill();
  start();
  int writes = 0;
  bool full = true;
  destination.set_on_request([&](StoreOperation operation,
                                 const std::string&) -> std::optional<Error> {
    const bool writing =
        operation == StoreOperation::put || operation == StoreOperation::create_upload ||
        operation == StoreOperation::upload_part || operation == StoreOperation::complete_upload;
    if (!writing || ++writes < GetParam() || !full) return std::nullopt;
    return Error{ErrorCode::permission_denied, ErrorReason::destination_full, "no space", "ENOSPC"};
  });
  work();
  ASSERT_TRUE(halted);
  EXPECT_EQ(halted->reason, ErrorReason::destination_full);
  const state::Run stopped = state->runs().find_run("run").value();
  EXPECT_FALSE(is_over(stopped.state));
  EXPECT_EQ(stopped.counts[Counter::failed], 0);
  full = false;
  work();
  EXPECT_FALSE(halted);
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 5);
  for (const std::string& key : source.keys())
    EXPECT_EQ(destination.bytes(key), source.bytes(key)) << key;
  EXPECT_TRUE(destination.open_uploads().empty());
}

INSTANTIATE_TEST_SUITE_P(AnyWrite, FullFrom, ::testing::Range(1, 10));

TEST_F(AuthFailureTest, AFullDestinationIsNotTriedInVainForEachObject) {
  for (int i = 0; i < 500; ++i) put("k" + std::to_string(i), "bytes");
  tuning.objects_in_flight_per_job_max = 8;
  start();
  int puts = 0;
  destination.set_on_request([&](StoreOperation operation,
                                 const std::string&) -> std::optional<Error> {
    if (operation != StoreOperation::put) return std::nullopt;
    ++puts;
    return Error{ErrorCode::permission_denied, ErrorReason::destination_full, "no space", "ENOSPC"};
  });
  work();
  ASSERT_TRUE(halted);
  EXPECT_LE(puts, 8 * 2) << "two jobs with eight in flight each";
}

}  // namespace
}  // namespace dth::object_copy::testing
